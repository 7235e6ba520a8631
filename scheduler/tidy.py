"""Forget, every night, what nobody can ask for again."""

from datetime import timedelta

from bot import ahead, inbox, ticks
from scheduler.job import Tick, job


@job("tidy", cron="30 3 * * *", grace=timedelta(days=1))
def forget_old(tick: Tick) -> None:
    with tick.assistant.storage.write() as session:
        inbox.forget_old(session, tick.now)
        ticks.forget_old(session, tick.now)
        ahead.set_right(session, tick.now, tick.assistant.config.quiet)
