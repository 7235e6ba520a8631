"""What somebody brought to the branch and waits too long for, told to the secretary."""

from datetime import timedelta

from bot.branch.records import concerns
from bot.calendar.quiet_hours import next_loud
from scheduler.job import Tick, job


@job("concerns", cron="0 9 * * mon-fri", grace=timedelta(days=1))
def warn_of_late_ones(tick: Tick) -> None:
    assistant, now = tick.assistant, tick.now
    at = next_loud(assistant.config.quiet, now)
    with assistant.storage.write() as session:
        concerns.warn(session, now, at)
