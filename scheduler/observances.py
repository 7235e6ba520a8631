"""A week's warning of the days to keep, to the secretaries."""

from datetime import timedelta

from bot.branch.duties import observances
from bot.calendar.quiet_hours import next_loud
from bot.rulebook.days import fixed_days
from scheduler.job import Tick, job


@job("observances", cron="0 9 * * *", grace=timedelta(hours=12))
def warn_of_observances(tick: Tick) -> None:
    loud = next_loud(tick.assistant.config.quiet, tick.now)
    with tick.assistant.storage.write() as session:
        observances.warn(session, fixed_days(), tick.now, loud)
