"""The database: one engine, sessions that read, sessions that write.

SQLite has one writer at a time: a writing session takes the lock at its start
(BEGIN IMMEDIATE), so that it never reads what another is about to change, and the
threads of one process queue in front of it instead of in SQLite's sleeping retry.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from pysqlite3 import dbapi2
from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Integer,
    MetaData,
    String,
    bindparam,
    event,
    func,
    inspect,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import (
    URL,
    Connection,
    Dialect,
    make_url,
)
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from bot import progress
from bot.errors import StorageError
from bot.storage.dialects import (
    LOCK_WAIT_MS,
    LOCKED,
    Place,
    open_server,
    open_sqlite,
    plain_errors,
)
from bot.storage.prepared import Prepared, backend
from bot.storage.sight import Sight

READERS_WAIT_MS = 20
NAMELESS = "sqlite://"  # a copy to work on, gone when it is closed or we are killed
QUICK_CHECK_BELOW = 256 * 1024 * 1024
PAGES_AT_ONCE = 1024


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC (SQLite itself forgets time zones)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Any
    ) -> datetime | None:
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(
        self, value: datetime | None, dialect: Any
    ) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write it as SQLAlchemy does, in one go: every message writes a few."""
        return (
            _write_moment
            if dialect.name == "sqlite"
            else super().bind_processor(dialect)
        )


def _write_moment(value: datetime | None) -> str | None:
    if value is None:
        return None
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


# SQLite counts rows only in a column declared INTEGER; PostgreSQL wants 64 bits.
Id = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: Moment,
        date: Date,
        str: String,
        int: Id,
        dict[str, Any]: JSON,
    }


class Storage:
    """Where the books are kept: `with storage.write() as session: …`."""

    def __init__(self, url: str, statement_ms: int = 0) -> None:
        """statement_ms: how long one statement may take, where a server does it."""
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = (
            open_sqlite(self.url)
            if self.is_sqlite
            else open_server(self.url, statement_ms)
        )
        self._place: Place | None = None
        if self.is_sqlite and self.url.database:
            self._place = Place(Path(self.url.database))
            event.listen(self.engine, "connect", self._place.note)
        self._reader = self.engine.execution_options(**_reading(self.is_sqlite))
        self._writing = Lock()

    @contextmanager
    def write(self, patience: float = LOCK_WAIT_MS / 1000) -> Iterator[Session]:
        """One unit of work: committed at the end, or nothing of it happened.

        patience: seconds to wait for other threads' writing, where one may write.
        Raises StorageError when the database is locked, full or damaged.
        """
        with (
            self._one_writer(patience),
            plain_errors(self._path),
            Session(self.engine) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def write_for_many(self) -> Iterator[Session]:
        """One unit of work for many: `apart`, or in rows (bot/storage/together)."""
        with (
            self._one_writer(),
            plain_errors(self._path),
            self.engine.connect() as connection,
            Session(connection) as session,
        ):
            yield session
            session.commit()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Look at one consistent state; blocks nobody, changes nothing."""
        with plain_errors(self._path), Session(self._reader) as session:
            yield session

    def check_place(self) -> None:
        """Raise DatabaseLost if the file was taken away or exchanged under us."""
        if self._place:
            self._place.check()

    @property
    def _path(self) -> Path | None:
        return self._place.path if self._place else None

    @property
    def location(self) -> str:
        """The whole address, with the password if it has one."""
        return self.url.render_as_string(hide_password=False)

    def copy_pages(self, to: "Storage") -> None:
        """Copy a file of SQLite into another as it is: one state of it."""
        with self.looking() as here:
            _copy_pages(here.connection.driver_connection, to)

    def tables(self) -> set[str]:
        with self.looking() as connection:
            return set(inspect(connection).get_table_names())

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Open a connection that only reads, for what sessions do not know."""
        with plain_errors(self._path), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def exclusive(self) -> Iterator[Connection]:
        """Open a connection that holds the write lock: for migrations."""
        with (
            self._one_writer(),
            plain_errors(self._path),
            self.engine.begin() as connection,
        ):
            if not self.is_sqlite:
                connection.execute(_PATIENTLY)
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(_TURN, {"line": "exclusive"})
            yield connection

    def check_health(self, *, whole: bool = False) -> None:
        """Raise StorageError if the file is damaged; writes nothing.

        whole: look through a big file too.
        """
        big = _size(self.url) > QUICK_CHECK_BELOW
        if not self.is_sqlite or (big and not whole):
            return
        with self.looking() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            where = " ".join(str(found).split())
            raise StorageError(f"数据库文件已损坏（{where}），请从备份恢复。")

    def empty_journal(self) -> None:
        """Leave nothing in SQLite's journal of what was deleted since.

        Where somebody reads just now it is left for another time; nobody waits.
        """
        if not self.is_sqlite:
            return
        with (
            self._one_writer(),
            plain_errors(self._path),
            self.engine.connect() as connection,
        ):
            driver: Any = connection.connection.driver_connection
            try:
                driver.execute(f"PRAGMA busy_timeout = {READERS_WAIT_MS}")
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
            finally:
                driver.execute(f"PRAGMA busy_timeout = {LOCK_WAIT_MS}")

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _one_writer(self, patience: float = LOCK_WAIT_MS / 1000) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._writing.acquire(timeout=patience):
            raise StorageError(LOCKED)
        try:
            self.check_place()
            yield
        finally:
            self._writing.release()


def copy_file(path: Path, to: Storage) -> None:
    """Copy a file of SQLite that nobody writes; nothing is written beside it."""
    with closing(open_to_read(path)) as here:
        _copy_pages(here, to)


def open_to_read(path: Path) -> dbapi2.Connection:
    """Open a file so that nothing, not even a journal, is written beside it."""
    return dbapi2.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _copy_pages(here: Any, to: Storage) -> None:
    with to.engine.connect() as there:
        copy_state(here, there.connection.driver_connection)


def copy_state(here: Any, there: Any) -> None:
    """Copy one state of a file of SQLite, some pages at a time, and tell how far it is.

    It is the state in which the copying began: who writes meanwhile goes on, and is not
    in it.
    """

    def tell(_state: int, left: int, whole: int) -> None:
        progress.tell("复制数据库", whole - left, whole)

    here.execute("BEGIN").close()
    try:
        here.execute("SELECT 1 FROM sqlite_schema").close()
        here.backup(there, pages=PAGES_AT_ONCE, progress=tell)
    finally:
        here.rollback()


def insert_new(session: Session, row: type[Base], values: Mapping[str, Any]) -> bool:
    """Insert a row unless one of its key exists; False if so.

    On PostgreSQL this waits for another's transaction that is inserting the same key.
    """
    return add_new(session, row, values) is not None


def add_new(session: Session, row: type[Base], values: Mapping[str, Any]) -> Any:
    """Insert a row like `insert_new`; return its (first) key, None if one exists."""
    new = _insert_new(row, backend(session), tuple(values))
    added = new.first(session, **values)
    return added and added[0]


@cache
def _insert_new(row: type[Base], kind: str, columns: tuple[str, ...]) -> Prepared:
    insert = postgresql.insert if kind == "postgresql" else sqlite.insert
    table = row.metadata.tables[row.__tablename__]
    new = insert(table).on_conflict_do_nothing()
    # Only RETURNING tells on every database: psycopg's count of inserted rows is -1.
    return Prepared(new.returning(*list(table.primary_key)[:1]), columns)


def hold(session: Session, row: type[Base], key: int) -> None:
    """Have whoever else holds this row wait until this unit of work is over.

    SQLite has one writer, who holds everything.
    """
    if backend(session) == "postgresql":
        _holding(row).first(session, of_key=key)


def tell_held(sight: Sight, row: type[Base], key: int) -> None:
    """Have what was looked up know that this row is held, or is there no more."""
    sight.tell(_holding(row), (1,), of_key=key)


@cache
def _holding(row: type[Base]) -> Prepared:
    (key,) = row.metadata.tables[row.__tablename__].primary_key
    held = select(literal(1)).where(key == bindparam("of_key"))
    return Prepared(held.with_for_update(key_share=True))


def take(session: Session, row: Base) -> bool:
    """Have a row to ourselves as `hold` does, and read what it says now.

    Whoever decides by what a row says takes it first: another may have changed it since
    it was read. False if it is there no more.
    """
    session.flush()
    try:
        session.refresh(row, with_for_update={"key_share": True})
    except InvalidRequestError:
        return False
    return True


def put_row(session: Session, row: type[Base], values: Mapping[str, Any]) -> None:
    """Write a row whole, in the place of one that has its key."""
    _put_row(row, backend(session), tuple(values)).run(session, **values)
    key = tuple(values[each.name] for each in inspect(row).primary_key)
    known = session.identity_map.get(session.identity_key(row, key))
    if known is not None:
        session.expire(known)


@cache
def _put_row(row: type[Base], kind: str, columns: tuple[str, ...]) -> Prepared:
    insert = postgresql.insert if kind == "postgresql" else sqlite.insert
    table = row.metadata.tables[row.__tablename__]
    keys = [each.name for each in table.primary_key]
    new = insert(table)
    told = {name: new.excluded[name] for name in columns if name not in keys}
    put = new.on_conflict_do_update(index_elements=keys, set_=told)
    return Prepared(put, columns)


def take_turn(session: Session, line: str, *, patient: bool = False) -> None:
    """Wait until nobody else of this line is at work; ours until the work is over.

    SQLite has one writer: whoever writes has the turn. patient: for a minute, also for
    what this work waits for later; not where somebody waits for an answer.
    """
    if backend(session) == "postgresql":
        if patient:
            session.execute(_PATIENTLY)
        _TAKE_TURN.first(session, line=line)


_TURN = select(func.pg_advisory_xact_lock(func.hashtext(bindparam("line"))))
_TAKE_TURN = Prepared(_TURN)
_PATIENTLY = text("SET LOCAL lock_timeout = '60s'")


def _reading(is_sqlite: bool) -> dict[str, Any]:  # noqa: FBT001
    """Say how a reader sees one state: PostgreSQL shows every statement another."""
    if is_sqlite:
        return {"reads_only": True}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _size(url: URL) -> int:
    path = Path(url.database or "")
    return path.stat().st_size if path.is_file() else 0
