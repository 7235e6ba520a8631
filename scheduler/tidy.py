"""Forget, every night, what nobody can ask for again."""

from datetime import timedelta

from bot.branch.console import links, sendings, sessions
from bot.branch.people import binding
from bot.branch.records import evidence
from bot.channels.aibot import feedback, replies
from bot.channels.aibot.hear import CHANNEL
from bot.inbox import answered, callers
from bot.maintenance import clock_ahead
from bot.outbox import ways
from bot.storage import ticks
from scheduler.job import Tick, job


@job("tidy", cron="30 3 * * *", grace=timedelta(days=1))
def forget_old(tick: Tick) -> None:
    with tick.assistant.storage.write() as session:
        evidence.drop_twins(session, tick.now)
        answered.forget_old(session, tick.now)
        binding.forget_old(session, tick.now)
        replies.forget_old(session, tick.now)
        feedback.forget_old(session, tick.now)
        known = ways.addresses(session, CHANNEL)
        callers.forget_old(session, CHANNEL, tick.now, known)
        ticks.forget_old(session, tick.now)
        for book in (links, sessions, sendings):
            book.forget_old(session, tick.now)
        clock_ahead.set_right(session, tick.now, tick.assistant.config.quiet)
