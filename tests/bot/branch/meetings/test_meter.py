"""The month's meter: December and the whole year are told in January."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.branch.meetings.kinds import Kind
from bot.outbox import Letter
from bot.storage.database import Storage
from scheduler.job import Tick
from scheduler.meetings import tell_frequency
from tests.bot.branch.meetings.test_calls import record
from tests.bot.branch.meetings.test_doors import AT, call
from tests.conftest import ZONE
from tests.stage import Stage


def letters(storage: Storage, key: str) -> list[str]:
    with storage.read() as session:
        found = select(Letter).where(Letter.key.startswith(key)).order_by(Letter.id)
        return [str(each.body) for each in session.scalars(found)]


def test_december_and_the_whole_year_are_told_in_january(
    storage: Storage, stage: Stage
) -> None:
    with storage.write() as session:
        call(session, AT, Kind.GENERAL)
    january = datetime(2027, 1, 4, 10, tzinfo=ZONE)
    stage.clock.set(january)
    for _ in range(2):
        tell_frequency.run(Tick(january, january, stage.assistant))
    (told,) = letters(storage, "frequency_after:2026-12:")
    assert "2026 年" in told
    assert "12月" in told
    assert "第四季度" in told


def test_a_record_brings_a_branch_into_the_meter(
    storage: Storage, stage: Stage
) -> None:
    with storage.write() as session:
        record(session, AT - timedelta(days=20), sits_in=())
    april = datetime(2026, 4, 1, 10, tzinfo=ZONE)
    stage.clock.set(april)
    tell_frequency.run(Tick(april, april, stage.assistant))
    assert letters(storage, "frequency_after:2026-03:")
