"""Backups: the whole database as one sealed file, and the way back.

The file is an SQLite database whatever the branch uses, with a seal: the number of
rows of each table and a digest of their bytes, so that no damage goes unseen.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2
from sqlalchemy import ColumnElement, select, update

from bot import progress
from bot.channels.tokens import Token
from bot.errors import StorageError
from bot.maintenance import schema, upgrade
from bot.maintenance.copy import Copied, copy_all
from bot.outbox.letters import UNCLAIMED, Letter, Recipient
from bot.storage.database import (
    NAMELESS,
    Storage,
    copy_file,
    copy_state,
    open_to_read,
)

SEAL = "backup_seal"
LEFT_OUT = (Token.__tablename__,)  # a secret that is fetched anew
DOUBTED = "从备份恢复时已过发送时间，可能已收到；为免重复没有再发"
NOW_AND_THEN = 100_000
"""Instructions of SQLite after which it looks up, and may be stopped."""
ROWS_AT_ONCE = 2000
CHECKING = "核对备份"
BROKEN = "备份文件已损坏或不完整，没有恢复任何东西。"


@dataclass(frozen=True)
class Restored:
    """doubted: how many may have got their letter after the backup was made."""

    made_at: datetime
    copied: Copied
    doubted: int


def back_up(storage: Storage, path: Path, now: datetime) -> int:
    """Write a backup while others go on working; return its number of rows.

    Raises StorageError; then no file is left. An existing file is never overwritten.
    """
    _refuse_existing(path)
    part = path.with_name(path.name + ".part")
    try:
        part.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        why = error.strerror or str(error)
        raise StorageError(f"不能写 {part}：{why}。") from error
    try:
        with _plain_errors(part):
            _copy_online(storage, part)
            rows = _seal(part, now)
        _refuse_existing(path)
        progress.settle()
        part.rename(path)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            part.with_name(part.name + ending).unlink(missing_ok=True)
    return rows


def restore(
    path: Path, target: Storage, now: datetime, *, send_due: bool = False
) -> Restored:
    """Restore a backup into an empty database, all or nothing; the file is only read.

    What was due by now may have been sent after the backup: it is refused with that
    reason, unless send_due says that nothing was. Raises StorageError.
    """
    made_at = check(path)
    with closing(Storage(NAMELESS)) as source:
        copy_file(path, source)
        upgrade.upgrade(source)
        doubted = 0 if send_due else _doubt(source, now)
        copied = copy_all(source, target)
    return Restored(made_at, copied, doubted)


def check(path: Path) -> datetime:
    """Return when a backup was made; raise StorageError unless it is whole."""
    if not path.is_file():
        raise StorageError(f"没有备份文件 {path}。")
    with _plain_errors(path), closing(open_to_read(path)) as connection:
        sealed = connection.execute(f"SELECT * FROM {SEAL}").fetchall()
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != ("ok",) or not sealed:
            raise StorageError(BROKEN)
        if {row[0]: row[1:3] for row in sealed} != _digests(connection):
            raise StorageError(BROKEN)
        version = connection.execute(f"SELECT * FROM {schema.VERSIONS}").fetchone()
        if version[0] not in schema.revisions():
            raise StorageError("备份来自更新的程序，请换用新版程序再恢复。")
        return datetime.fromisoformat(sealed[0][3])


def _copy_online(storage: Storage, part: Path) -> None:
    if storage.is_sqlite:
        schema.check(storage)
        with (
            closing(dbapi2.connect(str(storage.url.database))) as source,
            closing(dbapi2.connect(str(part))) as target,
        ):
            copy_state(source, target)
    else:
        copy = Storage(f"sqlite:///{part}")
        try:
            copy_all(storage, copy)
        finally:
            copy.close()


def _seal(part: Path, now: datetime) -> int:
    """Leave out what is secret, leave no trace of what was deleted, and seal."""
    with closing(dbapi2.connect(str(part), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        for table in LEFT_OUT:
            connection.execute(f"DELETE FROM {table}")
        progress.tell("整理备份", 0, 1)
        connection.set_progress_handler(lambda: None, NOW_AND_THEN)
        connection.execute("VACUUM")
        progress.tell("整理备份", 1, 1)
        digests = _digests(connection)
        connection.execute(
            f"CREATE TABLE {SEAL} (name TEXT PRIMARY KEY, rows INTEGER, digest TEXT,"
            " made_at TEXT)"
        )
        connection.executemany(
            f"INSERT INTO {SEAL} VALUES (?, ?, ?, ?)",
            [(name, *seen, now.isoformat()) for name, seen in digests.items()],
        )
    del digests[schema.VERSIONS]  # not counted by a restore: both tell one number
    return sum(rows for rows, _ in digests.values())


def _digests(connection: dbapi2.Connection) -> dict[str, tuple[int, str]]:
    """Count the rows of every table and digest them, as they are in the file."""
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE"
        " 'sqlite_%' AND name <> ? ORDER BY name",
        (SEAL,),
    ).fetchall()
    tables = [name for (name,) in names]
    whole = sum(_count(connection, name) for name in tables)
    seen, done = dict[str, tuple[int, str]](), 0
    for name in tables:
        seen[name] = _digest(connection, name, done, whole)
        done += seen[name][0]
    progress.tell(CHECKING, whole, whole)
    return seen


def _count(connection: dbapi2.Connection, table: str) -> int:
    (rows,) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
    return int(rows)


def _digest(
    connection: dbapi2.Connection, table: str, before: int, whole: int
) -> tuple[int, str]:
    """Count and digest a table. before, whole: rows of others, and of all."""
    rows, digest = 0, blake2b(digest_size=16)
    for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid'):
        if rows % ROWS_AT_ONCE == 0:
            progress.tell(CHECKING, before + rows, whole)
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
        rows += 1
    return rows, digest.hexdigest()


def _doubt(source: Storage, now: datetime) -> int:
    """Refuse whom a letter may have reached between the backup and now."""
    due = select(Letter.id).where(UNCLAIMED, Letter.not_before <= now)
    with source.write() as session:
        letters = session.scalars(due).all()
        doubted = 0
        for letter in letters:
            waiting: list[ColumnElement[bool]] = [
                Recipient.letter_id == letter,
                Recipient.batch_id.is_(None),
                Recipient.state == "pending",
            ]
            refused = update(Recipient).where(*waiting)
            values = {
                "state": "refused",
                "reason": DOUBTED,
                "settled_at": now,
                "held_until": None,
            }
            done: Any = session.execute(refused.values(values))
            doubted += done.rowcount
            session.execute(
                update(Letter).where(Letter.id == letter).values(unclaimed=0)
            )
    return doubted


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise StorageError(f"{path} 已经存在，没有覆盖；请换一个文件名。")


@contextmanager
def _plain_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except dbapi2.DatabaseError as error:
        if "full" in str(error):
            raise StorageError("磁盘已满，没有留下备份。") from error
        if path.suffix == ".part":
            raise StorageError(f"写不了备份：{error}。") from error
        raise StorageError(BROKEN) from error
