"""Forget private replies once the platform can no longer ask for them again."""

from datetime import timedelta

from bot import inbox
from scheduler.job import Tick, job


@job("private", cron="*/5 * * * *", grace=timedelta(days=1))
def forget_private(tick: Tick) -> None:
    with tick.assistant.storage.write() as session:
        inbox.forget_private(session, tick.now)
