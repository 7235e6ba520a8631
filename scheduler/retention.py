"""Let the data of those who left go, and personal letters that are long read."""

from datetime import timedelta

from bot.branch.notices import enclosures
from bot.branch.personal_data import departures, removal
from bot.branch.records import book as records
from scheduler.job import Tick, job


@job("retention", cron="50 3 * * *", grace=timedelta(days=1))
def keep_no_longer(tick: Tick) -> None:
    """Work in small steps: others write too."""
    storage, kept = tick.assistant.storage, tick.assistant.config.retention
    with storage.write() as session:
        records.forget_private(session, tick.now.date())
        departures.notice_departures(session, tick.now)
        departures.forget_accounts(session, tick.now - removal.RESTORED_WITHIN)
        enclosures.forget_unsent(session, tick.now)
    more = True
    while more:
        with storage.write() as session:
            more = departures.erase_due(session, tick.now, kept.departed) > 0
    more = True
    while more:
        with storage.write() as session:
            more = departures.forget_letters(session, tick.now - kept.letters)
