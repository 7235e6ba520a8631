"""Forget, every night, what nobody can ask for again."""

from datetime import timedelta

from bot.branch.console import links, sendings, sessions
from bot.branch.people import binding
from bot.inbox import answered
from bot.maintenance import clock_ahead
from bot.storage import ticks
from scheduler.job import Tick, job


@job("tidy", cron="30 3 * * *", grace=timedelta(days=1))
def forget_old(tick: Tick) -> None:
    with tick.assistant.storage.write() as session:
        answered.forget_old(session, tick.now)
        binding.forget_old(session, tick.now)
        ticks.forget_old(session, tick.now)
        for book in (links, sessions, sendings):
            book.forget_old(session, tick.now)
        clock_ahead.set_right(session, tick.now, tick.assistant.config.quiet)
