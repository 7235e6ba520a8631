"""The queue wakes the deliverers; without it the sweep does."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from logging import makeLogRecord
from os import mkdir
from pathlib import Path
from pickle import dumps
from sqlite3 import connect
from threading import Event, Lock, Thread, enumerate

import pytest
from redis import Redis

from bot.delivery.wake import SAID_AGAIN, Engine, Seldom, try_queue
from bot.errors import StorageError
from bot.storage.database import Storage
from tests.databases import reach_queue

LONG = 5.0
NO_POSTGRES = "postgresql://postgres@127.0.0.1:9/x"


class Letters:
    """So many letters to deliver; `gate` holds the deliverer in the middle of one."""

    def __init__(self, count: int = 0) -> None:
        self._lock = Lock()
        self.waiting, self.delivered = count, 0
        self.done, self.begun, self.gate = Event(), Event(), Event()
        self.gate.set()
        self.bugs = 0

    def put(self, count: int) -> None:
        with self._lock:
            self.waiting += count
            self.done.clear()

    def is_due(self) -> bool:
        return self.waiting > 0

    def deliver_next(self) -> bool:
        with self._lock:
            if self.bugs:
                self.bugs -= 1
                raise ZeroDivisionError("a bug in a channel")
            if not self.waiting:
                return False
            self.waiting -= 1
        self.begun.set()
        assert self.gate.wait(LONG)
        with self._lock:
            self.delivered += 1
        if not self.waiting:
            self.done.set()
        return True


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    storage = Storage(f"sqlite:///{tmp_path / 'branch.db'}")
    yield storage
    storage.close()


@contextmanager
def working(engine: Engine, letters: Letters) -> Iterator[None]:
    before = set(enumerate())
    engine.start(letters.deliver_next, letters.is_due, 2)
    try:
        yield
    finally:
        engine.stop()
    left = [each for each in enumerate() if each not in before and each.is_alive()]
    assert left == [], "no thread is left running"


def test_a_wake_delivers_all_that_is_due(storage: Storage) -> None:
    engine, letters = Engine("", storage), Letters(5)
    with working(engine, letters):
        engine.wake()
        assert letters.done.wait(0.9), "before the first sweep"
    assert letters.delivered == 5


def test_a_wake_from_another_process_s_engine(storage: Storage) -> None:
    web, engine, letters = Engine("", storage), Engine("", storage), Letters(1)
    with working(engine, letters):
        web.wake()
        assert letters.done.wait(0.9)
    web.stop()


def test_a_wake_through_redis(storage: Storage) -> None:
    address = reach_queue()
    web, engine, letters = (
        Engine(address, storage),
        Engine(address, storage),
        Letters(1),
    )
    with working(engine, letters):
        web.wake()
        assert letters.done.wait(0.9), "before the first sweep"
    web.stop()


class Bomb:
    """Unpickled, it calls what it holds."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return mkdir, (str(self.path),)


def plant(bomb: bytes, address: str, folder: Path) -> None:
    """Put it wherever the engine looks: the queue, the schedule, what is revoked."""
    key = "rt:bot.engine.deliver"
    if address:
        with Redis.from_url(address) as queue:
            queue.lpush("huey.redis.xiangyang", bomb)
            queue.zadd("huey.schedule.xiangyang", {bomb: 0})
            queue.hset("huey.results.xiangyang", key, bomb)
        return
    with closing(connect(folder / "branch.queue")) as queue, queue:
        queue.execute("INSERT INTO task (queue, data) VALUES ('xiangyang', ?)", (bomb,))
        row = "INSERT INTO schedule (queue, data, timestamp) VALUES ('xiangyang', ?, 0)"
        queue.execute(row, (bomb,))
        queue.execute("REPLACE INTO kv VALUES ('xiangyang', ?, ?)", (key, bomb))


@pytest.mark.parametrize("on_redis", [False, True])
def test_what_others_put_into_the_queue_is_not_run(
    storage: Storage,
    tmp_path: Path,
    on_redis: bool,  # noqa: FBT001
) -> None:
    address = reach_queue() if on_redis else ""
    plant_here = partial(plant, address=address, folder=tmp_path)
    engine, letters = Engine(address, storage), Letters(1)
    plant_here(dumps(Bomb(tmp_path / "hit")))
    plant_here(b"rubbish")
    with working(engine, letters):
        assert letters.done.wait(0.9), "a job of anybody's wakes, and no more"
        letters.put(1)
        engine.wake()
        assert letters.done.wait(0.9)
    assert not (tmp_path / "hit").exists()


def test_a_redis_that_is_gone_costs_a_second(storage: Storage) -> None:
    engine, letters = Engine("redis://127.0.0.1:9", storage), Letters(3)
    engine.wake()
    with working(engine, letters):
        assert letters.done.wait(LONG)
    assert letters.delivered == 3


def test_without_a_wake_the_sweep_delivers(storage: Storage) -> None:
    letters = Letters(3)
    with working(Engine("", storage), letters):
        assert letters.done.wait(LONG)
    assert letters.delivered == 3


def test_the_queue_file_is_deleted_while_running(
    storage: Storage, tmp_path: Path
) -> None:
    engine, letters = Engine("", storage), Letters()
    with working(engine, letters):
        for path in tmp_path.glob("branch.queue*"):
            path.unlink()
        letters.put(2)
        web = Engine("", storage)
        web.wake()  # into a file that no worker reads
        web.stop()
        assert letters.done.wait(LONG)
    assert letters.delivered == 2


def test_a_queue_that_is_out_of_order_harms_nobody(
    storage: Storage, tmp_path: Path
) -> None:
    engine, letters = Engine("", storage), Letters(2)
    queue = tmp_path / "branch.queue"
    for path in tmp_path.glob("branch.queue*"):
        path.unlink()
    queue.mkdir()
    engine.wake()
    with working(engine, letters):
        assert letters.done.wait(LONG)
    assert letters.delivered == 2


def test_a_queue_file_of_rubbish_is_replaced(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "branch.queue").write_bytes(b"rubbish " * 1000)
    engine, letters = Engine("", storage), Letters(1)
    with working(engine, letters):
        engine.wake()
        assert letters.done.wait(0.9)


@pytest.mark.thorough
def test_a_bug_ends_neither_workers_nor_sweep(storage: Storage) -> None:
    engine, letters = Engine("", storage), Letters(2)
    letters.bugs = 3
    with working(engine, letters):
        engine.wake()
        engine.wake()
        assert letters.done.wait(LONG)
    assert letters.delivered == 2


def test_stop_finishes_the_letter_in_hand_and_begins_no_other(storage: Storage) -> None:
    engine, letters = Engine("", storage), Letters(9)
    letters.gate.clear()
    stopper = Thread(target=engine.stop)
    engine.start(letters.deliver_next, letters.is_due, 1)
    engine.wake()
    assert letters.begun.wait(LONG)
    stopper.start()
    while not engine._stopping.is_set():
        Event().wait(0.01)
    letters.gate.set()
    stopper.join(LONG)
    assert not stopper.is_alive()
    assert 1 <= letters.delivered <= 2  # the worker's, and perhaps the sweep's
    assert letters.delivered + letters.waiting == 9


def test_an_engine_that_only_wakes_can_be_stopped(storage: Storage) -> None:
    engine = Engine("", storage)
    engine.wake()
    engine.stop()


def test_no_folder_for_the_queue(storage: Storage, tmp_path: Path) -> None:
    gone = Storage(f"sqlite:///{tmp_path / 'branch.db'}")
    gone.url = gone.url.set(database=str(tmp_path / "nowhere" / "branch.db"))
    with pytest.raises(StorageError, match="打不开"):
        Engine("", gone)
    gone.close()


@pytest.mark.parametrize("address", ["redis://127.0.0.1:9", NO_POSTGRES])
def test_a_queue_that_is_not_there_is_one_sentence(
    storage: Storage, address: str
) -> None:
    with pytest.raises(StorageError, match=r"^连不上任务队列（engine.url）"):
        try_queue(address, storage)


def test_start_without_the_queue_s_database(storage: Storage) -> None:
    with pytest.raises(StorageError, match=r"^连不上任务队列（engine.url）"):
        Engine(NO_POSTGRES, storage)


def test_a_queue_that_is_there(storage: Storage) -> None:
    try_queue(reach_queue(), storage)


def test_an_hour_without_redis_does_not_fill_the_disk() -> None:
    now = 0.0
    seldom = Seldom(lambda: now)

    def hears(name: str, said: str) -> bool:
        return bool(seldom.filter(makeLogRecord({"name": name, "msg": said})))

    told = [hears("huey.consumer.Worker", "Error reading from queue") for _ in "123"]
    assert told == [True, False, False]
    assert hears("huey.consumer.Scheduler", "Error reading schedule.")
    assert hears("huey.consumer.Worker", "Unhandled error")
    now += SAID_AGAIN
    assert hears("huey.consumer.Worker", "Error reading from queue")
