"""Who comes to a meeting since its call, and who no longer: each of them told alone.

Nobody else is written to: that a neighbour comes changes nothing of one's own evening.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.meetings import attendees, leaves, meetings
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.plans import Plan
from bot.branch.notices import additions, notices
from bot.branch.notices.notices import Desk, Notice
from bot.branch.people.members import Member
from bot.message import Text
from bot.outbox import Importance, Window


@dataclass(frozen=True)
class Change:
    """Who was added to a call, and who was taken out of it, by number."""

    added: Collection[int]
    removed: Collection[int]


def change(
    session: Session, desk: Desk, meeting: Meeting, plan: Plan, now: datetime
) -> Change:
    """Have a meeting's list follow a plan; return who is new in it, and who is not.

    Whoever asked leave and is taken out has nothing to be on leave from any more.
    """
    before = set(attendees.called(session, meeting))
    attendees.set_people(session, meeting, plan, desk.author.id, now)
    attendees.renew(session, meeting, now)
    after = set(attendees.called(session, meeting))
    for number in before - after:
        leaves.withdraw(session, meeting.id, number)
    return Change(sorted(after - before), sorted(before - after))


def tell(
    session: Session, desk: Desk, meeting: Meeting, changed: Change, now: datetime
) -> int:
    """Call who was added, and tell who was taken out; return how many that are."""
    if meeting.notice_id is None:
        return 0
    call = notices.find(session, meeting.notice_id)
    told = additions.add(session, call, desk, changed.added, now)
    return told + _tell_removed(session, meeting, call, changed.removed, now)


def mark(session: Session, meeting: Meeting, changed: Change, now: datetime) -> None:
    """Note who is meant by a call that all are about to be told of anew.

    Who was taken out is told that; the added read all in the correction.
    """
    if meeting.notice_id is not None:
        call = notices.find(session, meeting.notice_id)
        additions.mean(session, call, changed.added)
        _tell_removed(session, meeting, call, changed.removed, now)


def _tell_removed(
    session: Session,
    meeting: Meeting,
    call: Notice,
    people: Collection[int],
    now: datetime,
) -> int:
    """Tell who was taken out of a call that they need not come; return how many."""
    additions.leave_out(session, call, people)
    said = f"{meetings.say(meeting, now)}：现在不用您参加了，原来的通知不用再回复。"
    for number in people:
        member = session.get_one(Member, number)
        plan = outbox.Plan(
            key=f"{meeting.topic}:out:{number}:{now.isoformat()}",
            kind="meeting",
            content=Text(said),
            window=Window(now, max(now + notices.GOOD_FOR, meeting.ends)),
            importance=Importance.NOTICE,
            topic=f"{meeting.topic}:out",
        )
        outbox.put_to(session, plan, member.userid, number, now=now)
    return len(people)
