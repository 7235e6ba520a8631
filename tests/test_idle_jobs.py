"""A job that says that it has nothing to do has nothing to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.maintenance.schema import METADATA
from bot.storage.database import Storage
from scheduler.job import Tick, always
from scheduler.runner import Runner
from server.setup.wiring import all_jobs
from tests.stage import Stage

PLAYS = Path(__file__).parent / "conversations"
ASKED = [job for job in all_jobs() if job.next_due is not always]
OFTEN = 5
"""So many moves of the clock make a play worth the trouble."""


def moves(script: Path) -> list[str]:
    lines = script.read_text("utf-8").splitlines()
    return [line for line in lines if line.startswith("20")]


SCRIPTS = [each for each in sorted(PLAYS.glob("*.txt")) if len(moves(each)) >= OFTEN]


def test_whatever_looks_often_is_asked_beforehand(stage: Stage) -> None:
    """But what empties the journal, which no book knows to be full."""
    runner, now = Runner(all_jobs(), stage.assistant), stage.clock.now()
    soon = now + timedelta(minutes=10)
    often = {job for job in runner.jobs if runner.next_moment(job, now) < soon}
    assert {job.name for job in often.difference(ASKED)} == {"private"}


def books(storage: Storage) -> Mapping[str, Sequence[Any]]:
    """Return every row of every book but the clock's own."""
    tables = [each for each in METADATA.sorted_tables if each.name != "occasion"]
    with storage.read() as session:
        return {
            each.name: session.execute(select(each).order_by(*each.primary_key)).all()
            for each in tables
        }


class Doubter(Stage):
    """Runs, at each move of the clock, also what says that it has nothing to do."""

    def move_to(self, when: str) -> None:
        """Do so before what is due is done, and after it."""
        zone = self.assistant.config.timezone
        self.clock.set(datetime.fromisoformat(when).replace(tzinfo=zone))
        self._run_idle()
        super().move_to(when)
        self._run_idle()

    def _run_idle(self) -> None:
        storage, now = self.assistant.storage, self.clock.now()
        before, idle = books(storage), []
        for job in ASKED:
            tick = Tick(now, now, self.assistant)
            with storage.read() as session:
                due = job.next_due(session, tick)
            if due is None or due > now:
                idle.append(job.name)
                job.run(tick)
        assert books(storage) == before, idle


@pytest.mark.thorough
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_nothing_is_written_where_nothing_is_due(script: Path, stage: Stage) -> None:
    text = script.read_text("utf-8")
    doubter = Doubter(stage.assistant, stage.clock, stage.world)
    assert doubter.play(text) == text
