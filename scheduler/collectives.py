"""Collective political birthdays, offered to the secretary when a quarter begins."""

from datetime import timedelta

from bot.branch.birthdays import collective_offers
from bot.calendar.quiet_hours import next_loud
from scheduler.job import Tick, job


@job("collective_birthdays", cron="0 9 1 * *", grace=timedelta(days=3))
def offer_collective_birthdays(tick: Tick) -> None:
    assistant, now = tick.assistant, tick.now
    at = next_loud(assistant.config.quiet, now)
    with assistant.storage.write() as session:
        collective_offers.offer(session, tick.due.date(), now, at)
