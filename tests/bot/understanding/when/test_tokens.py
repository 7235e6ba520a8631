"""Words of time are looked for only where one may begin; none is lost by that."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.when.beginnings import beginnings
from bot.understanding.when.phrases import LEXER
from bot.understanding.when.words import clean

EXPRESSIONS = Path(__file__).parent / "expressions.tsv"
LABELLED = Path(__file__).parents[3] / "understanding" / "labelled.tsv"
IN_RULES = sorted({char for rule in LEXER.rules for char in rule.pattern})
ANY_RULE = re.compile(
    "|".join(re.sub(r"\(\?P<\w+>", "(?:", rule.pattern) for rule in LEXER.rules)
)


def same(text: str) -> bool:
    """Whether the same is found where every rule is tried at every place."""
    words = clean(text).text
    found = [(each.start, each.end) for each in LEXER.tokens(words)]
    return found == [hit.span() for hit in ANY_RULE.finditer(words)]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("明[天日]", "明"),
        ("(?:大?后|前)天", "大后前"),
        (r"(?<!第)\d{1,2}[号日]", "0123456789"),
        ("(?:的|之)?(?P<way>内)", "的之内"),
        ("[^号]天", None),
        ("天?", None),
    ],
)
def test_what_a_pattern_begins_with(pattern: str, found: str | None) -> None:
    assert beginnings(pattern) == (None if found is None else set(found))


@pytest.mark.thorough
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
