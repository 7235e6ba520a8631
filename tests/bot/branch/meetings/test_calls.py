"""A call moved keeps all that was planned; a record of an earlier day has its list."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.meetings import attendees, calls, doors, minutes, turnout
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.plans import Plan
from bot.branch.notices import notices
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk, Notice
from bot.branch.people.audience import Audience
from bot.branch.people.tree import find_branch
from bot.errors import Refusal
from bot.storage.database import Storage
from tests.bot.branch.meetings.test_doors import AT, NOW, call
from tests.conftest import ZONE
from tests.people import BRANCH, find_member


def desk(session: Session) -> Desk:
    branch = find_branch(session, BRANCH)
    assert branch
    return Desk(find_member(session, "赵敏"), branch)


def record(session: Session, at: datetime, *, sits_in: tuple[str, ...]) -> Meeting:
    people = tuple(find_member(session, each).id for each in sits_in)
    own = desk(session)
    plan = Plan(
        Kind.COMMITTEE,
        own.branch.id,
        at,
        host=own.author.id,
        sits_in=people,
        late=True,
    )
    return calls.record(session, own, plan, NOW)


def test_a_record_of_an_earlier_day_lists_who_was_to_come(storage: Storage) -> None:
    with storage.write() as session:
        meeting = record(session, NOW - timedelta(days=5), sits_in=("王芳",))
        assert turnout.figures(session, meeting, NOW).expected == 2
        wangfang = find_member(session, "王芳").id
        assert attendees.observers(session, meeting) == (wangfang,)


@pytest.mark.parametrize("field", ["recorder", "sits_in", "name", "place"])
def test_what_is_changed_of_a_call_is_kept(storage: Storage, field: str) -> None:
    with storage.write() as session:
        meeting = call(session, kind=Kind.COMMITTEE)
        other = find_member(session, "李伟").id
        changes = {
            "recorder": other,
            "sits_in": (other,),
            "name": "支委扩大会",
            "place": "302",
        }
        plan = calls.plan_of(session, meeting, NOW)
        changed = Plan(**{**plan.__dict__, field: changes[field]})
        told = calls.move(session, desk(session), meeting, changed, NOW)
        assert calls.plan_of(session, meeting, NOW) == changed
        assert bool(told) == (field != "recorder"), "who records concerns nobody else"
        with pytest.raises(Refusal, match="没有改"):
            calls.move(session, desk(session), meeting, changed, NOW)


def test_a_meeting_without_an_end_is_open_three_hours(storage: Storage) -> None:
    with storage.write() as session:
        call(session)
        later = call(session, AT + timedelta(hours=5), Kind.LECTURE)
        assert doors.all_open(session, AT + timedelta(hours=5)) == [later]


def test_signed_on_its_own_day_it_is_no_late_entry(storage: Storage) -> None:
    """Called in the evening, held after midnight: Beijing's days are not UTC's."""
    at = datetime(2026, 3, 3, 7, 30, tzinfo=ZONE)
    with storage.write() as session:
        number = call(session, at).id
    with storage.write() as session:
        meeting = session.get_one(Meeting, number)
        secretary = find_member(session, "赵敏")
        doors.mark(session, meeting, [secretary.id], "paper", at)
        minutes.send(session, meeting, secretary, at + timedelta(hours=2))
        minutes.sign(session, meeting, secretary, at + timedelta(days=3))
        assert not meeting.late_entry


def test_a_notice_is_the_call_of_its_own_meeting_or_of_none(session: Session) -> None:
    for meeting in (call(session), call(session, kind=Kind.LECTURE)):
        assert meeting.notice_id
        notice = notices.find(session, meeting.notice_id)
        assert calls.meeting_of(session, notice) is meeting
        calls.cancel(session, desk(session), meeting, "", NOW)
        correction = session.scalars(
            select(Notice).where(Notice.corrects == notice.id)
        ).one()
        assert calls.meeting_of(session, correction) is meeting
    own = desk(session)
    draft = Draft("周五植树", Audience(own.branch.id))
    assert not calls.is_call(session, notices.publish(session, own, draft, NOW))
