"""The moment of a reminder: one letter for each, sent late or not at all if missed.

Whether it was seen to stands in one column: next_due moves on in the transaction that
queues the letter, and the letter's key names the moment. So a second clock, a clock set
back and a restart find nothing to do.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.branch.reminders import coinciding
from bot.branch.reminders.reminders import (
    Reminder,
    State,
    goes_at,
    letter_key,
    set_next,
    topic,
)
from bot.branch.reminders.words import shorten
from bot.branch.study import plans
from bot.calendar.quiet_hours import is_quiet
from bot.calendar.recurrence import Reckoned, Recurrence, Unreadable, read_reckoned
from bot.calendar.say import say_moment, say_time
from bot.calendar.workdays import NO_NOTICE, Notice, is_provisional
from bot.config.settings import Quiet
from bot.message import Text
from bot.outbox import Importance, People, Plan, Window
from bot.storage.database import hold, take
from bot.storage.prepared import Prepared

log = structlog.get_logger(__name__)

RARE = ("monthly", "quarterly", "yearly")
RARE_GOOD_FOR = timedelta(days=3)
AT_LEAST_GOOD_FOR = timedelta(hours=2)
LATE = timedelta(minutes=15)
SOON = timedelta(days=2)
TOLD_WITHIN = timedelta(days=7)
MOST_TOLD = 8


def due(session: Session, now: datetime, *, own: bool) -> Sequence[int]:
    """List the numbers of what is due, by the index of next_due."""
    return session.scalars(
        select(Reminder.id)
        .where(Reminder.next_due <= now, Reminder.own == own)
        .order_by(Reminder.next_due, Reminder.id)
    ).all()


_NEXT = Prepared(
    select(func.min(Reminder.next_due)).where(Reminder.own == bindparam("is_own"))
)


def next_due(session: Session, *, own: bool) -> datetime | None:
    """Tell when the next reminder is due, were nothing quiet; None if there is none."""
    due: datetime | None = _NEXT.value(session, is_own=own)
    return due


def fire(session: Session, number: int, now: datetime, quiet: Quiet) -> bool:
    """Queue the letter of the last moment that came, and move on; False if none.

    now: local time. Of several moments that were missed only the last may still speak.
    """
    hold(session, Reminder, number)
    reminder = session.get(Reminder, number)
    if reminder is None or reminder.next_due is None:
        return False
    if reminder.next_due > now:
        return False  # another clock was faster, or it was silenced meanwhile
    try:
        rule = reminder.recurrence
    except Unreadable as error:
        return _give_up(session, reminder, error, now)
    if reminder.own and not _is_active(session, reminder):
        reminder.state, reminder.next_due = State.CANCELLED.value, None
        return False
    last, coming = _last_due(reminder.next_due.astimezone(now.tzinfo), rule, now)
    if is_quiet(quiet, now) and not (reminder.own and is_quiet(quiet, last)):
        return False  # late by now, and not asked for at night
    reminder.state, reminder.paused_until = State.ACTIVE.value, None
    set_next(reminder, coming)
    loud = goes_at(last, quiet, own=reminder.own)
    if now <= good_until(loud, rule):
        return _speak(session, reminder, (last, loud), now)
    if coming is None or coming - now > SOON:
        reminder.missed_at = last
    return False


def tell_missed(session: Session, now: datetime) -> None:
    """Own up to what was missed until it made no sense: one letter to each author."""
    missed: dict[int, list[Reminder]] = {}
    found = select(Reminder).where(Reminder.missed_at.is_not(None))
    for reminder in session.scalars(found.order_by(Reminder.missed_at)):
        missed.setdefault(reminder.author_id, []).append(reminder)
    for author_id, unsaid in missed.items():
        first = unsaid[0].missed_at
        lines = [_say_missed(each, now) for each in unsaid[:MOST_TOLD]]
        more = [f"……共 {len(unsaid)} 个。"] if len(unsaid) > MOST_TOLD else []
        told = "\n".join(
            ["这些提醒没能按时发出，现在已经过时，没有补发：", *lines, *more]
        )
        key = f"reminders_missed:{author_id}:{unsaid[0].id}:{first}"
        _write(session, author_id, key, told, now)
        for each in unsaid:
            each.missed_at = None
        session.flush()


def good_until(loud: datetime, rule: Recurrence | None) -> datetime:
    """Tell until when a reminder still makes sense: its day, or three if it is rare.

    loud: when it was to go, with the quiet hours heeded.
    """
    midnight = loud.replace(hour=23, minute=59, second=59, microsecond=0)
    until = max(midnight, loud + AT_LEAST_GOOD_FOR)
    is_rare = rule is not None and rule.kind in RARE
    return loud + RARE_GOOD_FOR if is_rare else until


def recheck(session: Session, now: datetime, notice: Notice = NO_NOTICE) -> None:
    """Work out anew what rested on a calendar that was not published (暂算)."""
    waiting = select(Reminder).where(Reminder.provisional, Reminder.next_due > now)
    for reminder in session.scalars(waiting.order_by(Reminder.id)).all():
        take(session, reminder)
        due = reminder.next_due
        if reminder.state != State.ACTIVE or due is None or due <= now:
            continue  # told or silenced meanwhile
        try:
            rule, counted = reminder.recurrence, reminder.reckoned
            if rule:
                set_next(reminder, rule.next_after(now, notice), notice)
            elif counted:
                _count_anew(session, reminder, read_reckoned(counted), (now, notice))
        except Unreadable as error:
            log.error("reminder_not_readable", reminder=reminder.id, why=str(error))


def _count_anew(
    session: Session,
    reminder: Reminder,
    reckoned: Reckoned,
    known: tuple[datetime, Notice],
) -> None:
    """Let what goes once go on the day that is official now; its author hears once."""
    now, notice = known
    moment = reckoned.moment(now.tzinfo, notice)
    if is_provisional(moment.year, notice):
        return
    before = reminder.once_at
    reminder.once_at, reminder.reckoned = moment, None
    set_next(reminder, moment, notice)
    if before is None or before == moment:
        return
    told = (
        f"{moment.year}年的放假安排公布了，提醒 {reminder.id} 重新算过：\n"
        f"{shorten(reminder.text)}\n"
        f"原来暂定{say_time(before.astimezone(now.tzinfo), now)}，"
        f"现在是{say_time(moment, now)}。\n"
        f"不合适就说“改提醒 {reminder.id} …”。"
    )
    key = f"{topic(reminder)}:moved:{before.timestamp():.0f}"
    _write(session, reminder.author_id, key, told, now)


def _last_due(
    due: datetime, rule: Recurrence | None, now: datetime
) -> tuple[datetime, datetime | None]:
    """Give the last moment that is not to come, and the one after it."""
    coming = rule.next_after(due) if rule else None
    while rule and coming and coming <= now:
        due, coming = coming, rule.next_after(coming)
    return due, coming


def _speak(
    session: Session,
    reminder: Reminder,
    moment: tuple[datetime, datetime],
    now: datetime,
) -> bool:
    due, loud = moment
    told = _say(session, reminder, due.date())
    people = _people(session, reminder)
    if not reminder.own:
        same = coinciding.told_the_same(session, reminder, due, told)
        people = people.where(Member.id.not_in(same))
    if now - loud > LATE:
        told += f"\n（原定{say_moment(due, now)}，来晚了，请见谅。）"
    plan = Plan(
        key=letter_key(reminder.id, due),
        kind="reminder",
        content=Text(told),
        window=Window(now, good_until(loud, reminder.recurrence)),
        # What somebody set for herself interrupts nobody: no budget holds it back.
        importance=Importance.ANSWER if reminder.own else Importance.ROUTINE,
        topic=topic(reminder),
    )
    return outbox.put(session, plan, people, now=now) is not None


def _say(session: Session, reminder: Reminder, day: date) -> str:
    """Say it; one of studying also what is planned for the day."""
    branch = session.get_one(Branch, reminder.branch_id)
    told = f"提醒您：{reminder.text}" if reminder.own else f"提醒：{reminder.text}"
    if coinciding.is_of_study(reminder.text):
        planned = plans.of_place(session, branch, day, day).get(day)
        told += f"\n今天学：{planned}" if planned else ""
    return told if reminder.own else f"{told}\n——{branch.name}"


def _people(session: Session, reminder: Reminder) -> People:
    if not reminder.own:
        return select_people(session, Audience.unpack(reminder.audience))
    return select(Member.id, Member.userid).where(Member.id == reminder.author_id)


def _is_active(session: Session, reminder: Reminder) -> bool:
    return session.get_one(Member, reminder.author_id).state == "active"


def _say_missed(reminder: Reminder, now: datetime) -> str:
    return f"· {say_moment(reminder.missed_at or now, now)} {reminder.text}"


def _give_up(
    session: Session, reminder: Reminder, error: Unreadable, now: datetime
) -> bool:
    """Stop what cannot be read, so that the others go on; its author is told."""
    log.error("reminder_not_readable", reminder=reminder.id, why=str(error))
    reminder.state, reminder.next_due = State.CANCELLED.value, None
    told = (
        f"提醒 {reminder.id} 的时间读不出来，已经停了，请重新设一次：\n{reminder.text}"
    )
    _write(session, reminder.author_id, f"{topic(reminder)}:unreadable", told, now)
    return False


def _write(
    session: Session, author_id: int, key: str, told: str, now: datetime
) -> None:
    author = session.get_one(Member, author_id)
    if author.state != "active":
        return
    plan = Plan(key, "report", Text(told), Window(now, now + TOLD_WITHIN))
    outbox.put_to(session, plan, author.userid, author.id, now=now)
