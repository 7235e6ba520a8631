"""What the clock asks the books: who is due, among 100,000 members and reminders."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bench.branch import BRANCH
from bench.figures import Figure
from bot.branch.birthdays import greetings
from bot.branch.birthdays.greetings import Greeting
from bot.branch.people.members import Category, Member, ensure_root
from bot.branch.reminders import send
from bot.branch.reminders.reminders import Reminder, State
from bot.config.settings import Quiet
from bot.maintenance import upgrade
from bot.storage.database import Storage

MEMBERS = 100_000
REMINDERS = 200_000
DUE = 100
TRIES = 5
BAR = 200


def measure(folder: Path, now: datetime) -> list[Figure]:
    """Two reminders a member, a hundred of them due; birthdays on every day.

    Whose birthday was in the week before was greeted, as after a week without outage.
    """
    storage = Storage(f"sqlite:///{folder / 'branch.db'}")
    upgrade.upgrade(storage)
    now = now.replace(hour=9, minute=0, second=0, microsecond=0)
    with storage.write() as session:
        _fill(session, now)
    due = _time(storage, lambda session: send.due(session, now, own=True))
    birthdays = _time(storage, lambda session: greetings.due(session, now))
    each = _fire(storage, now)
    storage.close()
    return [
        Figure(f"reminders due, of {REMINDERS:,}", due, "ms", BAR),
        Figure(f"birthdays due, of {MEMBERS:,}", birthdays, "ms", BAR),
        Figure("a due reminder told and moved on", each, "ms"),
    ]


def _fill(session: Session, now: datetime) -> None:
    root = ensure_root(session, BRANCH).id
    long_ago = now - timedelta(days=400)
    joined = [datetime(2004, 1, 1).date() + timedelta(days=day) for day in range(366)]
    people = [
        {
            "id": number,
            "name": f"党员{number:06d}",
            "userid": f"member{number:06d}",
            "account": f"member{number:06d}",
            "branch_id": root,
            "category": Category.FULL.value,
            "joined": joined[number % 366],
            "joined_day": joined[number % 366].month * 100 + joined[number % 366].day,
            "state": "active",
            "greeted": True,
            "plain": False,
            "added_at": long_ago,
        }
        for number in range(1, MEMBERS + 1)
    ]
    session.execute(insert(Member), people)
    session.execute(insert(Greeting), _greeted(session, now))
    session.execute(
        insert(Reminder), [_reminder(n, root, now) for n in range(REMINDERS)]
    )


def _greeted(session: Session, now: datetime) -> list[dict[str, object]]:
    days = [now.date() - timedelta(days=back) for back in range(1, 8)]
    born = select(Member.id).where(
        Member.joined_day.in_([day.month * 100 + day.day for day in days])
    )
    return [
        {"member_id": number, "year": now.year, "at": now}
        for number in session.scalars(born)
    ]


def _reminder(number: int, root: int, now: datetime) -> dict[str, object]:
    """Write one: the first hundred are due now, the others in the weeks to come."""
    due = now if number < DUE else now + timedelta(minutes=1 + number % 40_000)
    return {
        "author_id": 1 + number % MEMBERS,
        "branch_id": root,
        "own": True,
        "audience": {},
        "text": "交心得",
        "rule": "1 weekly 09:00 days=0",
        "state": State.ACTIVE.value,
        "next_due": due,
        "provisional": False,
        "created_at": now,
    }


def _time(storage: Storage, look: Callable[[Session], object]) -> float:
    """Return the milliseconds that the median look takes."""
    took = []
    for _ in range(TRIES):
        with storage.read() as session:
            began = time.perf_counter()
            look(session)
            took.append(time.perf_counter() - began)
    return median(took) * 1000


def _fire(storage: Storage, now: datetime) -> float:
    with storage.read() as session:
        due = send.due(session, now, own=True)
    began = time.perf_counter()
    for number in due:
        with storage.write() as session:
            send.fire(session, number, now, Quiet())
    return (time.perf_counter() - began) * 1000 / len(due)
