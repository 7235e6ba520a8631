"""Drop, and count, letters that nobody needs any more."""

from datetime import timedelta

from bot import outbox
from scheduler.job import Tick, job


@job("stale", cron="*/5 * * * *", grace=timedelta(minutes=10))
def drop_stale(tick: Tick) -> None:
    with tick.assistant.storage.write() as session:
        outbox.drop_stale(session, tick.now)
