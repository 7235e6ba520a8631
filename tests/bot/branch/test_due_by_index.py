"""What is due is found by an index, however many members there are."""

import re
from collections.abc import Callable, Iterator, Sized
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.branch.birthdays import greetings
from bot.branch.people.members import Category, add_member, ensure_root, set_joined
from bot.branch.reminders import send
from bot.maintenance.schema import METADATA
from bot.storage.database import Storage
from tests.conftest import ZONE

MORNING = datetime(2026, 1, 4, 8, 0, tzinfo=ZONE)  # looks back into last year too
LONG_AGO = datetime(2020, 1, 4, 8, 0, tzinfo=ZONE)
GROWING = re.compile(r"SCAN (?:member|reminder|greeting)\b")


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Storage]:
    storage = Storage(f"sqlite:///{tmp_path / 'books.db'}")
    METADATA.create_all(storage.engine)
    with storage.write() as session:
        member = add_member(session, "王芳", ensure_root(session, "支部"), LONG_AGO)
        member.category = Category.FULL
        set_joined(member, date(2010, 12, 31))
    yield storage
    storage.close()


@pytest.mark.parametrize(
    ("look", "found"),
    [(greetings.due, 1), (partial(send.due, own=True), 0)],
    ids=["birthdays", "reminders"],
)
def test_nobody_is_scanned(
    books: Storage, look: Callable[[Session, datetime], Sized], found: int
) -> None:
    asked: list[tuple[str, Any]] = []

    def note(*call: Any) -> None:
        asked.append((call[2], call[3]))

    event.listen(books.engine, "before_cursor_execute", note)
    with books.read() as session:
        assert len(look(session, MORNING)) == found
    event.remove(books.engine, "before_cursor_execute", note)
    looks = [each for each in asked if each[0].startswith("SELECT")]
    assert looks
    with books.engine.connect() as connection:
        for statement, values in looks:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row[-1] for row in plan]
            assert not [each for each in steps if GROWING.match(each)], steps
