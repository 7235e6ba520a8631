"""The arithmetic of who must be there, and of what is passed."""

from datetime import date

import pytest

from bot.branch.meetings.kinds import Kind, Matter, find_kind, matter_of
from bot.branch.meetings.leaves import DUTY, OWN, SICK, sort_of
from bot.branch.meetings.quorum import Votes, decide, judge, needed
from bot.branch.meetings.turnout import Figures

DAY = date(2026, 6, 3)


def figures(voters: int, here: int) -> Figures:
    return Figures(voters, here, voters, here, here, 0, 0, 0)


@pytest.mark.parametrize(
    ("kind", "matter", "voters", "need"),
    [
        (Kind.GENERAL, Matter.ORDINARY, 10, 5),
        (Kind.GENERAL, Matter.ORDINARY, 9, 5),
        (Kind.GENERAL, Matter.ADMISSION, 10, 6),
        (Kind.GENERAL, Matter.ADMISSION, 9, 5),
        (Kind.GENERAL, Matter.ELECTION, 12, 10),
        (Kind.GENERAL, Matter.ELECTION, 10, 8),
        (Kind.GENERAL, Matter.ELECTION, 11, 9),
        (Kind.COMMITTEE, Matter.ORDINARY, 3, 2),
        (Kind.COMMITTEE, Matter.ADMISSION, 5, 3),
    ],
)
def test_how_many_must_be_there(
    kind: Kind, matter: Matter, voters: int, need: int
) -> None:
    quorum = needed(kind, matter, voters, DAY)
    assert quorum
    assert quorum.need == need
    assert judge(kind, matter, figures(voters, need - 1), DAY) is not None
    short = judge(kind, matter, figures(voters, need - 1), DAY)
    enough = judge(kind, matter, figures(voters, need), DAY)
    assert short
    assert not short.met
    assert "还差 1 人" in str(short)
    assert enough
    assert enough.met
    assert quorum.rules[0].citation


def test_just_half_is_told_to_be_doubtful() -> None:
    quorum = judge(Kind.GENERAL, Matter.ORDINARY, figures(10, 5), DAY)
    assert quorum
    assert quorum.met
    assert "正好一半" in str(quorum)


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.LECTURE, Kind.THEME_DAY])
def test_where_no_rule_asks_nothing_is_asked(kind: Kind) -> None:
    assert needed(kind, Matter.ORDINARY, 10, DAY) is None
    assert judge(kind, Matter.ORDINARY, figures(10, 1), DAY) is None


@pytest.mark.parametrize(
    ("matter", "votes", "voters", "passed"),
    [
        (Matter.ORDINARY, Votes(6), 10, True),
        (Matter.ORDINARY, Votes(5, 0, 5), 10, False),
        (Matter.ORDINARY, Votes(5, 0, 0, written_for=3), 10, False),
        (Matter.ADMISSION, Votes(5, 0, 1, written_for=1), 10, True),
        (Matter.ADMISSION, Votes(4, 1, 0, written_for=0), 9, False),
        (Matter.ADMISSION, Votes(5), 9, True),
    ],
)
def test_the_whole_is_all_who_have_a_vote(
    matter: Matter, votes: Votes, voters: int, *, passed: bool
) -> None:
    outcome = decide(Kind.GENERAL, matter, votes, voters, DAY)
    assert outcome.passed is passed


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("周三下午两点在301开支部大会", Kind.GENERAL),
        ("明天支委会", Kind.COMMITTEE),
        ("下周一开第一党小组会", Kind.GROUP),
        ("上党课", Kind.LECTURE),
        ("12月10日主题党日", Kind.THEME_DAY),
        ("开组织生活会", Kind.LIFE_MEETING),
        ("年底民主评议", Kind.APPRAISAL),
    ],
)
def test_a_kind_is_read(said: str, kind: Kind) -> None:
    found = find_kind(said)
    assert found
    assert found[0] == kind


def test_what_is_voted_on_is_read() -> None:
    assert matter_of("讨论何雪转正") == Matter.ADMISSION
    assert matter_of("接收李军为预备党员") == Matter.ADMISSION
    assert matter_of("支委会换届选举") == Matter.ELECTION
    assert matter_of("通过年度工作计划") == Matter.ORDINARY


def test_a_reason_tells_its_sort() -> None:
    assert sort_of("我发烧了") == SICK
    assert sort_of("孩子发烧了") == OWN
    assert sort_of("要去监考") == DUTY
    assert sort_of("家里有事") == OWN
