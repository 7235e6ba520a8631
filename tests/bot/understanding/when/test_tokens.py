"""Words of time are looked for only where one may begin; none is lost by that."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.when.phrases import LEXER
from bot.understanding.when.words import clean

EXPRESSIONS = Path(__file__).parent / "expressions.tsv"
LABELLED = Path(__file__).parents[3] / "understanding" / "labelled.tsv"
IN_RULES = sorted({char for rule in LEXER.rules for char in rule.pattern} | {"T"})


def same(text: str) -> bool:
    words = clean(text).text
    found = [(each.start, each.end) for each in LEXER.tokens(words)]
    every = LEXER.tokens_by_every_rule(words)
    return found == [(each.start, each.end) for each in every]


def test_of_what_people_say_none_is_lost() -> None:
    texts = [
        line
        for path in (EXPRESSIONS, LABELLED)
        for line in path.read_text("utf-8").splitlines()
    ]
    assert [text for text in texts if not same(text)] == []


@given(st.text(st.sampled_from(IN_RULES), max_size=12))
def test_of_what_rules_are_made_of_none_is_lost(text: str) -> None:
    assert same(text)
