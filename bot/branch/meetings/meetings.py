"""Meetings of a branch: the record that every figure and every paper comes out of."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.meetings import plans
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.plans import Plan
from bot.branch.people.tree import Branch, BranchKind, home
from bot.calendar.say import say_moment
from bot.calendar.years import moments_of
from bot.errors import Refusal
from bot.storage.database import Base, Id, take

LASTS = timedelta(hours=3)  # where nobody said until when
BACK, AHEAD = timedelta(days=400), timedelta(days=400)
RECENT = timedelta(days=31)
ABOUT_TO_BEGIN = timedelta(minutes=30)


class State(StrEnum):
    """Where a meeting stands in the books; `stage` tells what the clock adds."""

    CALLED = "called"
    HELD = "held"
    AWAITING_SIGNATURE = "awaiting_signature"
    LOCKED = "locked"
    CANCELLED = "cancelled"


STAGES = {
    "called": "已通知",
    "on": "进行中",
    "awaiting_minutes": "待补记录",
    "awaiting_signature": "待主持人签字",
    "locked": "已锁定",
    "cancelled": "已取消",
}


class Meeting(Base):
    """One meeting. branch_id: whose it is, a group's its group.

    notice_id: the first notice of its call; None where it was only recorded. ends_at:
    when it is over; None: nobody said. called_for: the moment that people answered to.
    door: what nobody guesses; the code at the door comes out of it. late_entry: entered
    after its day. guests: names of who is not on the roster and sat in ("names"), or
    was asked to ("asked"). why: why it was moved or called off.
    """

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    kind: Mapped[Kind] = mapped_column(String)
    title: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
    place: Mapped[str]
    lecturer: Mapped[str]
    state: Mapped[State] = mapped_column(String)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    recorder_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    called_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    moves: Mapped[int] = mapped_column(default=0)
    guests: Mapped[dict[str, Any]]
    door: Mapped[str]
    late_entry: Mapped[bool]
    why: Mapped[str]
    at: Mapped[datetime]
    locked_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_meeting_branch_id", "branch_id", "starts_at"),)

    @property
    def topic(self) -> str:
        """Name its own letters: the card at the door, and what goes before it."""
        return f"meeting:{self.id}"

    @property
    def ends(self) -> datetime:
        return self.ends_at or self.starts_at + LASTS

    @property
    def observers(self) -> Sequence[str]:
        """Name who sat in from outside the roster."""
        return tuple(self.guests.get("names", ()))

    @property
    def asked_guests(self) -> Sequence[str]:
        """Name who from outside the roster was asked to sit in, come or not."""
        return tuple(self.guests.get("asked", ()))


class AgendaItem(Base):
    """What is to be discussed, in order."""

    __tablename__ = "agenda_item"

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


def write(session: Session, plan: Plan, by: int, now: datetime) -> Meeting:
    """Write a meeting down. Raises Refusal for a time that cannot be."""
    starts_at = plans.check_time(plan, now)
    meeting = Meeting(
        branch_id=plan.branch,
        kind=plan.kind,
        title=plan.title,
        starts_at=starts_at,
        ends_at=plan.ends_at,
        place=plan.place,
        lecturer=plan.lecturer,
        state=State.HELD if plan.late else State.CALLED,
        host_id=plan.host,
        recorder_id=plan.recorder,
        called_by=by,
        guests={"names": []},
        door=token_urlsafe(24),
        late_entry=plan.late and is_after_day(starts_at, now),
        why="",
        at=now,
    )
    session.add(meeting)
    session.flush()
    set_agenda(session, meeting, plan.agenda)
    return meeting


def is_after_day(starts_at: datetime, now: datetime) -> bool:
    return now.date() > starts_at.astimezone(now.tzinfo).date()


def set_agenda(session: Session, meeting: Meeting, items: Sequence[str]) -> None:
    for known in _items(session, meeting):
        session.delete(known)
    session.flush()
    session.add_all(
        AgendaItem(meeting_id=meeting.id, number=number, text=text)
        for number, text in enumerate(items, 1)
    )
    session.flush()


def agenda(session: Session, meeting: Meeting) -> list[str]:
    return [each.text for each in _items(session, meeting)]


def _items(session: Session, meeting: Meeting) -> Sequence[AgendaItem]:
    mine = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)
    return session.scalars(mine.order_by(AgendaItem.number)).all()


def stage(meeting: Meeting, now: datetime) -> str:
    """Tell where a meeting stands by the books and the clock; a key of STAGES."""
    if meeting.state == State.CALLED:
        if now < meeting.starts_at:
            return "called"
        return "on" if now <= meeting.ends else "awaiting_minutes"
    return "awaiting_minutes" if meeting.state == State.HELD else str(meeting.state)


def is_over(meeting: Meeting, now: datetime) -> bool:
    return meeting.state not in (State.CALLED, State.CANCELLED) or now > meeting.ends


def is_held(meeting: Meeting, now: datetime) -> bool:
    """Whether it took place, or is taking place."""
    return meeting.state != State.CANCELLED and meeting.starts_at <= now


def day_of(meeting: Meeting, now: datetime) -> date:
    """Tell the meeting's day by the clock on the wall of `now`: that of its start."""
    return meeting.starts_at.astimezone(now.tzinfo).date()


def find(session: Session, number: int) -> Meeting:
    """Return a meeting. Raises Refusal if there is none."""
    meeting = session.get(Meeting, number)
    if meeting is None:
        raise Refusal("没有找到这次会议。")
    return meeting


def every(session: Session) -> Sequence[Meeting]:
    return session.scalars(select(Meeting).order_by(Meeting.id)).all()


def within(
    session: Session,
    branch: Branch,
    first: datetime,
    last: datetime,
    *,
    cancelled: bool = False,
) -> Sequence[Meeting]:
    """List the meetings of a branch and below it, in the order of their time."""
    found = (
        select(Meeting)
        .join(Branch, Branch.id == Meeting.branch_id)
        .where(
            Branch.path.startswith(branch.path),
            Meeting.starts_at >= first,
            Meeting.starts_at < last,
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    if not cancelled:
        found = found.where(Meeting.state != State.CANCELLED)
    return session.scalars(found).all()


def coming(session: Session, branch: Branch, now: datetime) -> Sequence[Meeting]:
    """List what is ahead of a branch and of those below it, or on."""
    found = within(session, branch, now - timedelta(days=1), now + AHEAD)
    return [each for each in found if each.state == State.CALLED and each.ends >= now]


def begun(session: Session, branch: Branch, now: datetime) -> Sequence[Meeting]:
    """List what has begun, or is about to, the latest first."""
    found = within(session, branch, now - BACK, now + ABOUT_TO_BEGIN)
    return sorted(found, key=lambda each: each.starts_at, reverse=True)


def is_own(session: Session, meeting: Meeting, branch: Branch) -> bool:
    """Tell whether a meeting is of a branch, or of a group of it."""
    return home(session, meeting.branch_id).id == home(session, branch.id).id


def own_within(
    session: Session, branch: Branch, first: datetime, last: datetime
) -> Sequence[Meeting]:
    """List a branch's own meetings and its groups', not those of branches below it."""
    own = branch.id
    groups = select(Branch.id).where(
        Branch.parent_id == own, Branch.kind == BranchKind.GROUP
    )
    mine = {own, *session.scalars(groups)}
    every = within(session, branch, first, last)
    return [each for each in every if each.branch_id in mine]


def ordinal(session: Session, meeting: Meeting, now: datetime) -> int:
    """Tell the how-manieth of its kind this one is in its branch and year."""
    return ordinals(session, [meeting], now)[meeting.id]


def ordinals(
    session: Session, found: Collection[Meeting], now: datetime
) -> Mapping[int, int]:
    """Tell of meetings, by number, the how-manieth of its kind and year each is.

    One that was called off counts for none; it has the number of the next.
    """
    years = {day_of(each, now).year for each in found}
    span = min(years, default=1), max(years, default=1)
    first, last = moments_of(*span, zone=now.tzinfo)
    every = (
        select(Meeting)
        .where(
            Meeting.branch_id.in_({each.branch_id for each in found}),
            Meeting.starts_at >= first,
            Meeting.starts_at < last,
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    held, numbers = Counter[tuple[int, Kind, int]](), dict[int, int]()
    for each in session.scalars(every):
        of = (each.branch_id, each.kind, day_of(each, now).year)
        held[of] += each.state != State.CANCELLED
        numbers[each.id] = held[of] + (each.state == State.CANCELLED)
    return numbers


def say(meeting: Meeting, now: datetime) -> str:
    """Name a meeting: 3月4日（周三）14:00 支部党员大会（301）."""
    place = f"（{meeting.place}）" if meeting.place else ""
    return f"{say_moment(meeting.starts_at, now)} {meeting.title}{place}"


def take_to_write(session: Session, meeting: Meeting, now: datetime) -> None:
    """Have the minutes to ourselves. Raises Refusal if they cannot be written now."""
    take(session, meeting)
    match meeting.state:
        case State.CANCELLED:
            raise Refusal(f"“{meeting.title}”取消了，没有记录可写。")
        case State.LOCKED:
            raise Refusal(
                f"“{meeting.title}”的记录已经签字锁定。要改，先说“退回记录 原因”。"
            )
        case State.AWAITING_SIGNATURE:
            raise Refusal(
                f"“{meeting.title}”的记录已经送主持人签字。要改，先说“退回记录 原因”。"
            )
    if now < meeting.starts_at:
        raise Refusal(f"“{meeting.title}”还没开，记录要等开会的时候写。")
