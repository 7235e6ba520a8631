"""Send the reminders whose moment has come, every minute.

What others hear waits while it is quiet; what somebody asked for herself does not.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.branch.reminders import send
from bot.calendar.quiet_hours import is_quiet, next_loud
from scheduler.job import Tick, job

GRACE = timedelta(minutes=5)


def next_due(session: Session, tick: Tick) -> datetime | None:
    due = send.next_due(session, own=False)
    if due is None:
        return None
    now = tick.now
    return next_loud(tick.assistant.config.quiet, max(due.astimezone(now.tzinfo), now))


def next_own(session: Session, _tick: Tick) -> datetime | None:
    return send.next_due(session, own=True)


@job("reminders", cron="* * * * *", grace=GRACE, next_due=next_due)
def send_reminders(tick: Tick) -> None:
    if not is_quiet(tick.assistant.config.quiet, tick.now):
        _send(tick, own=False)


@job("own_reminders", cron="* * * * *", grace=GRACE, next_due=next_own)
def send_own_reminders(tick: Tick) -> None:
    _send(tick, own=True)


def _send(tick: Tick, *, own: bool) -> None:
    """Each in a transaction of its own: who is due is asked anew within it."""
    assistant, now = tick.assistant, tick.now
    with assistant.storage.read() as session:
        due = send.due(session, now, own=own)
    for number in due:
        with assistant.storage.write() as session:
            send.fire(session, number, now, assistant.config.quiet)
    if due:
        with assistant.storage.write() as session:
            send.tell_missed(session, now)


@job("reminders_recheck", cron="20 3 * * *", grace=timedelta(days=1))
def recheck_reminders(tick: Tick) -> None:
    """Count again: the calendar of working days may have been published since."""
    with tick.assistant.storage.write() as session:
        send.recheck(session, tick.now)
