"""What must be done by when, told to the secretary ahead of time."""

from datetime import timedelta

from bot.branch.duties import warnings
from bot.calendar.quiet_hours import next_loud
from scheduler.job import Tick, job


@job("deadlines", cron="30 8 * * mon", grace=timedelta(days=3))
def warn_of_deadlines(tick: Tick) -> None:
    assistant, now = tick.assistant, tick.now
    at = next_loud(assistant.config.quiet, now)
    with assistant.storage.write() as session:
        tell = assistant.config.dues.tell_members
        warnings.warn(session, now, at, tell_debtors=tell)
