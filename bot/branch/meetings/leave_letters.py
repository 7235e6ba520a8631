"""Leave by letters: a press in the call asks it, the secretary decides, one is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.meetings import leaves, meetings
from bot.branch.meetings.attendees import AWAY, COMING, Attendee
from bot.branch.meetings.leaves import ASKED, GRANTED, Leave
from bot.branch.meetings.letters import WAITS, put_answer
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.notices.receipts import Receipt
from bot.branch.people import members
from bot.branch.people.members import Member
from bot.branch.people.tree import home
from bot.errors import Refusal
from bot.message import Button, Card, Text
from bot.outbox import Importance, Plan, Window
from bot.storage.prepared import Prepared

STILL = timedelta(minutes=15)
"""How long after the beginning a press still counts."""


_ASKS_ANEW = (Receipt.choice == AWAY) & (
    Leave.member_id.is_(None) | (Leave.state == leaves.LAPSED)
)
_COMES_AFTER_ALL = (Receipt.choice == COMING) & (
    (Leave.state == ASKED) | (Leave.state == GRANTED)
)
_PRESSES = Prepared(
    select(Meeting.id, Receipt.member_id, Receipt.choice, Receipt.note)
    .join(Receipt, Receipt.notice_id == Meeting.notice_id)
    .join(
        Attendee,
        (Attendee.meeting_id == Meeting.id) & (Attendee.member_id == Receipt.member_id),
    )
    .outerjoin(
        Leave,
        (Leave.meeting_id == Meeting.id) & (Leave.member_id == Receipt.member_id),
    )
    .where(
        Meeting.state == State.CALLED,
        Meeting.starts_at > bindparam("since"),
        _ASKS_ANEW | _COMES_AFTER_ALL,
    )
)
_NOBODY_WAS_TOLD = (Leave.state == ASKED, Leave.told_at.is_(None))
_UNTOLD = Prepared(select(Leave.member_id).where(*_NOBODY_WAS_TOLD).limit(1))


def take_up(session: Session, now: datetime) -> None:
    """Make of every press on 请假 a leave that is asked, with the reason given.

    A press on 能参加 afterwards ends it.
    """
    answers = _PRESSES.all(session, since=now - STILL)
    for meeting, member, choice, note in answers:
        if choice == AWAY:
            leaves.ask(session, meeting, member, leaves.tidy(note or ""), now)
        else:
            leaves.withdraw(session, meeting, member)


def has_news(session: Session, now: datetime) -> bool:
    """Tell whether a press was not taken up, or a leave not told to who decides."""
    pressed = _PRESSES.first(session, since=now - STILL)
    return pressed is not None or _UNTOLD.first(session) is not None


def untold(session: Session) -> Sequence[Leave]:
    """List the leaves that nobody was asked to decide yet."""
    waiting = select(Leave).where(*_NOBODY_WAS_TOLD)
    in_turn = (Leave.asked_at, Leave.meeting_id, Leave.member_id)
    return session.scalars(waiting.order_by(*in_turn)).all()


def ask_secretary(session: Session, leave: Leave, now: datetime, at: datetime) -> None:
    """Ask the secretary for a word on a leave, with its reason."""
    meeting = session.get_one(Meeting, leave.meeting_id)
    member = session.get_one(Member, leave.member_id)
    why = f"{leave.sort}：{leave.why}" if leave.why else "没有说原因"
    after = "（会后补的）" if leave.after else ""
    key = f"{leave.meeting_id}:{leave.member_id}"
    card = Card(
        title=f"{member.called}请假{after}",
        text=f"{meetings.say(meeting, now)}\n{why}",
        buttons=(
            Button("同意", f"leave.decide:{key}:yes"),
            Button("不同意", f"leave.decide:{key}:no"),
        ),
    )
    branch = home(session, meeting.branch_id)
    for each in members.secretaries(session, branch):
        if each.id != member.id:
            mark = int(leave.asked_at.timestamp())
            plan = Plan(
                key=f"leave:{key}:{each.id}:{mark}",
                kind="leave",
                content=card,
                window=Window(at, at + WAITS),
                importance=Importance.NOTICE,
            )
            outbox.put_to(session, plan, each.userid, each.id, now=now)
    leave.told_at = now
    session.flush()


def tell_decision(session: Session, leave: Leave, now: datetime) -> None:
    """Tell whoever asked what became of the leave."""
    meeting = session.get_one(Meeting, leave.meeting_id)
    member = session.get_one(Member, leave.member_id)
    word = "同意了" if leave.state == GRANTED else "没有同意，有困难请直接跟书记说"
    key = f"leave_told:{meeting.id}:{member.id}:{now.timestamp():.0f}"
    told = Text(f"您请的假（{meetings.say(meeting, now)}）书记{word}。")
    put_answer(session, member, key, "leave", told, now)


def settle(  # noqa: PLR0913  # of whom, for what, by whom, when, and how
    session: Session,
    meeting: Meeting,
    member: Member,
    by: Member,
    now: datetime,
    *,
    granted: bool,
) -> Leave | None:
    """Decide a leave and tell who asked; None where it was decided before.

    Raises Refusal where it is not to be decided any more, or not by oneself.
    """
    if meeting.state not in (State.CALLED, State.HELD):
        raise Refusal(f"“{meeting.title}”的记录已经送签或取消，请假不能再批了。")
    if member.id == by.id:
        raise Refusal("自己的假不能自己批，请上级党组织或另一位书记来批。")
    leave = leaves.find(session, meeting.id, member.id)
    if leave is None:
        raise Refusal(f"{member.called}已经销假了，不用批。")
    if not leaves.decide(session, leave, by, now, granted=granted):
        return None
    tell_decision(session, leave, now)
    return leave
