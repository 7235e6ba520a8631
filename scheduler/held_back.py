"""Tell the secretaries, before the day's digest, what a full week kept back."""

from datetime import timedelta

from bot.branch.duties import held_back
from bot.calendar.quiet_hours import next_loud
from scheduler.job import Tick, job


@job("held_back", cron="20 17 * * *", grace=timedelta(hours=3))
def tell_held_back(tick: Tick) -> None:
    storage, quiet = tick.assistant.storage, tick.assistant.config.quiet
    with storage.read() as session:
        found = held_back.find(session, tick.due - held_back.DAY, tick.due)
    if found:
        at = next_loud(quiet, tick.now)
        with storage.write() as session:
            held_back.tell(session, found, quiet.weekly_budget, tick.due, at)
