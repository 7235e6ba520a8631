"""Moments further ahead than anything allows: the clock ran ahead and was set right.

What is further off than its rule or pause allows is due anew; what is said to have
happened, and holds something up, happened by now at the latest. A job that was done
ahead of its time is to be done again: letters and facts have keys of their own.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache, partial
from typing import Any, TypeAlias

from sqlalchemy import (
    Column,
    Delete,
    Update,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from bot.branch.console import links
from bot.branch.notices.notices import Notice
from bot.branch.notices.receipts import Receipt
from bot.branch.people import binding
from bot.branch.people.members import Member
from bot.branch.reminders.reminders import Reminder, set_next
from bot.branch.study import checkins
from bot.branch.study.checkins import CheckIn
from bot.calendar.quiet_hours import next_loud
from bot.calendar.recurrence import Unreadable
from bot.channels.media import GOOD_FOR
from bot.config.settings import Quiet
from bot.inbox import focus, open_questions
from bot.maintenance import schema
from bot.outbox import OWN_HOURS, WEEK_FULL, Batch, Importance, Letter, Recipient
from bot.outbox.claims import CLAIM_LASTS, RESEND_WITHIN
from bot.outbox.letters import NOT_DONE, UNCLAIMED
from bot.outbox.pauses import LONGEST
from bot.storage.prepared import Prepared
from bot.storage.ticks import RUN_LASTS, Occasion

# Clocks of several machines differ a little, and a step of seconds harms nothing.
SLACK = timedelta(minutes=5)
A_DAY = timedelta(days=1)
TOKEN_LASTS = timedelta(hours=2)

# What happened, and counts or holds something up for as long as it is recent.
HAPPENED = (
    "aibot_line.beat_at",
    "aibot_line.heard_at",
    "aibot_line.proven_at",
    "answered.at",
    "caller.asked_at",
    "caller.heard_at",
    "caller.turned_away_at",
    "batch.claimed_at",
    "console_link.used_at",
    "console_session.began_at",
    "console_session.seen_at",
    "console_session.turned_at",
    "departure.since",
    "notice.nudged_at",
    "way.heard_at",
    "wrong_code.since",
)
# What ends by itself, so long after now at the most.
ENDS: Mapping[str, timedelta] = {
    "batch.claimed_until": CLAIM_LASTS,
    "binding_code.expires_at": binding.LIVES,
    "console_link.expires_at": links.LASTS,
    "occasion.held_until": RUN_LASTS,
    "pause.until": LONGEST,
    "focus.expires_at": focus.LASTS,
    "question.expires_at": open_questions.HELD_FOR,
    "question_aside.expires_at": open_questions.HELD_FOR,
    "token.expires_at": TOKEN_LASTS,
    "token.renewing_until": TOKEN_LASTS,
    "upload.good_until": GOOD_FOR,
}
LAST = {**dict.fromkeys(HAPPENED, timedelta(0)), **ENDS}
"""How long after now each may lie."""
# What a function here knows the rule of.
RULED = (
    *("batch.next_try", "batch.uncertain_since", "letter.created_at"),
    *("letter.not_before", "letter.not_after", "occasion.done_at", "occasion.due"),
    *("receipt.at", "recipient.held_until", "recipient.settled_at"),
    "reminder.next_due",
)
Mend: TypeAlias = Callable[[], None]


@dataclass(frozen=True)
class Ahead:
    """Some rows that are ahead, in words, and how they are mended."""

    told: str
    count: int
    mend: Mend

    def __str__(self) -> str:
        return f"时钟拨快过：{self.told} {self.count} 处"


def find(session: Session, now: datetime, quiet: Quiet) -> list[Ahead]:
    """List what is too far ahead; nothing where the clock itself is behind us all."""
    if _is_behind(session, now):
        return []
    seen = [
        *_reminders(session, now),
        *_outbox(session, now, quiet),
        *_occasions(session, now),
        *_columns(session, now),
        *_receipts(session),
        *_check_ins(session, now),
    ]
    return [each for each in seen if each.count]


def set_right(session: Session, now: datetime, quiet: Quiet) -> list[Ahead]:
    """Mend what is too far ahead; tell what was."""
    found = find(session, now, quiet)
    for each in found:
        each.mend()
    return found


def _is_behind(session: Session, now: datetime) -> bool:
    """Tell if now is before the roster's first line: the clock has lost its time."""
    first = session.scalar(select(func.min(Member.added_at)))
    return first is not None and now < first


def _reminders(session: Session, now: datetime) -> Iterator[Ahead]:
    late = []
    waiting = select(Reminder).where(Reminder.next_due > now)
    for reminder in session.scalars(waiting):
        due = _due_by_rule(reminder, now)
        if due and reminder.next_due and due < reminder.next_due:
            late.append((reminder, due))

    def mend() -> None:
        for reminder, due in late:
            set_next(reminder, due)
        session.flush()

    yield Ahead("提醒的下一次比该有的晚", len(late), mend)


def _due_by_rule(reminder: Reminder, now: datetime) -> datetime | None:
    try:
        rule = reminder.recurrence
    except Unreadable:
        return None
    if rule is None:
        return reminder.once_at
    if reminder.paused_until:
        midnight = datetime.combine(reminder.paused_until, time(0), now.tzinfo)
        return rule.next_after(max(now, midnight - datetime.resolution))
    return rule.next_after(now)


def _outbox(session: Session, now: datetime, quiet: Quiet) -> Iterator[Ahead]:
    allowed = max(now + LONGEST, next_loud(quiet, now))
    since = now - RESEND_WITHIN  # whether it was taken is past finding out
    unsure = Batch.uncertain_since > now + SLACK
    yield _update(
        session,
        "不知送到没有的批次",
        update(Batch).where(NOT_DONE, unsure).values(uncertain_since=since),
    )
    yield _update(
        session,
        "再试的时间太远的批次",
        update(Batch).where(NOT_DONE, Batch.next_try > allowed).values(next_try=now),
    )
    waits = (UNCLAIMED, Letter.created_at > now + SLACK, _goes_at_once())
    letters = session.scalars(select(Letter).where(*waits)).all()
    yield Ahead("等着发的信", len(letters), partial(_move, session, letters, now))
    put_off = (UNCLAIMED, Letter.importance == int(Importance.ROUTINE))
    late = (Letter.not_before >= Letter.not_after, Letter.not_after > now)
    yield _update(
        session,
        "推到过期以后的信",
        update(Letter).where(*put_off, *late).values(not_before=now),
    )
    written_ahead = select(Letter.id).where(Letter.created_at > now + SLACK)
    by_day = Recipient.reason.in_((OWN_HOURS, WEEK_FULL))
    held = (
        Recipient.held_until > now + SLACK,
        Recipient.letter_id.in_(written_ahead)
        | (by_day & (Recipient.held_until > now + 2 * A_DAY)),
    )
    yield _update(
        session, "替人留着的消息", update(Recipient).where(*held).values(held_until=now)
    )
    claimed_ahead = select(Batch.id).where(Batch.claimed_at > now + SLACK)
    sent = (Recipient.settled_at > now + SLACK, Recipient.batch_id.in_(claimed_ahead))
    yield _update(
        session, "送达的时间", update(Recipient).where(*sent).values(settled_at=now)
    )


def _goes_at_once() -> Any:
    """Match what was not put off by somebody's word to a day of his own."""
    return or_(
        Letter.importance.in_((int(Importance.ROUTINE), int(Importance.ANSWER))),
        Letter.not_before <= Letter.created_at,
    )


def _move(session: Session, letters: Any, now: datetime) -> None:
    for letter in letters:
        ran_ahead = letter.created_at - now
        letter.not_after -= ran_ahead
        letter.not_before, letter.created_at = now, now
    session.flush()


def _occasions(session: Session, now: datetime) -> Iterator[Ahead]:
    done_ahead = Occasion.due > now + SLACK
    yield _update(session, "提前做了的定时事", delete(Occasion).where(done_ahead))
    early = (Occasion.done_at < Occasion.due, Occasion.due <= now)
    yield _update(
        session,
        "做完早于该做的定时事",
        update(Occasion).where(*early).values(done_at=Occasion.due),
    )


def _columns(session: Session, now: datetime) -> Iterator[Ahead]:
    asked, latest = _counting(), {name: now + far + SLACK for name, far in LAST.items()}
    found = asked.first(session, **{_bind(name): at for name, at in latest.items()})
    for (name, at), count in zip(latest.items(), found or (), strict=True):
        if count:
            column = _column(name)
            off = update(column.table).where(column > at).values({column: now})
            yield _update(session, f"{name} 晚于现在", off)


@cache
def _counting() -> Prepared:
    """Count the rows of each column that are too late, all in one question."""
    columns = [_column(name) for name in LAST]
    counts = [
        select(func.count()).where(each > bindparam(_bind(name))).scalar_subquery()
        for name, each in zip(LAST, columns, strict=True)
    ]
    return Prepared(select(*counts))


def _bind(name: str) -> str:
    return name.replace(".", "_")


def _column(name: str) -> Column[datetime]:
    table, _, column = name.partition(".")
    return schema.METADATA.tables[table].columns[column]


def _receipts(session: Session) -> Iterator[Ahead]:
    """Let nobody have answered a notice before it was written."""
    its = select(Notice.at).where(Notice.id == Receipt.notice_id).scalar_subquery()
    early = update(Receipt).where(Receipt.at < its).values(at=its)
    yield _update(session, "早于通知的回执", early)


def _check_ins(session: Session, now: datetime) -> Iterator[Ahead]:
    """Let what was studied on days ahead have been studied by today, and be counted so.

    On which day it was nobody knows; left there, it would be in the way when that day
    comes.
    """
    ahead = CheckIn.day > now.date() + A_DAY, CheckIn.undone_at.is_(None)
    rows = session.scalars(select(CheckIn).where(*ahead).order_by(CheckIn.id)).all()

    def mend() -> None:
        for row in rows:
            checkins.move_to(session, row, now)

    yield Ahead("以后日子的打卡", len(rows), mend)


def _update(session: Session, told: str, statement: Update | Delete) -> Ahead:
    """Count what a statement would change, and let it."""
    counting = select(func.count()).select_from(statement.table)
    which = statement.whereclause
    assert which is not None
    count = session.scalar(counting.where(which)) or 0

    def mend() -> None:
        quietly = statement.execution_options(synchronize_session=False)
        session.execute(quietly)

    return Ahead(told, count, mend)
