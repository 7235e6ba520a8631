"""Let go, or count, what was kept back for its reader's sake."""

from datetime import timedelta

from bot import outbox
from scheduler.job import Tick, job


@job("held", cron="*/5 * * * *", grace=timedelta(minutes=10))
def look_after_held(tick: Tick) -> None:
    with tick.assistant.storage.write() as session:
        outbox.settle_merged(session, tick.now)
        outbox.drop_held(session, tick.now)
        outbox.tell_lapsed(session, tick.now)
        outbox.let_go(session, tick.now)
