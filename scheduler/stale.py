"""Drop, and count, letters that nobody needs any more."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import outbox
from scheduler.job import Tick, job


def next_due(session: Session, _tick: Tick) -> datetime | None:
    return outbox.next_stale(session)


@job("stale", cron="*/5 * * * *", grace=timedelta(minutes=10), next_due=next_due)
def drop_stale(tick: Tick) -> None:
    with tick.assistant.storage.write() as session:
        outbox.drop_stale(session, tick.now)
