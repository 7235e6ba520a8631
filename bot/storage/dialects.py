"""How SQLite and PostgreSQL are opened, and what ails them in words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from shutil import disk_usage
from time import monotonic
from typing import Any

import pysqlite3
from psycopg import Connection as Psycopg
from psycopg import Error, OperationalError
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine, ExceptionContext
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.pool import StaticPool

from bot.errors import DatabaseLost, DiskFull, StorageError
from bot.storage.prepared import hide_values

# SQLite 3.7.0 to 3.51.2 can, rarely, corrupt a WAL database that two processes use.
OLDEST_SOUND_SQLITE = (3, 51, 3)
# A callback must be answered within five seconds, and may come while another waits.
LOCK_WAIT_MS = 2000
PRIVATE = 0o600
FULL = "磁盘已满，什么也没有写入；请腾出空间再试。"
NOT_OPENED = "打不开数据库文件，请检查路径和权限。"
DISK_FAILS = "读写数据库时磁盘出错，请检查磁盘。"
# What SQLite says too where it has no room for a file of its own.
_PERHAPS_FULL = (NOT_OPENED, DISK_FAILS)
ROOM = 64 * 1024
LOST = (
    "数据库文件 {path} 被删除或换掉了，再写就会丢失，所以停下。"
    "请放回原来的文件，或从备份恢复，再启动。"
)
LOCKED = "数据库正被别的程序占用，请稍后再试。"
# Seconds to wait for one of PostgreSQL's connections, where all are in use.
NONE_FREE_FOR = 3
# Milliseconds that one statement may take in `serve`, whoever it is for.
STATEMENT_MS = 60_000
# Seconds to connect; libpq waits no shorter than the least.
CONNECT_WITHIN, LEAST_CONNECT = 3, 2
SILENT = "no answer in time"
# Seconds for which a connection to PostgreSQL that answered is taken to be alive.
FRESH = 0.1
LEAST_WAIT = 0.001
LAST_USE = "last_use"


_until: ContextVar[float | None] = ContextVar("until", default=None)


@contextmanager
def hurried(until: float) -> Iterator[None]:
    """Have PostgreSQL answer until then (of `monotonic`), or take it for silent.

    A server that hangs keeps its connections and says nothing: only we can tell.
    """
    before = _until.set(until)
    try:
        yield
    finally:
        _until.reset(before)


class _Punctual(Psycopg[Any]):
    """A connection whose user may be in a hurry; it is given up with its answer."""

    def wait(self, gen: Any, *args: Any, **more: Any) -> Any:
        until = _until.get()
        if until is None:
            return super().wait(gen, *args, **more)
        left = max(until - monotonic(), LEAST_WAIT)
        try:
            return super().wait(gen, *args, **{**more, "timeout": left})
        except OperationalError as error:
            if monotonic() < until or self.closed:
                raise
            self.pgconn.finish()
            raise OperationalError(SILENT) from error


def _connect(_: object, __: object, place: Any, given: dict[str, Any]) -> Any:
    """Connect as SQLAlchemy would, but not for somebody whose time is over."""
    if until := _until.get():
        left = int(until - monotonic())
        if left < LEAST_CONNECT:
            raise OperationalError(SILENT)
        given = {**given, "connect_timeout": min(left, CONNECT_WITHIN)}
    return _Punctual.connect(*place, **given)


def open_server(url: URL, statement_ms: int = 0) -> Engine:
    """Make the engine of a PostgreSQL; connects when first used.

    statement_ms: how long a statement may take there; 0: as long as it likes.
    """
    # The values of a failed statement are what members wrote: not for the log.
    # More connections than are kept would be opened anew for every unit of work.
    pool = {"pool_size": 20, "max_overflow": 10, "pool_use_lifo": True}
    waits = {"lock_timeout": LOCK_WAIT_MS, **_GONE_AFTER}
    waits["statement_timeout"] = statement_ms
    options = " ".join(f"-c {name}={value}" for name, value in waits.items())
    given = {"options": options, "connect_timeout": CONNECT_WITHIN, **SILENT_AFTER}
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args=given,
        pool_timeout=NONE_FREE_FOR,
        **pool,
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "handle_error", _hide_values)
    event.listen(engine, "connect", _prepare_server)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _look_alive)
    return engine


class _WithoutNul(StrDumperUnknown):
    """PostgreSQL keeps no NUL in a text; files and terminals may well send one."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", ""))


def _prepare_server(connection: Any, record: object) -> None:
    connection.adapters.register_dumper(str, _WithoutNul)


def _note_use(connection: Any, record: Any) -> None:
    record.info[LAST_USE] = monotonic()


def _look_alive(connection: Any, record: Any, proxy: object) -> None:
    """Ask a connection that has rested whether it lives; if not, none of its age do.

    SQLAlchemy's own pool_pre_ping asks each time: a tenth of what a check-in costs.
    """
    if monotonic() - record.info.get(LAST_USE, 0) < FRESH:
        return
    connection.autocommit = True
    try:
        connection.execute(";")
        connection.autocommit = False
    except Error as error:
        raise InvalidatePoolError from error


def _hide_values(context: ExceptionContext) -> None:
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error:
            hide_values(error)


# What a dead machine began must not keep the others waiting for hours.
_GONE_AFTER = {
    "idle_in_transaction_session_timeout": 60_000,
    "tcp_keepalives_idle": 30,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 3,
}
# A server that is cut off says nothing; without these we would listen for a quarter of
# an hour, and every callback with us. In milliseconds what is never acknowledged, in
# seconds how long to be idle and how often to ask.
SILENT_AFTER = {
    "tcp_user_timeout": 8_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
}


def open_sqlite(url: URL) -> Engine:
    """Make the engine of a file of SQLite, or of a nameless one: a copy to work on.

    Raises StorageError for a SQLite with faults, or where there is no folder.
    """
    if pysqlite3.sqlite_version_info < OLDEST_SOUND_SQLITE:
        found = pysqlite3.sqlite_version
        raise StorageError(f"SQLite {found} 有损坏数据的缺陷，请升级 pysqlite3。")
    given: dict[str, Any] = {}
    if not url.database:
        given = {"creator": _open_nameless, "poolclass": StaticPool}
    elif not Path(url.database).absolute().parent.is_dir():
        raise StorageError(f"数据库所在的文件夹不存在：{Path(url.database).parent}")
    engine = create_engine(url, module=pysqlite3.dbapi2, hide_parameters=True, **given)
    if path := url.database:  # made when it is needed, not when it is only spoken of
        event.listen(engine, "do_connect", lambda *_: keep_to_owner(Path(path)))
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _open_nameless() -> Any:
    """Open a file that has no name in any folder: it ends with us, however we end."""
    return pysqlite3.dbapi2.connect("", check_same_thread=False)


def keep_to_owner(path: Path) -> None:
    """Let nobody but its owner read a file of SQLite; SQLite makes the others alike."""
    with suppress(OSError):  # it is there, or may not be: then SQLite says so
        path.touch(mode=PRIVATE, exist_ok=False)
    for ending in ("", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + ending).chmod(PRIVATE)


def queue_beside(database: Path) -> Path:
    """Name the work queue of who has no other: a file beside the database."""
    return database.with_suffix(".queue")


def _prepare_connection(connection: Any, record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {LOCK_WAIT_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    # An answered callback is never sent again, so a commit must survive a power cut.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA journal_mode = WAL")
    # What is deleted is gone, not only out of sight.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


@contextmanager
def plain_errors(path: Path | None = None) -> Iterator[None]:
    """Raise StorageError, with a sentence, for what ails the database itself.

    path: where it lies, if it is a file.
    """
    try:
        yield
    except NoneFree as error:
        raise StorageError(LOCKED) from error
    except (DBAPIError, sqlite3.Error) as error:
        sentence = _in_words(error)
        no_room = sentence in _PERHAPS_FULL and path and not _has_room(path)
        if no_room or sentence == FULL:
            raise DiskFull(FULL) from error
        if sentence:
            raise StorageError(sentence) from error
        raise


def _has_room(path: Path) -> bool:
    try:
        return disk_usage(path.absolute().parent).free > ROOM
    except OSError:
        return True


class Place:
    """Where the file lies that we work on: whether it is still the same."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._first: tuple[int, int] | None = None

    def note(self, *_connected: object) -> None:
        """Remember the file as it is now, the first time."""
        self._first = self._first or self._seen()

    def check(self) -> None:
        """Raise DatabaseLost if another file, or none, is there: a matter of a µs.

        What is written into a file without a name is gone when we end.
        """
        if self._first and self._seen() != self._first:
            raise DatabaseLost(LOST.format(path=self.path))

    def _seen(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _in_words(error: Exception) -> str | None:
    """Say what ails the database; None when the statement was at fault."""
    text = str(getattr(error, "orig", error)).lower()
    for sign, sentence in _AILMENTS.items():
        if sign in text:
            return sentence
    return None


_AILMENTS = {
    "password authentication failed": "数据库的用户名或密码不对，请检查 database.url。",
    "no password supplied": "数据库要密码，请写进 database.url。",
    "no pg_hba.conf entry": "数据库不许这台机器连接，请在它的 pg_hba.conf 里加上。",
    "failed: fatal:  database": "数据库服务器上没有这个库，请先建好。",
    "failed: fatal:  role": "数据库服务器上没有这个用户，请检查 database.url。",
    "failed to resolve": "数据库服务器的地址不对，请检查 database.url。",
    "locked": LOCKED,
    "busy": LOCKED,
    "disk is full": FULL,
    "no space left": FULL,
    "not a database": "数据库文件已损坏或不是数据库，没有改动它；请从备份恢复。",
    "malformed": "数据库文件已损坏，没有改动它；请从备份恢复。",
    "unable to open": NOT_OPENED,
    "readonly database": "数据库文件是只读的，请检查权限。",
    "disk i/o error": DISK_FAILS,
    "lock timeout": LOCKED,
    "statement timeout": "数据库太忙，这一步做得太久，已经停下；请稍后再试。",
    SILENT: "数据库没有回音，请稍后再试。",
    "deadlock": LOCKED,
    "starting up": "数据库服务器正在启动，请稍后再试。",
    "shutting down": "数据库服务器正在停止，请稍后再试。",
    "too many clients": "数据库服务器的连接用完了，请调大 max_connections。",
    "timeout expired": "连不上数据库服务器，请检查地址和服务。",
    "connection is closed": "数据库没有回音，请稍后再试。",
    "connection is lost": "数据库服务器断开了连接，请稍后再试。",
    "connection refused": "连不上数据库服务器，请检查地址和服务。",
    "connection failed": "连不上数据库服务器，请检查地址和服务。",
    "connection timed out": "数据库服务器没有回音，请检查网络和服务。",
    "server closed the connection": "数据库服务器断开了连接，请稍后再试。",
    "could not translate host": "数据库服务器的地址不对，请检查 database.url。",
    "terminating connection": "数据库服务器断开了连接，请稍后再试。",
}
