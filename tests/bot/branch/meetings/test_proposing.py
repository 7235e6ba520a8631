"""What a year still lacks is proposed on days that are free, and nothing else is."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.branch.meetings import proposing, school, year_plan
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.proposing import Proposal
from bot.branch.people.tree import Branch, find_branch
from tests.conftest import ZONE
from tests.people import BRANCH, OTHER_BRANCH, find_member

NOW = datetime(2026, 10, 20, 9, tzinfo=ZONE)
WEDNESDAY = 2


def place(session: Session, name: str = BRANCH) -> Branch:
    found = find_branch(session, name)
    assert found
    return found


def close(
    session: Session, name: str, first: date, last: date, of: str = BRANCH
) -> None:
    by = find_member(session, "赵敏")
    school.put(session, place(session, of), name, first, last, by, NOW)


def plan(session: Session, month: int, kind: Kind, of: str = BRANCH) -> None:
    lines = [year_plan.Line(month, kind)]
    year_plan.add(session, place(session, of), 2026, lines, None, NOW)


def propose(
    session: Session, year: int = 2026, without: Collection[Kind] = (), of: str = BRANCH
) -> Proposal:
    branch = place(session, of)
    return proposing.propose(session, branch, year, WEDNESDAY, without, NOW)


def told(proposal: Proposal, kind: Kind) -> list[tuple[int, str]]:
    lines = [each for each in proposal.lines if each.kind == kind]
    return [(each.month, f"{each.day:%m-%d}" if each.day else "") for each in lines]


def test_each_kind_has_its_week_and_a_month_all_away_no_day(session: Session) -> None:
    close(session, "考试周", date(2026, 11, 4), date(2026, 11, 4))
    close(session, "寒假", date(2026, 12, 1), date(2026, 12, 31))
    close(session, "校庆", date(2026, 10, 21), date(2026, 10, 21), OTHER_BRANCH)
    found = propose(session)
    assert told(found, Kind.COMMITTEE) == [(10, "10-21"), (11, "11-11"), (12, "")]
    assert told(found, Kind.THEME_DAY) == [(10, "10-21"), (11, "11-18"), (12, "")]
    assert told(found, Kind.GROUP) == [(10, "10-28"), (11, "11-25"), (12, "")]
    assert told(found, Kind.GENERAL) == [(11, "11-25")], "of a quarter's last months"
    assert told(found, Kind.LIFE_MEETING) == told(found, Kind.APPRAISAL) == [(12, "")]
    assert told(found, Kind.LECTURE) == []
    months = [each.month for each in found.lines]
    assert months == sorted(months)
    assert {each.kind: each.whom for each in found.lines if each.month == 10} == {
        Kind.COMMITTEE: "支部委员",
        Kind.THEME_DAY: "全体党员",
        Kind.GROUP: "各党小组",
    }


def test_what_is_planned_here_is_not_proposed(session: Session) -> None:
    plan(session, 11, Kind.THEME_DAY)
    plan(session, 10, Kind.GENERAL)
    plan(session, 12, Kind.THEME_DAY, OTHER_BRANCH)
    found = propose(session, without=(Kind.COMMITTEE,))
    assert told(found, Kind.THEME_DAY) == [(10, "10-21"), (12, "12-09")]
    assert told(found, Kind.GENERAL) == told(found, Kind.COMMITTEE) == []
    assert "meeting.committee" not in {each.id for each in found.rules}
    assert {each.id for each in found.rules} == {
        "meeting.group",
        "meeting.party_day",
        "life.meeting",
        "life.appraisal",
    }


def test_days_that_are_likely_off_are_left_until_the_notice_is_out(
    session: Session,
) -> None:
    found = propose(session, 2027)
    days = dict(told(found, Kind.COMMITTEE))
    assert (days[5], days[9], days[10]) == ("05-12", "09-01", "10-13")
    assert told(found, Kind.GENERAL) == [
        (3, "03-24"),
        (6, "06-30"),
        (9, "09-29"),
        (12, "12-22"),
    ]


def test_where_the_notice_is_out_it_says_what_is_worked(session: Session) -> None:
    """2023-10-07 was a Saturday, and worked; in a year to come it is likely off."""
    saturday, begun = 5, datetime(2023, 1, 1, tzinfo=ZONE)
    branch = place(session)
    found = proposing.propose(session, branch, 2023, saturday, (), begun)
    assert dict(told(found, Kind.COMMITTEE))[10] == "10-07"


def test_without_a_committee_or_groups_those_are_left_out(session: Session) -> None:
    found = propose(session, of=OTHER_BRANCH)
    assert {each.kind for each in found.left_out} == {Kind.COMMITTEE, Kind.GROUP}
    assert not {each.kind for each in found.lines} & {Kind.COMMITTEE, Kind.GROUP}


def test_no_day_that_is_over_is_proposed(session: Session) -> None:
    late = NOW.replace(day=30)
    found = proposing.propose(
        session, place(session, BRANCH), 2026, WEDNESDAY, (), late
    )
    days = [each.day for each in found.lines if each.month == late.month]
    assert days
    assert all(day is None or day >= late.date() for day in days)
