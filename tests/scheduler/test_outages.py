"""What goes wrong on purpose, for every job there is: nothing twice, nothing stale."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot import outbox
from bot.errors import StorageError
from bot.message import Text
from bot.outbox import Letter, Plan, Recipient, Window
from bot.storage.database import Storage
from scheduler.job import Job, Tick, always
from scheduler.runner import Runner
from server.setup.wiring import all_jobs
from tests.conftest import ZONE
from tests.people import find_member
from tests.scheduler.conftest import Tower

JOBS = all_jobs()
each_job = pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
SUNDAY = datetime(2026, 3, 1, 12, 0, tzinfo=ZONE)

Told = list[tuple[str, str | None]]


def told(storage: Storage) -> Told:
    """List every letter with everyone it was planned for."""
    with storage.read() as session:
        rows = session.execute(
            select(Letter.key, Recipient.user)
            .join(Recipient, Recipient.letter_id == Letter.id)
            .order_by(Letter.id, Recipient.id)
        )
        return [(key, user) for key, user in rows]


def kept_back(tower: Tower) -> None:
    """Leave something for every job to do: words kept back until Monday."""
    window = Window(SUNDAY, SUNDAY + timedelta(days=9))
    with tower.assistant.storage.write() as session:
        member = find_member(session, "李伟")
        for key in ("one", "two"):
            plan = Plan(key, "reminder", Text(f"words of {key}"), window)
            outbox.put_to(session, plan, member.userid, member.id, now=SUNDAY)
        session.execute(
            update(Recipient).values(held_until=SUNDAY, reason=outbox.MUTED)
        )


def first_due(tower: Tower, job: Job, after: datetime) -> datetime:
    return Runner(JOBS, tower.assistant).next_moment(job, after)


def strike(tower: Tower, job: Job, when: datetime) -> None:
    """Strike as a process that has just started would."""
    tower.clock.set(when)
    Runner([job], tower.assistant).strike()


@each_job
def test_twice_late_and_by_two_clocks_is_once(tower: Tower, job: Job) -> None:
    kept_back(tower)
    due = first_due(tower, job, SUNDAY)
    strike(tower, job, due)
    once = told(tower.assistant.storage)
    assert len(set(once)) == len(once)
    strike(tower, job, due)  # another scheduler
    strike(tower, job, due - timedelta(hours=1))  # the clock is set back
    strike(tower, job, due)
    job.run(Tick(due, due, tower.assistant))  # whose memory of the stroke was lost
    assert told(tower.assistant.storage) == once


@each_job
@pytest.mark.parametrize("hours", [0.5, 14, 72], ids=["8:30", "midnight", "3 days"])
def test_after_an_outage_nothing_stale_and_nothing_twice(
    tower: Tower, job: Job, hours: float
) -> None:
    kept_back(tower)
    strike(tower, job, first_due(tower, job, SUNDAY - timedelta(days=1)))
    back = first_due(tower, job, SUNDAY) + timedelta(hours=hours)
    before = set(told(tower.assistant.storage))
    strike(tower, job, back)
    strike(tower, job, back + timedelta(minutes=1))
    after = told(tower.assistant.storage)
    assert len(set(after)) == len(after)
    new = {key for key, _ in set(after) - before}
    with tower.assistant.storage.read() as session:
        ends = session.scalars(select(Letter.not_after).where(Letter.key.in_(new)))
        assert [end for end in ends if end <= back] == []


@each_job
def test_a_run_that_raised_is_made_up_for(tower: Tower, job: Job) -> None:
    kept_back(tower)
    due = first_due(tower, job, SUNDAY)
    falls = [True]

    def run(tick: Tick) -> None:
        job.run(tick)
        if falls.pop():
            falls.append(False)
            raise ZeroDivisionError("a bug after the work")

    broken = replace(job, run=run, next_due=always)
    strike(tower, broken, due)
    once = told(tower.assistant.storage)
    strike(tower, broken, due + timedelta(minutes=2))
    assert falls == []
    assert told(tower.assistant.storage) == once


@contextmanager
def locked(storage: Storage) -> Iterator[Connection]:
    """Hold the write lock, as another program's long transaction would."""
    other = Storage(storage.location)
    try:
        with other.exclusive() as connection:
            if not other.is_sqlite:  # where each row has its own lock
                connection.exec_driver_sql("LOCK TABLE occasion")
            yield connection
    finally:
        other.close()


@pytest.mark.thorough
def test_a_locked_database_costs_a_stroke_and_no_message(tower: Tower) -> None:
    due = datetime(2026, 3, 2, 8, 0, tzinfo=ZONE)
    tower.clock.set(due)
    with locked(tower.assistant.storage), pytest.raises(StorageError):
        tower.runner.strike()
    assert told(tower.assistant.storage) == []
    tower.clock.set(due + timedelta(minutes=1))
    tower.runner.strike()
    assert ("王芳", "birthday") in [
        (name, "birthday") for name, _ in tower.queued("birthday")
    ]
