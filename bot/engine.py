"""The work queue: wakes the deliverers. It holds no truth and may be lost at any time.

Huey on a SQLite file beside the database, on Redis or on PostgreSQL (engine.url). A
sweep looks into the outbox itself and delivers what is due, queue or no queue, so that
a lost job costs a second, never a letter.
"""

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Lock, Thread
from uuid import uuid4

import structlog
from huey.api import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from sqlalchemy.engine import make_url

from bot.storage import Storage

NAME = "xiangyang"
SWEEP_EVERY = 1.0
LONGEST_NAP = 0.5

log = structlog.get_logger(__name__)


class _Workers(Consumer):  # type: ignore[misc]  # huey has no types
    def _set_signal_handlers(self) -> None:
        """Leave the signals to the server that runs us."""


class Engine:
    def __init__(self, url: str, storage: Storage) -> None:
        self._huey = _open(url, storage)
        self._stopping = Event()
        self._round: Callable[[], bool] = lambda: False
        self._job = self._huey.task(name="deliver")(self._deliver)
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
            except Exception:  # the sweep's last door: it must never end
                log.exception("bug", number=uuid4().hex[:6], part="sweep")


def _open(url: str, storage: Storage) -> Huey:
    quiet = {"results": False, "utc": True}
    if url.startswith("redis"):
        return RedisHuey(NAME, url=url, **quiet)
    if url.startswith("postgresql") or (not url and not storage.is_sqlite):
        # Several processes start at once, and Huey's CREATE … IF NOT EXISTS races.
        with storage.exclusive():
            return PostgresHuey(NAME, dsn=_dsn(url or storage.location), **quiet)
    return _open_file(_beside(storage), quiet)


def _open_file(path: Path, settings: Mapping[str, bool]) -> Huey:
    """Open the queue's file; one that cannot be read is replaced: it holds no truth."""
    try:
        return SqliteHuey(NAME, filename=str(path), fsync=False, **settings)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # locked, no folder …
            raise
        log.warning("queue_replaced", path=str(path))
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        return SqliteHuey(NAME, filename=str(path), fsync=False, **settings)


def _beside(storage: Storage) -> Path:
    return Path(storage.url.database or NAME).absolute().with_suffix(".queue")


def _dsn(url: str) -> str:
    return (
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    )
