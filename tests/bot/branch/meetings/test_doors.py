"""At the door: the minute's code, two meetings at once, midnight, the day's roll."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.branch.meetings import (
    attendees,
    calls,
    codes,
    doors,
    minutes,
    resolutions,
    speeches,
    turnout,
)
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.plans import Plan
from bot.branch.meetings.quorum import Votes
from bot.branch.notices.notices import Desk
from bot.branch.people.members import Category
from bot.branch.people.tree import find_branch
from bot.errors import Refusal
from bot.storage.database import Storage
from tests.conftest import ZONE
from tests.people import BRANCH, find_member

NOW = datetime(2026, 3, 2, 9, tzinfo=ZONE)
AT = datetime(2026, 3, 4, 14, tzinfo=ZONE)
MINUTE = timedelta(minutes=1)


def call(
    session: Session, at: datetime = AT, kind: Kind = Kind.GENERAL, **more: object
) -> Meeting:
    branch = find_branch(session, BRANCH)
    assert branch
    secretary = find_member(session, "赵敏")
    plan = Plan(kind, branch.id, at, host=secretary.id, **more)  # type: ignore[arg-type]
    meeting, _ = calls.call(session, Desk(secretary, branch), plan, NOW)
    return meeting


def test_a_code_is_good_for_its_minute_and_the_next(storage: Storage) -> None:
    with storage.write() as session:
        meeting = call(session)
        code = codes.code_of(meeting, AT)
        assert doors.find_by_code([meeting], code, AT) is meeting
        assert doors.find_by_code([meeting], code, AT + MINUTE) is meeting
        with pytest.raises(Refusal, match="已经过了"):
            doors.find_by_code([meeting], code, AT + 2 * MINUTE)
        assert doors.find_by_code([meeting], "12a4", AT) is None


def test_a_code_stands_from_the_minute_to_the_next(storage: Storage) -> None:
    last = MINUTE - timedelta(seconds=1)
    with storage.write() as session:
        meeting = call(session)
        for at in (AT + MINUTE * number for number in range(3)):
            code = codes.code_of(meeting, at)
            assert codes.code_of(meeting, at + last) == code
            assert codes.code_of(meeting, at + MINUTE) != code


def test_two_meetings_at_once_have_codes_of_their_own(storage: Storage) -> None:
    with storage.write() as session:
        found = [call(session), call(session, kind=Kind.LECTURE)]
        for each in found:
            code = codes.code_of(each, AT)
            assert doors.find_by_code(found, code, AT) is each


def test_a_meeting_over_midnight_is_of_the_day_it_began(storage: Storage) -> None:
    late = datetime(2026, 3, 4, 23, tzinfo=ZONE)
    with storage.write() as session:
        meeting = call(session, late)
        after = late + timedelta(hours=1, minutes=30)
        assert doors.sign_in(
            session, meeting, find_member(session, "王芳"), "text", after
        )
        assert not doors.sign_in(
            session, meeting, find_member(session, "王芳"), "text", after
        )
        wangfang = find_member(session, "王芳")
        person = turnout.find_person(session, meeting, wangfang.id, after)
        assert person
        assert person.state == "late"
        with pytest.raises(Refusal, match="散会"):
            doors.sign_in(
                session,
                meeting,
                find_member(session, "李伟"),
                "text",
                late + timedelta(hours=4),
            )


def test_who_turns_full_later_has_no_vote_on_that_day(storage: Storage) -> None:
    with storage.write() as session:
        meeting = call(session)
        hexue = find_member(session, "何雪")
        assert turnout.figures(session, meeting, NOW).voters == 5
        hexue.full_member_since = AT.date() + timedelta(days=1)
        hexue.category = Category.FULL
        attendees.renew(session, meeting, AT)
        assert turnout.figures(session, meeting, AT).voters == 5
        hexue.full_member_since = AT.date()
        attendees.renew(session, meeting, AT)
        assert turnout.figures(session, meeting, AT).voters == 6
        attendees.renew(session, meeting, AT + timedelta(days=2))
        hexue.full_member_since = None
        hexue.category = Category.PROBATIONARY
        attendees.renew(session, meeting, AT + timedelta(days=2))
        assert turnout.figures(session, meeting, AT).voters == 6, "the day is over"


def test_who_joins_before_the_day_is_expected_and_who_leaves_is_not(
    storage: Storage,
) -> None:
    with storage.write() as session:
        meeting = call(session)
        find_member(session, "刘洋").state = "left"
        attendees.renew(session, meeting, AT)
        assert turnout.figures(session, meeting, AT).expected == 5


def test_a_group_calls_its_own(storage: Storage) -> None:
    with storage.write() as session:
        group = find_branch(session, "第一党小组")
        assert group
        branch = find_branch(session, BRANCH)
        assert branch
        secretary = find_member(session, "赵敏")
        plan = Plan(Kind.GROUP, group.id, AT)
        meeting, told = calls.call(session, Desk(secretary, branch), plan, NOW)
        assert told == 2
        assert turnout.figures(session, meeting, NOW).expected == 2


def test_minutes_of_one_meeting_by_two_hands(storage: Storage) -> None:
    """What both write stands once; a resolution is not voted on twice."""
    with storage.write() as session:
        number = call(session).id
    with storage.write() as session:
        meeting = session.get_one(Meeting, number)
        people = [find_member(session, name).id for name in ("赵敏", "陈静", "王芳")]
        doors.mark(session, meeting, people, "paper", AT)
        secretary = find_member(session, "赵敏")
        assert speeches.add(session, meeting, None, "学得实", secretary, AT)
        resolutions.resolve(session, meeting, "通过计划", Votes(3), secretary, AT)
    with storage.write() as session:
        meeting = session.get_one(Meeting, number)
        other = find_member(session, "陈静")
        assert not speeches.add(session, meeting, None, "学得实", other, AT)
        with pytest.raises(Refusal, match="已经记过"):
            resolutions.resolve(session, meeting, "通过计划", Votes(2), other, AT)
        with pytest.raises(Refusal, match="选举"):
            resolutions.resolve(session, meeting, "选举支委", Votes(3), other, AT)
        assert len(resolutions.of_meeting(session, meeting)) == 1


def test_another_signs_where_the_host_is_away(storage: Storage) -> None:
    with storage.write() as session:
        meeting = call(session)
        secretary, other = find_member(session, "赵敏"), find_member(session, "陈静")
        doors.mark(session, meeting, [other.id], "paper", AT)
        minutes.send(session, meeting, other, AT)
        minutes.change_host(session, meeting, other, secretary, AT)
        with pytest.raises(Refusal, match="陈静主持"):
            minutes.sign(session, meeting, secretary, AT)
        minutes.sign(session, meeting, other, AT)
        with pytest.raises(Refusal, match="锁定"):
            speeches.add(session, meeting, None, "补一句", other, AT)
        minutes.reopen(session, meeting, secretary, "票数记错", AT)
        assert speeches.add(session, meeting, None, "补一句", other, AT)
        steps = [step.step for _, step in minutes.steps(session, meeting)]
        assert steps == ["sent", "host", "signed", "reopened"]
