"""Chase the silent before a notice's deadline, report after it, finish recalls."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.branch.notices import chasing, corrections, upcoming, withdrawal
from bot.calendar.quiet_hours import next_loud
from scheduler.job import Tick, job


def next_due(session: Session, tick: Tick) -> datetime | None:
    return upcoming.next_due(session, tick.assistant.config.quiet, tick.now)


@job("notices", cron="*/5 * * * *", grace=timedelta(minutes=30), next_due=next_due)
def follow_notices(tick: Tick) -> None:
    config = tick.assistant.config
    with tick.assistant.storage.write() as session:
        corrections.stop_outdated(session, tick.now)
        for notice in chasing.due_chases(session, config.quiet, tick.now):
            desk = chasing.desk_of(session, notice, config.server.public_url)
            chasing.chase(session, notice, desk, tick.now)
        withdrawal.take_back_late(session, tick.now)
        for notice in chasing.due_reports(session, tick.now):
            loud = next_loud(config.quiet, tick.now)
            chasing.report(session, notice, loud, tick.now)
