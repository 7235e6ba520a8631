"""The morning's study reminder, on working days."""

from datetime import timedelta

from bot.branch import study
from bot.quiet import next_loud
from bot.workdays import is_workday
from scheduler.job import Tick, job


@job("study", cron="0 8 * * *", grace=timedelta(hours=3))
def remind_of_study(tick: Tick) -> None:
    if not is_workday(tick.due.date()):
        return
    quiet = tick.assistant.config.quiet
    at = next_loud(quiet, tick.now)
    with tick.assistant.storage.write() as session:
        study.remind(session, tick.due, at, quiet.weekly_budget)
