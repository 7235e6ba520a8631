"""Several sources below one answer: each once, many in one line."""

from datetime import date

from bot.rulebook.citing import cite, cite_all
from bot.rulebook.load import find_rule

TODAY = date(2026, 11, 29)


def test_few_are_told_in_full() -> None:
    rules = [find_rule(each, TODAY) for each in ("develop.probation", "develop.oath")]
    assert list(cite([*rules, rules[0]])) == [each.citation for each in rules]


def test_many_are_one_line_that_owns_to_doubt() -> None:
    ids = ("term.branch", "develop.oath", "develop.talk", "develop.review")
    rules = [find_rule(each, TODAY) for each in ids]
    (line,) = cite(rules)
    assert line.startswith(f"依据：{rules[0].place}；{rules[1].place} 等 4 处")
    assert "请以正式文件为准" in line
    assert "“依据”" in line
    assert list(cite_all([*rules, *rules])) == [each.citation for each in rules]


def test_what_is_certain_is_not_called_in_doubt() -> None:
    ids = ("term.branch", "life.meeting", "meeting.group", "meeting.assembly")
    certain = [find_rule(each, TODAY) for each in ids]
    assert all("请以" not in line for line in cite(certain))
