"""A notice to 100,000: confirming, delivering beside check-ins, status, kill -9.

The server and the twin of WeCom are processes of their own.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import Thread

import requests
from sqlalchemy import insert, select, update

from bench.branch import BRANCH, PEOPLE, fill, write_config
from bench.envelopes import seal_checkins, userid
from bench.figures import Figure
from bench.load import Run, drive
from bench.processes import Served, free_port, serving, working
from bot import outbox
from bot.assistant.answering import Assistant
from bot.branch.notices import notices, reach, replies
from bot.branch.notices.notices import Notice
from bot.branch.notices.receipts import Receipt
from bot.branch.people.members import Category, Grant, Member, Role
from bot.branch.people.tree import Branch
from bot.config.load import load_config
from bot.message import Message, Text
from bot.outbox import Plan, Recipient, Window
from bot.storage.database import Storage
from server.setup.wiring import build_assistant

ALL = 100_000
CHASED = 10_000
PERSONAL = 5_000
KILLS = 6
CHECKINS, LINES = 1500, 8
MINUTE = 60.0
LOOK_EVERY = 0.1  # seconds; the twin's own time is dear


@dataclass(frozen=True)
class Bench:
    """The books, the twin and where the settings are."""

    config: Path
    assistant: Assistant
    twin: str

    @property
    def storage(self) -> Storage:
        return self.assistant.storage

    def say(self, text: str) -> float:
        """Say something as the secretary; return the seconds until the answer."""
        began = time.perf_counter()
        message = Message("wecom", userid(0), f"bench:{began}", text=text)
        heard = self.assistant.answer(message)
        if heard.reply is None or "出了点问题" in heard.reply.text:
            raise AssertionError(f"{text}: {heard.reply}")
        return time.perf_counter() - began

    def sent(self) -> int:
        return int(requests.get(f"{self.twin}/twin/state", timeout=30).json()["sent"])


def measure(folder: Path, now: datetime) -> list[Figure]:
    with prepared(folder, now, ALL) as bench:
        return [
            *_broadcast(bench, folder, now),
            *_receipts(bench, now),
            *_personal(bench, folder, now),
        ]


def measure_kills(folder: Path, now: datetime) -> list[Figure]:
    """Kill the deliverer at random moments of a broadcast to 10,000."""
    with prepared(folder, now, CHASED) as bench:
        bench.say("发通知 周三下午两点在301开支部大会")
        bench.say("立即发")
        random, kills = Random(7), 0
        while _pending(bench) and kills < KILLS:
            before = _pending(bench)
            with delivering(bench, folder) as served:
                wait(lambda: _pending(bench) < before)  # noqa: B023  # in the loop
                time.sleep(random.uniform(0, 0.05))
                os.kill(served.pid, signal.SIGKILL)
            kills += 1
        _free_claims(bench)
        with delivering(bench, folder):
            wait(lambda: _pending(bench) == 0)
        copies = _copies(bench)
    return [
        Figure(f"kill -9, {kills} times: planned", CHASED, "people"),
        Figure(
            "… with exactly one copy", copies.count(1), "people", CHASED, least=True
        ),
        Figure("… with more than one", sum(n > 1 for n in copies), "people", 1),
    ]


def _broadcast(bench: Bench, folder: Path, now: datetime) -> list[Figure]:
    preview = bench.say("发通知 周三下午两点在301开支部大会")
    confirm = bench.say("立即发")  # whatever the hour
    port, runs = free_port(), []
    batch = seal_checkins(0, CHECKINS, PEOPLE, now)
    program = f"-m server serve --port {port} --config {bench.config}"
    began = time.perf_counter()
    with serving(program.split(), port, folder / "serve.log") as served:
        load = Thread(target=lambda: runs.append(drive(port, batch.requests, LINES)))
        load.start()
        wait(lambda: _pending(bench) == 0)
        took = time.perf_counter() - began
        memory = served.memory()
        load.join()
    run: Run = runs[0]
    status = min(bench.say("谁没回复") for _ in range(3))
    return [
        Figure("preview", preview * 1000, "ms"),
        Figure("confirm", confirm * 1000, "ms", 1000),
        Figure("handed to the twin, with start of the process", took, "s", 60),
        Figure("check-ins meanwhile, c=8, p99", run.percentile(0.99), "ms", 500),
        Figure("memory of all of serve meanwhile (RSS)", memory.rss, "MB", 300),
        Figure("status and who is missing", status * 1000, "ms", 300),
    ]


def _receipts(bench: Bench, now: datetime) -> list[Figure]:
    with bench.storage.read() as session:
        notice = session.scalars(select(Notice)).one()
        people = session.scalars(select(Member.id)).all()
        session.expunge(notice)
    began = time.perf_counter()
    for number in people:
        with bench.storage.write() as session:
            receipt = Receipt(
                notice_id=notice.id, member_id=number, at=now, how="button", choice=None
            )
            replies.acknowledge(session, notice, receipt)
    took = time.perf_counter() - began
    with bench.storage.read() as session:
        recorded = reach.status(session, notice).acknowledged
    if recorded != ALL:
        raise AssertionError(f"{recorded} receipts of {ALL}")
    return [
        Figure("100,000 receipts recorded, a transaction each", took, "s"),
        Figure("… which is", ALL / took, "a second"),
    ]


def _personal(bench: Bench, folder: Path, now: datetime) -> list[Figure]:
    before = bench.sent()
    window = Window(now, now + timedelta(days=1))
    with bench.storage.write() as session:
        for number in range(PERSONAL):
            plan = Plan(f"bench:{number}", "bench", Text(f"第{number}位，您好"), window)
            outbox.put_to(session, plan, userid(number), None, now=now)
    began = time.perf_counter()
    with delivering(bench, folder):
        wait(lambda: not is_waiting(bench), LOOK_EVERY)
        took = time.perf_counter() - began
    if (sent := bench.sent() - before) != PERSONAL:
        raise AssertionError(f"{sent} copies of {PERSONAL} letters")
    return [
        Figure(
            "100,000 personal letters, extrapolated", took / PERSONAL * ALL, "s", 600
        )
    ]


@contextmanager
def prepared(
    folder: Path, now: datetime, people: int, database: str = ""
) -> Iterator[Bench]:
    """A branch of so many people, and the twin in a process of its own."""
    port = free_port()
    arguments = f"-m bench.platform {port} {people}"
    with serving(arguments.split(), port, folder / "twin.log"):
        twin = f"http://127.0.0.1:{port}"
        config = write_config(folder, twin, database)
        fill(config, now)
        settings = load_config(config)
        assistant = build_assistant(
            settings, storage=Storage(settings.database.address)
        )
        _add_people(assistant.storage, people, now)
        yield Bench(config, assistant, twin)
        assistant.storage.close()


def _add_people(storage: Storage, people: int, now: datetime) -> None:
    with storage.write() as session:
        root = session.scalars(select(Branch).where(Branch.name == BRANCH)).one()
        rows = [
            {
                "userid": userid(number),
                "account": userid(number).casefold(),
                "name": f"党员{number}",
                "branch_id": root.id,
                "category": Category.FULL.value,
                "state": "active",
                "greeted": True,
                "plain": False,
                "added_at": now,
            }
            for number in range(PEOPLE, people)
        ]
        if rows:
            session.execute(insert(Member), rows)
        first = session.scalars(select(Member).where(Member.account == userid(0))).one()
        session.add(
            Grant(member_id=first.id, branch_id=root.id, role=int(Role.SECRETARY))
        )


@contextmanager
def delivering(bench: Bench, folder: Path) -> Iterator[Served]:
    """Run a deliverer's process; it has no port, so it is up when it is started."""
    arguments = f"-m server serve --only delivery --config {bench.config}"
    with working(arguments.split(), folder / "delivery.log") as served:
        yield served


def _pending(bench: Bench) -> int:
    with bench.storage.read() as session:
        every = notices.every(session)
        return sum(reach.status(session, each).tally.pending for each in every)


def _free_claims(bench: Bench) -> None:
    """Let the claims of the killed run out now instead of in three minutes."""
    with bench.storage.write() as session:
        now = bench.assistant.clock.now()
        session.execute(
            update(outbox.Batch)
            .where(~outbox.Batch.done)
            .values(claimed_until=now, next_try=now)
        )


def _copies(bench: Bench) -> list[int]:
    told = requests.get(f"{bench.twin}/twin/state?bubbles=1", timeout=60).json()
    phones = told["phones"]
    return [len(phones.get(userid(number), [])) for number in range(CHASED)]


def is_waiting(bench: Bench) -> bool:
    with bench.storage.read() as session:
        waits = select(Recipient.id).where(Recipient.state == "pending").limit(1)
        return session.scalar(waits) is not None


def wait(done: Callable[[], bool], every: float = 0.01) -> None:
    """Wait; `every` so many seconds it is looked, which costs those measured too."""
    began = time.perf_counter()
    while not done():
        if time.perf_counter() - began > 10 * MINUTE:
            raise TimeoutError("it does not end")
        time.sleep(every)
