"""Send the reminders whose moment has come, every minute.

In the quiet hours only what somebody asked for herself is told.
"""

from datetime import timedelta

from bot.branch import reminding
from scheduler.job import Tick, job


@job("reminders", cron="* * * * *", grace=timedelta(minutes=5))
def send_reminders(tick: Tick) -> None:
    """Each in a transaction of its own: who is due is asked anew within it."""
    assistant, now = tick.assistant, tick.now
    quiet = assistant.config.quiet
    with assistant.storage.read() as session:
        due = reminding.due(session, now, quiet)
    for number in due:
        with assistant.storage.write() as session:
            reminding.fire(session, number, now, quiet)
    if due:
        with assistant.storage.write() as session:
            reminding.tell_missed(session, now)


@job("reminders_recheck", cron="20 3 * * *", grace=timedelta(days=1))
def recheck_reminders(tick: Tick) -> None:
    """Count again: the calendar of working days may have been published since."""
    with tick.assistant.storage.write() as session:
        reminding.recheck(session, tick.now)
