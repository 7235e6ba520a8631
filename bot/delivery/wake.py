"""The work queue: wakes the deliverers. It holds no truth and may be lost at any time.

Huey on a SQLite file beside the database, on Redis or on PostgreSQL (engine.url). A
sweep looks into the outbox itself and delivers what is due, queue or no queue, so that
a lost job costs a second, never a letter.
"""

import logging
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from uuid import uuid4

import structlog
from huey.api import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from psycopg import Error as PostgresError
from psycopg import connect
from redis import RedisError
from sqlalchemy.engine import make_url

from bot.errors import StorageError
from bot.storage.database import Storage
from bot.storage.dialects import SILENT_AFTER, keep_to_owner, plain_errors, queue_beside

NAME = "xiangyang"
JOB, WORD = "deliver", b"wake"
SWEEP_EVERY = 1.0
LONGEST_NAP = 0.5
SAID_AGAIN = 60.0
REDIS_WITHIN = 5  # seconds; a worker asks it to wait for a job for one
COMPLAINTS = ("huey.consumer.Worker", "huey.consumer.Scheduler")
UNREACHABLE = "连不上任务队列（engine.url）：请核对地址、密码，看那里的服务在不在。"

log = structlog.get_logger(__name__)


class _OneWord(Serializer):  # type: ignore[misc]  # huey has no types
    """Writes the same word for every job, and reads that one job whatever lies there.

    Huey's own would unpickle it: who can write to the queue could run anything.
    """

    def serialize(self, data: object) -> bytes:
        return WORD

    def deserialize(self, data: bytes) -> Message:
        return Message(uuid4().hex, f"{__name__}.{JOB}", args=(), kwargs={})


class _Workers(Consumer):  # type: ignore[misc]  # huey has no types
    def _set_signal_handlers(self) -> None:
        """Leave the signals to the server that runs us."""


class Seldom(logging.Filter):
    """Lets what Huey says of a queue it cannot read through once a minute.

    It tries ten times a second, for as long as Redis is away.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not str(record.msg).startswith("Error reading"):
            return True
        now, last = self._clock(), self._said.get(record.name)
        if last is not None and now - last < SAID_AGAIN:
            return False
        self._said[record.name] = now
        return True


SELDOM = Seldom()


class Engine:
    """The queue at `url`, or beside the database. Raises StorageError."""

    def __init__(self, url: str, storage: Storage) -> None:
        self._huey = _open(url, storage)
        self._stopping = Event()
        self._huey.is_revoked = _never  # it would ask the queue, which is not believed
        self._round: Callable[[], bool] = lambda: False
        self._job = self._huey.task(name=JOB)(self._deliver)
        self._huey.on_shutdown(name="hang up")(self._hang_up)
        self._hanging_up = Lock()
        self._workers: _Workers | None = None
        self._sweeper: Thread | None = None

    def wake(self) -> None:
        """Have a worker look for what is due; never raises."""
        try:
            self._job()
        except Exception:  # of any driver; the sweep finds the letters all the same
            log.exception("queue_out_of_order")

    def start(
        self, work: Callable[[], bool], is_due: Callable[[], bool], workers: int
    ) -> None:
        """Start the workers. work: does one round, False when nothing is due."""
        self._round = work
        for name in COMPLAINTS:
            logging.getLogger(name).addFilter(SELDOM)
        self._workers = _Workers(
            self._huey,
            workers=workers,
            periodic=False,
            initial_delay=0.02,
            max_delay=LONGEST_NAP,
            check_worker_health=True,
        )
        self._workers.start()
        self._sweeper = Thread(target=self._sweep, args=(is_due,), daemon=True)
        self._sweeper.start()

    def stop(self) -> None:
        """Finish what was begun, then stop."""
        self._stopping.set()
        if self._workers:
            self._workers.stop(graceful=True)
        if self._sweeper:
            self._sweeper.join()
        self._hang_up()

    def _hang_up(self) -> None:
        """Close the queue's connections, in each thread that has one of its own."""
        with self._hanging_up:
            self._huey.storage.close()

    def _deliver(self) -> None:
        while not self._stopping.is_set() and self._round():
            pass

    def _sweep(self, is_due: Callable[[], bool]) -> None:
        while not self._stopping.wait(SWEEP_EVERY):
            try:
                if is_due():
                    self._deliver()
            except StorageError as error:  # locked, gone: no fault of ours
                log.warning("database_unusable", why=str(error), part="sweep")
            except Exception:  # the sweep's last door: it must never end
                log.exception("bug", number=uuid4().hex[:6], part="sweep")


def _never(*_: object) -> bool:
    return False


def try_queue(url: str, storage: Storage) -> None:
    """Ask the queue for something, and change nothing there.

    Raises StorageError if it does not answer.
    """
    if url.startswith("postgresql"):  # Huey would make its tables
        try:
            connect(_dsn(url)).close()
        except PostgresError as error:
            raise StorageError(UNREACHABLE) from error
        return
    huey = _open(url, storage)
    try:
        huey.pending_count()
    except (RedisError, PostgresError) as error:
        raise StorageError(UNREACHABLE) from error
    finally:
        huey.storage.close()


def _open(url: str, storage: Storage) -> Huey:
    """Open it; Redis is asked later. Raises StorageError if there is no PostgreSQL."""
    quiet = {"results": False, "utc": True, "serializer": _OneWord()}
    if url.startswith("redis"):
        return RedisHuey(NAME, url=_impatient(url), **quiet)
    if url.startswith("postgresql") or (not url and not storage.is_sqlite):
        # Several processes start at once, and Huey's CREATE … IF NOT EXISTS races.
        with storage.exclusive():
            try:
                return PostgresHuey(NAME, dsn=_dsn(url or storage.location), **quiet)
            except PostgresError as error:
                raise StorageError(UNREACHABLE) from error
    return _open_file(_beside(storage), quiet)


def _open_file(path: Path, settings: Mapping[str, object]) -> Huey:
    """Open the queue's file; one that cannot be read is replaced: it holds no truth."""
    if not _is_readable(path):
        log.warning("queue_replaced", path=str(path))
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
    keep_to_owner(path)
    with plain_errors(path):
        return SqliteHuey(NAME, filename=str(path), fsync=False, **settings)


def _is_readable(path: Path) -> bool:
    """Look before Huey does: where it fails, it leaves its connection open."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:  # locked, no folder …
        with plain_errors(path):
            raise
    except sqlite3.DatabaseError:
        return False
    return True


def _beside(storage: Storage) -> Path:
    return queue_beside(Path(storage.url.database or NAME).absolute())


def _dsn(url: str) -> str:
    address = make_url(url).set(drivername="postgresql")
    waits = {name: str(value) for name, value in SILENT_AFTER.items()}
    return address.update_query_dict(waits).render_as_string(hide_password=False)


def _impatient(url: str) -> str:
    """Let whoever wakes the others not wait for a Redis that is cut off."""
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}socket_timeout={REDIS_WITHIN}&socket_connect_timeout=3"
