"""What can wait, told in one message at the end of the day."""

from datetime import timedelta

from bot import outbox
from bot.calendar.quiet_hours import is_quiet
from scheduler.job import Tick, job


@job("digest", cron="30 17 * * *", grace=timedelta(hours=3))
def send_digests(tick: Tick) -> None:
    quiet = tick.assistant.config.quiet
    if is_quiet(quiet, tick.now):
        return
    with tick.assistant.storage.write() as session:
        outbox.merge(session, quiet, tick.now)
