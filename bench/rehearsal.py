"""A year's rehearsal of a branch of a hundred, and of ten thousand."""

import time
from datetime import date, datetime, timedelta
from logging import WARNING
from pathlib import Path

from sqlalchemy import insert

from bench.branch import BRANCH
from bench.envelopes import userid
from bench.figures import Figure
from bot.branch.people.members import Category, Member, ensure_root
from bot.config.load import make_config
from bot.maintenance import upgrade
from bot.storage.database import Storage
from server.monitoring.logs import set_up_logs
from server.rehearsal.rehearse import rehearse

YEAR = 365
SIZES = ((100, 10.0), (10_000, 120.0))


def measure(folder: Path, now: datetime) -> list[Figure]:
    """Rehearse the coming year; the working days and birthdays are the whole of it."""
    set_up_logs(level=WARNING)  # as the command does
    figures = []
    for people, bar in SIZES:
        url = f"sqlite:///{folder / f'{people}.db'}"
        config = make_config({"database": {"url": url}, "branch": {"name": BRANCH}})
        storage = Storage(url)
        upgrade.upgrade(storage)
        _fill(storage, people, now)
        start = now.replace(hour=0, minute=0, second=0, microsecond=0)
        began = time.perf_counter()
        play = rehearse(config, storage, start, YEAR, now)
        took = time.perf_counter() - began
        storage.close()
        sent = sum(len(each.users) for each in play.sendings)
        figures += [
            Figure(f"a year of {people:,}", took, "s", bar),
            Figure("… messages", sent, ""),
        ]
    return figures


def _fill(storage: Storage, people: int, now: datetime) -> None:
    joined = [date(2004, 1, 1) + timedelta(days=day) for day in range(366)]
    with storage.write() as session:
        root = ensure_root(session, BRANCH)
        rows = [
            {
                "userid": userid(number),
                "account": userid(number).casefold(),
                "name": f"党员{number}",
                "branch_id": root.id,
                "category": Category.FULL.value,
                "joined": joined[number % 366],
                "joined_day": joined[number % 366].month * 100
                + joined[number % 366].day,
                "state": "active",
                "greeted": True,
                "plain": False,
                "added_at": now - timedelta(days=400),
            }
            for number in range(people)
        ]
        session.execute(insert(Member), rows)
