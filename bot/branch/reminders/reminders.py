"""Reminders: kept, listed, changed, paused and cancelled.

One of its own belongs to its author, and nobody else sees it. One with an audience
belongs to the branch whose office its author held: whoever holds office there may
change it, and it lives on when its author goes.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import outbox
from bot.branch.people.audience import Audience
from bot.branch.people.members import Member, Role, Standing
from bot.branch.people.tree import Branch
from bot.branch.reminders.draft import ReminderDraft
from bot.calendar.quiet_hours import next_loud
from bot.calendar.recurrence import (
    Recurrence,
    Unreadable,
    from_stored,
    read_reckoned,
    to_stored,
)
from bot.calendar.workdays import NO_NOTICE, Notice, is_provisional
from bot.config.settings import Quiet
from bot.errors import Refusal
from bot.storage.database import Base, Id, take
from bot.storage.invariants import proof

LONGEST = 500
MOST_OF_ONE = 50
KEPT_ALREADY = (
    "一样的提醒已经有了（第 {number} 个），没有再设。"
    "要改发“改提醒 {number} …”，不要了发“取消提醒 {number}”。"
)
STOPPED = "提醒已取消"


class State(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    OVER = "over"


class Reminder(Base):
    """rule, or once_at for what does not recur.

    next_due: all that the clock asks for; None while nothing is to come. provisional:
    next_due rests on a calendar of working days that is not published yet (暂算).
    reckoned: how once_at was counted on that, to be counted again.
    paused_until: the first day of the time after a pause; None: until it is resumed.
    missed_at: a moment that passed unsaid and that its author was not told of yet.
    """

    __tablename__ = "reminder"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    own: Mapped[bool]
    audience: Mapped[dict[str, Any]]
    text: Mapped[str]
    rule: Mapped[str | None]
    once_at: Mapped[datetime | None]
    reckoned: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=State.ACTIVE.value)
    paused_until: Mapped[date | None]
    next_due: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]
    provisional: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_reminder_next_due", "next_due"),
        Index("ix_reminder_missed_at", "missed_at"),
        Index("ix_reminder_author_id", "author_id", "state"),
        Index("ix_reminder_branch_id", "branch_id", "state"),
    )

    @property
    def recurrence(self) -> Recurrence | None:
        """Read the rule. Raises Unreadable where another program wrote it."""
        return from_stored(self.rule) if self.rule else None


def keep(
    session: Session, author: Member, branch: Branch, wish: ReminderDraft, now: datetime
) -> Reminder:
    """Write a wish down. Raises Refusal where it cannot be."""
    check(wish, now)
    if twin := find_twin(session, author, wish):
        raise Refusal(say_twin(twin))
    held = select(func.count()).select_from(_kept_by(author, wish).subquery())
    if session.scalars(held).one() >= MOST_OF_ONE:
        raise Refusal(f"您已经有 {MOST_OF_ONE} 个提醒了，先取消几个不用的再设。")
    reminder = Reminder(author_id=author.id, branch_id=branch.id, created_at=now)
    session.add(reminder)
    _fill(reminder, wish, now)
    session.flush()
    return reminder


def find_twin(session: Session, author: Member, wish: ReminderDraft) -> Reminder | None:
    """Find what its author keeps already that says just what a wish does."""
    kept = session.scalars(_kept_by(author, wish).order_by(Reminder.id))
    return next((each for each in kept if _says_same(each, wish)), None)


def say_twin(reminder: Reminder) -> str:
    return KEPT_ALREADY.format(number=reminder.id)


def change(
    session: Session, reminder: Reminder, wish: ReminderDraft, now: datetime
) -> None:
    """Let a reminder say something else, to others, or at another time."""
    check(wish, now)
    take(session, reminder)
    _fill(reminder, wish, now)
    session.flush()


def check(wish: ReminderDraft, now: datetime) -> None:
    """Raise Refusal for what cannot be kept."""
    if len(wish.text) > LONGEST:
        raise Refusal(f"提醒的内容太长（{len(wish.text)} 字），请缩到 {LONGEST} 字。")
    if not wish.coming(now):
        raise Refusal("这个时间已经过去了，请说将来的时间。")


def wish_of(reminder: Reminder, now: datetime) -> ReminderDraft:
    """Give what a reminder says as a wish that can be improved."""
    audience = None if reminder.own else Audience.unpack(reminder.audience)
    once_at = reminder.once_at and reminder.once_at.astimezone(now.tzinfo)
    reckoned = read_reckoned(reminder.reckoned) if reminder.reckoned else None
    return ReminderDraft(
        reminder.text,
        audience,
        rule=reminder.recurrence,
        once_at=reckoned.moment(now.tzinfo) if reckoned else once_at,
        reckoned=reckoned,
        changes=reminder.id,
    )


def listing(session: Session, member: Member, standing: Standing) -> Sequence[Reminder]:
    """List what a member may see that is still to come: the own, then the branch's."""
    return session.scalars(
        select(Reminder)
        .join(Branch, Branch.id == Reminder.branch_id)
        .where(_is_kept(), _is_seen_by(member, standing))
        .order_by(
            Reminder.own.desc(),
            Reminder.next_due.is_(None),
            Reminder.next_due,
            Reminder.id,
        )
    ).all()


def find(
    session: Session, member: Member, standing: Standing, number: int
) -> Reminder | None:
    """Find one by its number, also one that was cancelled; None if not hers to see."""
    return session.scalars(
        select(Reminder)
        .join(Branch, Branch.id == Reminder.branch_id)
        .where(Reminder.id == number, _is_seen_by(member, standing))
    ).one_or_none()


def cancel(session: Session, reminder: Reminder, now: datetime) -> None:
    """Let it be silent for good; what waits to be delivered is called back."""
    _silence(session, reminder, State.CANCELLED, now)


def pause(
    session: Session, reminder: Reminder, until: date | None, now: datetime
) -> None:
    """Let it be silent up to a day, or until it is resumed. Raises Refusal.

    Refused where nothing would be left of it.
    """
    take(session, reminder)
    rule = reminder.recurrence
    if rule is None:
        raise Refusal("它只提醒一次，不用暂停：可以改时间，或者取消。")
    if until is not None and until <= now.date():
        raise Refusal("暂停到的日子要在今天以后，请再说一次。")
    _silence(session, reminder, State.PAUSED, now)
    if until is None:
        return
    midnight = datetime.combine(until, time(0), now.tzinfo)
    first = rule.next_after(_just_before(midnight))
    if first is None:
        raise Refusal("到那天它已经结束了，要停就直接取消。")
    reminder.paused_until = until
    set_next(reminder, first)


def resume(session: Session, reminder: Reminder, now: datetime) -> None:
    """Let it speak again, also one that was cancelled. Raises Refusal if it is over."""
    take(session, reminder)
    wish = wish_of(reminder, now)
    check(wish, now)
    _fill(reminder, wish, now)
    session.flush()


def goes_at(moment: datetime, quiet: Quiet, *, own: bool) -> datetime:
    """Say when what is due then is told.

    The quiet hours hold for what others hear; whoever asked to be called at 23:00 is.
    """
    return moment if own else next_loud(quiet, moment)


def set_next(
    reminder: Reminder, due: datetime | None, notice: Notice = NO_NOTICE
) -> None:
    """Note when it is due next; without a moment it is over, unless it is silent."""
    rule = reminder.recurrence
    reminder.next_due = due
    reminder.provisional = due is not None and (
        rule.rests_on_forecast((due,), notice)
        if rule
        else reminder.reckoned is not None and is_provisional(due.year, notice)
    )
    if due is None and reminder.state == State.ACTIVE:
        reminder.state = State.OVER.value


def _fill(reminder: Reminder, wish: ReminderDraft, now: datetime) -> None:
    reminder.own = _is_own(wish)
    reminder.audience = _audience(wish)
    reminder.text = wish.text
    reminder.rule = to_stored(wish.rule) if wish.rule else None
    reminder.once_at = None if wish.rule else wish.once_at
    counted = wish.reckoned if wish.rule is None else None
    reminder.reckoned = counted.stored() if counted else None
    reminder.state, reminder.paused_until = State.ACTIVE.value, None
    set_next(reminder, wish.coming(now)[0])


def _silence(session: Session, reminder: Reminder, state: State, now: datetime) -> None:
    take(session, reminder)
    reminder.state, reminder.next_due = state.value, None
    reminder.paused_until, reminder.provisional = None, False
    outbox.cancel(session, topic(reminder), STOPPED, now)
    session.flush()


def topic(reminder: Reminder) -> str:
    """Name what its letters tell of."""
    return f"reminder:{reminder.id}"


def letter_key(number: int, due: datetime) -> str:
    """Name the letter in which a reminder of that number is told at a moment."""
    return f"reminder:{number}:{due.timestamp():.0f}"


def _kept_by(author: Member, wish: ReminderDraft) -> Select[Reminder]:
    """Select what its author keeps, for the author alone or for others."""
    return select(Reminder).where(
        Reminder.author_id == author.id, _is_kept(), Reminder.own == _is_own(wish)
    )


def _says_same(reminder: Reminder, wish: ReminderDraft) -> bool:
    """Tell whether a reminder says just what a wish does: the words, whom, when."""
    return (
        reminder.text == wish.text
        and reminder.audience == _audience(wish)
        and reminder.rule == (to_stored(wish.rule) if wish.rule else None)
        and (wish.rule is not None or reminder.once_at == wish.once_at)
    )


def _audience(wish: ReminderDraft) -> dict[str, Any]:
    """Give whom a wish is for as it is kept."""
    packed = wish.audience.pack() if wish.audience else {}
    kept: dict[str, Any] = json.loads(json.dumps(packed))
    return kept


def _is_own(wish: ReminderDraft) -> bool:
    return wish.audience is None


def _is_kept() -> Any:
    return Reminder.state.in_((State.ACTIVE.value, State.PAUSED.value))


def _is_seen_by(member: Member, standing: Standing) -> Any:
    own = and_(Reminder.own, Reminder.author_id == member.id)
    if standing.role < Role.LEADER:
        return own
    ours = Branch.path.startswith(standing.branch.path)
    return or_(own, and_(~Reminder.own, ours))


def _just_before(moment: datetime) -> datetime:
    return moment - datetime.resolution


@proof("提醒：状态与下一次对得上，时间读得出来")
def sound(session: Session) -> Iterator[str]:
    for each in session.scalars(select(Reminder).order_by(Reminder.id)):
        if fault := _fault(each):
            yield f"第 {each.id} 个提醒{fault}"


def _fault(reminder: Reminder) -> str:
    coming = reminder.next_due is not None
    match reminder.state:
        case State.ACTIVE:
            odd = not coming
        case State.PAUSED:
            odd = coming != (reminder.paused_until is not None)
        case State.CANCELLED | State.OVER:
            odd = coming
        case _:
            return f"的状态不认得（{reminder.state}）"
    if odd:
        return f"是 {reminder.state}，下一次却{'有' if coming else '没有'}"
    if (reminder.rule is None) == (reminder.once_at is None):
        return "既不是一次的，也不是重复的"
    try:
        wish_of(reminder, reminder.created_at)
    except Unreadable:
        return "的时间读不出来"
    return ""
