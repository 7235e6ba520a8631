"""No number, article or date in the rules that the fact sheet does not give."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from bot.rulebook.load import load_shipped
from bot.rulebook.rule import DOUBTS, NO_TEXT, Rule
from bot.rulebook.wording import load_wording
from tests.bot.rulebook.transcript import (
    EDITIONS,
    PARTY_CONSTITUTION_SINCE,
    TRANSCRIPT,
)

RULES = {rule.id: rule for rule in load_shipped()}
LINES = {
    line.split(" | ")[0]: [cell.strip() for cell in f"{line} ".split(" | ")[1:]]
    for line in TRANSCRIPT.strip().splitlines()
}
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def numbers_of(rule: Rule) -> Iterator[Decimal]:
    for value in rule.value.values():
        yield from _numbers(value)
    for found in re.findall(r"\d+(?:\.\d+)?", rule.text):
        yield Decimal(found)


def _numbers(value: object) -> Iterator[Decimal]:
    if isinstance(value, tuple):
        for each in value:
            yield from _numbers(each)
    elif isinstance(value, date):
        yield from map(Decimal, (value.year, value.month, value.day))
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield Decimal(value)


def test_every_rule_is_in_the_transcript() -> None:
    assert set(RULES) == set(LINES)


@every_rule
def test_articles_and_numbers_are_those_of_the_transcript(rule: Rule) -> None:
    article, confidence, *numbers = LINES[rule.id]
    assert (rule.article or "-", rule.confidence) == (article, confidence)
    allowed = {Decimal(number) for number in " ".join(numbers).split()}
    assert set(numbers_of(rule)) == allowed


@every_rule
def test_a_text_is_cited_with_its_own_date(rule: Rule) -> None:
    since, dated = EDITIONS[rule.edition]
    found = rule.in_force_from.isoformat() if rule.in_force_from else None
    if rule.edition == "《中国共产党章程》" and rule.topic.startswith("政治生日"):
        since = PARTY_CONSTITUTION_SINCE
    assert (found, rule.dated) == (since, dated)
    assert rule.in_force_to is None
    assert rule.source
    assert rule.scope


@every_rule
def test_the_citation_says_how_sure_it_is(rule: Rule) -> None:
    if not rule.edition:
        assert rule.citation == NO_TEXT
        return
    assert rule.citation.startswith(f"依据：{rule.edition}{rule.article or ''}")
    assert rule.citation.endswith(DOUBTS[rule.confidence])
    assert (DOUBTS[rule.confidence] == "") == (rule.confidence == "A")


@every_rule
def test_an_answer_fits_one_screen(rule: Rule) -> None:
    assert len(rule.text) + len(rule.citation) < 260
    assert "{" not in rule.text


def test_what_is_from_memory_is_switched_off() -> None:
    for rule in RULES.values():
        assert rule.enabled == (rule.confidence != "C")


@every_rule
def test_what_a_rule_is_about_is_more_than_one_plain_character(rule: Rule) -> None:
    read = load_wording().read
    for words in rule.about:
        marked = [read(word) for word in words]
        assert all(marked)
        assert len(marked) > 1 or len(marked[0]) > 1 or marked[0] >= "\ue000"


def test_the_sample_citation() -> None:
    assert RULES["meeting.assembly"].citation == (
        "依据：《中国共产党支部工作条例（试行）》第十一条（2018年10月28日起施行）"
    )
    assert RULES["develop.publicity"].citation == (
        "依据：《中国共产党发展党员工作细则》第十三条（2026年5月11日起施行）"
        "（据公开转载的全文，请以正式文件为准）"
    )


def test_numbers_of_a_value_are_asked_for_by_name() -> None:
    wage = RULES["dues.wage"]
    assert wage.decimal("above") == 2
    with pytest.raises(TypeError, match=r"dues\.wage: steps"):
        wage.decimal("steps")
    with pytest.raises(KeyError):
        wage.decimal("below")
    assert RULES["study.hours"].steps == ()
