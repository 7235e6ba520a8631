"""Forget private replies and answered questions soon, also in the journal."""

from datetime import timedelta

from bot import inbox, pending
from bot.branch import exports
from scheduler.job import Tick, job


@job("private", cron="*/5 * * * *", grace=timedelta(days=1))
def forget_private(tick: Tick) -> None:
    storage, more = tick.assistant.storage, True
    while more:
        with storage.write() as session:
            more = exports.forget_sent(session)
    with storage.write() as session:
        inbox.forget_private(session, tick.now)
        pending.forget_old(session, tick.now)
    storage.empty_journal()
