"""Talks that are agreed for today, told to both in the morning."""

from datetime import timedelta

from bot.branch.records import appointments
from bot.calendar.quiet_hours import next_loud
from scheduler.job import Tick, job


@job("appointments", cron="30 7 * * *", grace=timedelta(hours=10))
def remind_of_talks(tick: Tick) -> None:
    assistant, now = tick.assistant, tick.now
    at = next_loud(assistant.config.quiet, now)
    with assistant.storage.write() as session:
        appointments.remind(session, now, at)
