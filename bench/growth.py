"""A check-in's own cost while members and check-ins grow a thousandfold.

In this process and by its own CPU time, so that neither HTTP nor a neighbour is
measured. The tables are filled by the database itself.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

from sqlalchemy import text

from bench.branch import BRANCH, write_config
from bench.figures import Figure
from bot.assistant.answering import Assistant
from bot.branch.people.members import Category, ensure_root
from bot.config.load import load_config
from bot.maintenance import upgrade
from bot.message import Message
from bot.storage.database import Storage
from server.setup.wiring import build_assistant

# Members, and days on which each of them checked in: ten million rows at the end.
SIZES = ((1_000, 10), (10_000, 10), (100_000, 10), (1_000_000, 10))
MESSAGES, WARM_UP = 1000, 50
MOST_GROWTH = 1.3
COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :all)"
MEMBERS = f"""INSERT INTO member (userid, account, name, branch_id, category, state,
greeted, plain, added_at) {COUNT} SELECT 'g' || i, 'g' || i, '党员' || i, :branch,
:category, 'active', 1, 0, :at FROM n"""
CHECKINS = f"""INSERT INTO check_in (member_id, day, nth, at, streak, note)
{COUNT} SELECT m.id, date(:first, '+' || (n.i - 1) || ' day'), 1,
datetime(:first, '+' || (n.i - 1) || ' day'), n.i, '读党章' FROM member m, n"""


@dataclass(frozen=True)
class Size:
    members: int
    rows: int
    assistant: Assistant
    random: Random

    def answer(self, number: int) -> float:
        """Return the milliseconds of CPU that somebody's check-in took."""
        who = f"g{self.random.randint(1, self.members)}"
        message = Message("wecom", who, f"{who}:{number}", text=f"打卡 第{number}章")
        began = time.process_time()
        heard = self.assistant.answer(message)
        took = time.process_time() - began
        if heard.reply is None or "打卡" not in heard.reply.text:
            raise AssertionError(heard.reply)
        return took * 1000


def measure(
    folder: Path, now: datetime, sizes: tuple[tuple[int, int], ...] = SIZES
) -> list[Figure]:
    figures, costs = [], []
    for members, days in sizes:
        with _grown(folder / str(members), now, members, days) as size:
            for number in range(WARM_UP):
                size.answer(-number)
            cost = median(size.answer(number) for number in range(MESSAGES))
        costs.append(cost)
        what = f"CPU a check-in, {members:,} members, {size.rows:,} check-ins"
        figures.append(Figure(what, cost, "ms"))
    return [
        *figures,
        Figure("largest / smallest", costs[-1] / costs[0], "×", MOST_GROWTH),
    ]


@contextmanager
def _grown(folder: Path, now: datetime, members: int, days: int) -> Iterator[Size]:
    """Fill a database; it is gone afterwards, before the next takes its room."""
    folder.mkdir()
    config = load_config(write_config(folder, "http://127.0.0.1:9"))
    storage = Storage(config.database.address)
    upgrade.upgrade(storage)
    first = (now - timedelta(days=days)).date().isoformat()
    with storage.write() as session:
        branch = ensure_root(session, BRANCH).id
        known = {"branch": branch, "category": Category.FULL.value}
        known["at"] = now.isoformat(sep=" ")[:19]
        session.execute(text(MEMBERS), {"all": members, **known})
        session.execute(text(CHECKINS), {"all": days, "first": first})
    assistant = build_assistant(config, storage=storage)
    yield Size(members, members * days, assistant, Random(7))
    storage.close()
    for path in folder.iterdir():
        path.unlink()
