"""The month's 减负自查 for the secretary, on the first working day of the next."""

from datetime import timedelta

from bot.branch.notices import burden
from bot.calendar.quiet_hours import next_loud
from bot.calendar.recurrence.stretches import add_months
from bot.calendar.workdays import is_workday
from scheduler.job import Tick, job


@job("burden", cron="30 9 1-10 * *", grace=timedelta(days=2))
def tell_burden(tick: Tick) -> None:
    """Tell it once; the days after the first working day make up for an outage.

    Each secretary's in a transaction of its own, which has nothing to count any more.
    """
    assistant, now = tick.assistant, tick.now
    if not is_workday(now.date()):
        return
    storage, quiet = assistant.storage, assistant.config.quiet
    last_month = add_months(tick.due.date().replace(day=1), -1)
    at = next_loud(quiet, now)
    with storage.read() as session:
        secretaries = burden.untold(session, last_month)
    silent = []
    for number in secretaries:
        with storage.read() as session:
            plan = burden.write(session, number, last_month, now, at, quiet)
        if plan is None:
            silent.append(number)
            continue
        with storage.write() as session:
            burden.tell(session, number, plan, now)
    if silent:
        with storage.write() as session:
            burden.pass_over(session, silent, last_month, now)
