"""The week's political birthdays, shown to the secretary before they come."""

from datetime import timedelta

from bot.branch.birthdays import weeks
from bot.calendar.quiet_hours import next_loud
from scheduler.job import Tick, job


@job("birthday_week", cron="0 16 * * fri", grace=timedelta(days=2))
def show_birthday_week(tick: Tick) -> None:
    assistant, now = tick.assistant, tick.now
    at = next_loud(assistant.config.quiet, now)
    with assistant.storage.write() as session:
        weeks.tell(session, now, at)
