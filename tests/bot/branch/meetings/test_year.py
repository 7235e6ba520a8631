"""The year's meter counts what was held, where, and of which group; nothing else."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.branch.meetings import calls, digest, doors, frequency, meetings
from bot.branch.meetings.frequency import Line
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.plans import Plan
from bot.branch.meetings.voters import committee
from bot.branch.notices.notices import Desk
from bot.branch.people.members import Role, grant
from bot.branch.people.tree import find_branch, plant
from tests.conftest import ZONE
from tests.people import BRANCH, GROUP, OTHER_BRANCH, THIRD_BRANCH, find_member

NOW = datetime(2026, 7, 20, 9, tzinfo=ZONE)


def held(
    session: Session,
    kind: Kind,
    month: int,
    *came: str,
    of: str = BRANCH,
    day: int = 10,
    year: int = 2026,
) -> Meeting:
    branch = find_branch(session, of)
    assert branch
    secretary = find_member(session, "赵敏")
    at = datetime(year, month, day, 14, tzinfo=ZONE)
    plan = Plan(kind, branch.id, at, host=secretary.id, late=True)
    meeting = calls.record(session, Desk(secretary, branch), plan, NOW)
    people = [find_member(session, each).id for each in came]
    doors.mark(session, meeting, people, "paper", NOW)
    return meeting


def lines(session: Session, year: int = 2026, of: str = BRANCH) -> Mapping[Kind, Line]:
    branch = find_branch(session, of)
    assert branch
    return {
        each.kind: each for each in frequency.check_year(session, branch, year, NOW)
    }


def test_a_meeting_counts_where_and_when_it_was_held(session: Session) -> None:
    held(session, Kind.GENERAL, 1, "赵敏", day=31)
    held(session, Kind.GENERAL, 4, "赵敏", day=1)
    held(session, Kind.GENERAL, 5)  # nobody was there
    held(session, Kind.GENERAL, 12, "赵敏", day=31, year=2025)
    held(session, Kind.GENERAL, 6, "孙丽", of=OTHER_BRANCH)
    assert (lines(session)[Kind.GENERAL].held, lines(session)[Kind.GENERAL].due) == (
        2,
        4,
    )
    assert lines(session)[Kind.GENERAL].missing == ()
    assert lines(session, 2025)[Kind.GENERAL].held == 1
    assert lines(session, 2025)[Kind.GENERAL].missing == (3, 6, 9)
    assert lines(session, of=OTHER_BRANCH)[Kind.GENERAL].held == 1
    assert lines(session, of=OTHER_BRANCH)[Kind.GENERAL].missing == (3,)


def test_months_that_are_over_are_missed_and_this_one_is_not(session: Session) -> None:
    held(session, Kind.COMMITTEE, 2, "赵敏", "陈静")
    held(session, Kind.COMMITTEE, 6, "赵敏")
    line = lines(session)[Kind.COMMITTEE]
    assert (line.held, line.due, line.missing) == (2, 12, (1, 3, 4, 5))
    assert lines(session)[Kind.LIFE_MEETING].missing == ()
    assert lines(session, 2025)[Kind.LIFE_MEETING].missing == (12,)
    held(session, Kind.LIFE_MEETING, 8, "赵敏", year=2025)
    assert lines(session, 2025)[Kind.LIFE_MEETING].missing == ()
    assert lines(session, 2025)[Kind.APPRAISAL].missing == (12,)


def test_each_group_lacks_its_own_months(session: Session) -> None:
    branch = find_branch(session, BRANCH)
    second = plant(session, "第二党小组", branch)
    find_member(session, "李伟").branch_id = second.id
    plant(session, "别处党小组", find_branch(session, OTHER_BRANCH))
    held(session, Kind.GROUP, 5, "王芳", of=GROUP)
    held(session, Kind.GROUP, 6, "李伟", of="第二党小组")
    line = lines(session)[Kind.GROUP]
    assert (line.held, line.due) == (2, 24)
    assert line.missing == (1, 2, 3, 4, 5, 6)
    late = [each for each in line.lacking if each[0] >= 5]
    assert late == [(5, "第二党小组"), (6, GROUP)]


def test_what_does_not_apply_lacks_nothing_and_says_why(session: Session) -> None:
    other = lines(session, of=THIRD_BRANCH)
    assert not other[Kind.COMMITTEE].applies
    assert not other[Kind.GROUP].applies
    assert (other[Kind.GROUP].missing, other[Kind.GROUP].due) == ((), 0)
    assert "没有分党小组" in digest.say_line(other[Kind.GROUP])
    assert "没有设支委会" in digest.say_line(other[Kind.COMMITTEE])
    assert lines(session)[Kind.COMMITTEE].applies
    assert lines(session)[Kind.GROUP].applies


def test_the_committee_is_who_holds_office_in_this_branch(session: Session) -> None:
    branch = find_branch(session, BRANCH)
    other = find_branch(session, OTHER_BRANCH)
    assert branch
    assert other
    grant(session, find_member(session, "孙丽"), Role.SECRETARY, other)
    grant(session, find_member(session, "王芳"), Role.LEADER, branch)
    gone = find_member(session, "邵棠")
    grant(session, gone, Role.COMMITTEE, branch)
    assert committee(session, branch.id) == sorted(
        find_member(session, each).id for each in ("赵敏", "陈静")
    )


def test_meetings_of_a_span_are_the_branch_s_and_below_and_not_called_off(
    session: Session,
) -> None:
    branch = find_branch(session, BRANCH)
    assert branch
    first = held(session, Kind.GENERAL, 3, day=10)
    last = held(session, Kind.GROUP, 3, day=12, of=GROUP)
    gone = held(session, Kind.LECTURE, 3, day=11)
    gone.state = meetings.State.CANCELLED
    held(session, Kind.GENERAL, 3, day=11, of=OTHER_BRANCH)
    span = (first.starts_at, last.starts_at)
    assert meetings.within(session, branch, *span) == [first]
    span = (first.starts_at, last.starts_at + timedelta(seconds=1))
    assert meetings.within(session, branch, *span) == [first, last]
    every = meetings.within(session, branch, *span, cancelled=True)
    assert every == [first, gone, last]


def test_the_number_of_a_meeting_is_of_its_kind_branch_and_year(
    session: Session,
) -> None:
    held(session, Kind.GENERAL, 12, year=2025)
    held(session, Kind.GENERAL, 1, day=1)
    held(session, Kind.LECTURE, 2)
    held(session, Kind.GENERAL, 2, of=OTHER_BRANCH)
    gone = held(session, Kind.GENERAL, 2)
    gone.state = meetings.State.CANCELLED
    mine = held(session, Kind.GENERAL, 3)
    held(session, Kind.GENERAL, 4)
    assert meetings.ordinal(session, mine, NOW) == 2


def test_what_is_missing_is_said_as_it_is_due(session: Session) -> None:
    said = {kind: digest.say_line(line) for kind, line in lines(session).items()}
    assert said[Kind.GENERAL].endswith("已开 0 次；缺 第一季度、第二季度")
    assert said[Kind.COMMITTEE].endswith("缺 1月、2月、3月、4月、5月、6月")
    past = {kind: digest.say_line(line) for kind, line in lines(session, 2025).items()}
    assert past[Kind.LIFE_MEETING].endswith("缺 全年一次")
    few = past[Kind.GROUP].partition("缺 ")[2]
    assert few.count("、") == 7
    assert few.endswith("8月第一党小组等 12 次")
