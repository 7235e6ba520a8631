"""Forget private replies and answered questions soon, also in the journal."""

from datetime import timedelta

from bot.branch.people import send_file
from bot.inbox import answered, focus, open_questions
from scheduler.job import Tick, job


@job("private", cron="*/5 * * * *", grace=timedelta(days=1))
def forget_private(tick: Tick) -> None:
    storage, more = tick.assistant.storage, True
    while more:
        with storage.write() as session:
            more = send_file.forget_sent(session)
    with storage.write() as session:
        answered.forget_private(session, tick.now)
        open_questions.forget_old(session, tick.now)
        focus.forget_old(session, tick.now)
    storage.empty_journal()
