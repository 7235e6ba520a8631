"""The morning's study reminder: what is planned, else a kind word on working days."""

from datetime import timedelta

from bot.branch.study import reminder
from bot.calendar.quiet_hours import next_loud
from scheduler.job import Tick, job


@job("study", cron="0 8 * * *", grace=timedelta(hours=3))
def remind_of_study(tick: Tick) -> None:
    at = next_loud(tick.assistant.config.quiet, tick.now)
    with tick.assistant.storage.write() as session:
        reminder.remind(session, tick.due, at)
