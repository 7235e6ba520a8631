"""Databases for the tests: files, or databases of a PostgreSQL server.

XIANGYANG_TEST_DATABASE=postgresql+psycopg://postgres@localhost/postgres runs every
test that does not say otherwise (`@pytest.mark.files`) on that server.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from typing import Any, Protocol
from uuid import uuid4

import pytest
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import (
    column,
    create_engine,
    event,
    func,
    make_url,
    select,
    table,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from sqlalchemy.util import LRUCache

from bot.storage.database import Storage
from bot.storage.encrypted import Ring, give_ring

ASKED_FOR = os.environ.get("XIANGYANG_TEST_DATABASE", "")  # noqa: TID251
LOCAL = "postgresql+psycopg://postgres@localhost/postgres"
NONE_ANSWERS = "NO POSTGRESQL ANSWERS: ITS TESTS WERE NOT RUN"
STATEMENTS = 10_000
"""More than all tests have between them; of 500 each is forgotten before it comes."""
QUEUE = "redis://127.0.0.1:6379/15"
NO_QUEUE = "NO REDIS ANSWERS: A QUEUE ON IT WAS NOT TRIED"


class Databases(Protocol):
    """Where databases come from."""

    def address(self, folder: Path) -> str:
        """Name a database that does not exist yet."""

    def copy(self, filled: str, address: str) -> None:
        """Make a database like another, to which nobody is connected."""

    def drop(self, address: str) -> None:
        """Throw a database away if it exists."""


class Files:
    """SQLite: a database is a file in the test's folder."""

    def address(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'branch.db'}"

    def copy(self, filled: str, address: str) -> None:
        copyfile(str(make_url(filled).database), str(make_url(address).database))

    def drop(self, address: str) -> None:
        """Leave it to the folder."""


class Reused:
    """A file that one test after another fills, through one engine.

    What SQLAlchemy compiled for one of them need not be compiled for the next: half
    of what a short test costs. What a test hangs on the engine it takes off again.
    """

    def __init__(self, make_folder: Callable[[str], Path]) -> None:
        self._make_folder = make_folder
        self.storage = self._open()

    @property
    def address(self) -> str:
        return self.storage.location

    @property
    def path(self) -> Path:
        return Path(str(self.storage.url.database))

    def clear(self) -> None:
        """Leave an empty file; another file, where somebody still has this one open."""
        self.storage.close()
        give_ring(self.storage.engine, Ring(()))
        journal = self.path.with_name(f"{self.path.name}-wal")
        if journal.exists() or not self.path.exists():
            self.storage = self._open()
        else:
            self.path.write_bytes(b"")

    def _open(self) -> Storage:
        storage = Storage(f"sqlite:///{self._make_folder('reused') / 'branch.db'}")
        cache = storage.engine._compiled_cache
        assert isinstance(cache, LRUCache)
        cache.capacity = STATEMENTS
        return storage


@contextmanager
def read_backwards(storage: Storage) -> Iterator[None]:
    """Have SQLite give rows in no order that a query did not ask for, as others may."""

    def reverse(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA reverse_unordered_selects = ON").close()

    if storage.is_sqlite:
        event.listen(storage.engine, "connect", reverse)
    yield
    if storage.is_sqlite:
        event.remove(storage.engine, "connect", reverse)


class Server:
    """PostgreSQL: a database is made from a template, in a tenth of a second."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._admin = create_engine(
            url, isolation_level="AUTOCOMMIT", poolclass=NullPool
        )

    def answers(self) -> bool:
        try:
            self._run("SELECT 1")
        except OperationalError:
            return False
        return True

    def address(self, folder: Path) -> str:
        """Name a database of nobody else's; the folder has no say."""
        url = self._url.set(database=f"xiangyang_test_{uuid4().hex}")
        return url.render_as_string(hide_password=False)

    def create(self, address: str) -> None:
        self._run(f'CREATE DATABASE "{make_url(address).database}"')

    def copy(self, filled: str, address: str) -> None:
        old, new = make_url(filled).database, make_url(address).database
        self._run(f'CREATE DATABASE "{new}" TEMPLATE "{old}"')

    def drop(self, address: str) -> None:
        name = make_url(address).database
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Lend an empty database for a while."""
        address = self.address(Path())
        self.create(address)
        try:
            yield address
        finally:
            self.drop(address)

    def hang_up(self, address: str) -> int:
        """End every connection to a database; return how many there were."""
        name = make_url(address).database
        ends = select(func.pg_terminate_backend(column("pid")))
        ends = ends.select_from(table("pg_stat_activity", column("datname")))
        with self._admin.connect() as connection:
            return len(connection.execute(ends.where(column("datname") == name)).all())

    def close(self) -> None:
        self._admin.dispose()

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


def reach_server() -> Server:
    """Reach the server for tests that need PostgreSQL; skip, loudly, without one."""
    server = Server(ASKED_FOR or LOCAL)
    if server.answers():
        return server
    if ASKED_FOR or "XIANGYANG_CI" in os.environ:  # noqa: TID251
        pytest.fail(NONE_ANSWERS)
    pytest.skip(NONE_ANSWERS)


def reach_queue() -> str:
    """Give the address of an emptied Redis; skip, loudly, without one."""
    try:
        with Redis.from_url(QUEUE, socket_timeout=2) as queue:
            queue.flushdb()
    except RedisError:
        if "XIANGYANG_CI" in os.environ:  # noqa: TID251
            pytest.fail(NO_QUEUE)
        pytest.skip(NO_QUEUE)
    return QUEUE


def choose() -> Databases:
    return reach_server() if ASKED_FOR else Files()
