"""Let go, or count, what was kept back for its reader's sake."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import outbox
from scheduler.job import Tick, job


def next_due(session: Session, _tick: Tick) -> datetime | None:
    return outbox.next_release(session)


@job("held", cron="*/5 * * * *", grace=timedelta(minutes=10), next_due=next_due)
def look_after_held(tick: Tick) -> None:
    with tick.assistant.storage.write() as session:
        outbox.settle_merged(session, tick.now)
        outbox.drop_held(session, tick.now)
        outbox.tell_lapsed(session, tick.now)
        outbox.let_go(session, tick.now)
