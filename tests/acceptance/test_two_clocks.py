"""Two scheduler processes on one database, at the same birthdays and reminders."""

from collections import Counter
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.branch.people.members import (
    Category,
    add_member,
    ensure_root,
    link,
    set_joined,
)
from bot.branch.reminders.reminders import Reminder
from bot.clock import WallClock
from bot.config.load import load_config
from bot.maintenance.upgrade import upgrade
from bot.outbox import Letter, Recipient
from bot.storage.database import Storage
from tests.acceptance.programs import Program, started, until, write_config

ZONE = ZoneInfo("Asia/Shanghai")
LONG_AGO = timedelta(days=400)
YEARS = 8  # so that a 29 February was one then too
NAMES = ("王芳", "李伟", "陈静")
# Never due at the same moment, so that each takes every job on, and must find in the
# books themselves what the other did.
BEATS = ("*/2 * * * *", "1-59/2 * * * *")


@pytest.fixture
def configs(tmp_path: Path) -> list[Path]:
    """Write two configurations of one database, in which everybody is due."""
    paths = []
    text = write_config(tmp_path).read_text("utf-8")
    for number, beat in enumerate(BEATS):
        path = tmp_path / f"clock{number}.toml"
        schedule = f'[schedule]\nbirthdays = "{beat}"\nreminders = "{beat}"\n'
        path.write_text(text + schedule, "utf-8")
        paths.append(path)
    storage = _open(paths[0])
    upgrade(storage)
    _fill(storage, WallClock(ZONE).now())
    storage.close()
    return paths


def _open(config: Path) -> Storage:
    return Storage(load_config(config).database.url.get_secret_value())


def _fill(storage: Storage, now: datetime) -> None:
    with storage.write() as session:
        branch = ensure_root(session, "支部")
        for number, name in enumerate(NAMES):
            member = add_member(session, name, branch, now - LONG_AGO)
            member.category = Category.FULL
            link(member, f"member{number}")
            set_joined(member, now.date().replace(year=now.year - YEARS))
            session.add(
                Reminder(
                    author_id=member.id,
                    branch_id=branch.id,
                    own=True,
                    audience={},
                    text="交心得",
                    once_at=now,
                    next_due=now,
                    created_at=now - LONG_AGO,
                )
            )


def test_nothing_is_told_twice(configs: list[Path]) -> None:
    with ExitStack() as stack:
        clocks = [
            stack.enter_context(
                started(
                    path.with_suffix(".log"),
                    *("serve", "--only", "scheduler", "--config", str(path)),
                )
            )
            for path in configs
        ]
        until(lambda: _both_struck(clocks), "each has greeted, and one reminded")
        assert [clock.stop() for clock in clocks] == [0, 0]
    assert _told(_open(configs[0])) == {
        (kind, f"member{number}"): times
        for kind, times in (("birthday", 2), ("reminder", 1))  # words and a card
        for number in range(len(NAMES))
    }
    assert not [clock.said() for clock in clocks if '"bug"' in clock.said()]


def _both_struck(clocks: list[Program]) -> bool:
    """Tell whether each took the greetings on; what is sent off already is idle."""
    said = [clock.said() for clock in clocks]
    greeted = all('"job": "birthdays"' in each for each in said)
    return greeted and any('"job": "own_reminders"' in each for each in said)


def _told(storage: Storage) -> Counter[tuple[str, str | None]]:
    with storage.read() as session:
        rows = session.execute(
            select(Letter.kind, Recipient.user)
            .join(Recipient, Recipient.letter_id == Letter.id)
            .where(Letter.kind.in_(("birthday", "reminder")))
        ).all()
    storage.close()
    return Counter((kind, user) for kind, user in rows)
