"""Copy a whole database into an empty one, of the same kind or the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pysqlite3
from alembic import command
from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    Table,
    TableClause,
    Text,
    bindparam,
    column,
    func,
    inspect,
    select,
    table,
    text,
    update,
)

from bot import progress
from bot.errors import StorageError
from bot.maintenance import schema
from bot.maintenance.upgrade import make_config
from bot.storage.database import Storage
from bot.storage.encrypted import Sealed

AT_ONCE = 2000
FILES_AT_ONCE = 4  # each may have megabytes


@dataclass(frozen=True)
class Copied:
    """How many rows of which table; the counts of both sides were compared."""

    rows: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.rows.values())


@dataclass
class _Way:
    """How many rows of how many are copied."""

    whole: int
    done: int = 0

    def go_on(self, rows: int) -> None:
        self.done += rows
        progress.tell("搬数据", self.done, self.whole)


def copy_all(source: Storage, target: Storage) -> Copied:
    """Copy every row, all or nothing, and count both sides.

    What is sealed stays so: no key is asked for. Raises StorageError if the target
    holds anything, or the source's schema is not the newest.
    """
    schema.check(source)
    with source.looking() as old, target.exclusive() as new:
        refuse_filled(new)
        command.upgrade(make_config(connection=new), "head")
        way = _Way(sum(_count(old, each) for each in schema.METADATA.sorted_tables))
        rows = {
            each.name: _copy_table(old, new, each, way)
            for each in schema.METADATA.sorted_tables
        }
        _advance_counters(new)
        _count_for_the_planner(new)
        progress.settle()
    return Copied(rows)


@contextmanager
def nobody_else(storage: Storage) -> Iterator[None]:
    """Raise StorageError if another program has the database open.

    What it wrote during a move would stay behind.
    """
    storage.engine.dispose()
    if _others_of_file(storage) if storage.is_sqlite else _others_of_server(storage):
        raise StorageError(
            "还有程序在用这个数据库（serve 没有停？），请先全部停下再搬。"
        )
    yield


def refuse_filled(connection: Connection) -> None:
    """Raise StorageError if any table of ours has a row, or there are only others'."""
    ours = schema.METADATA.tables
    found = set(inspect(connection).get_table_names())
    for name in sorted(found & ours.keys()):
        if connection.execute(select(1).select_from(ours[name]).limit(1)).first():
            raise StorageError(f"目标数据库不是空的（{name} 里有数据），没有动它。")
    if found and not found & ours.keys():
        raise StorageError("目标数据库里有别的程序的表，没有动它。")


def _copy_table(old: Connection, new: Connection, whole: Table, way: _Way) -> int:
    """Copy in the order of the key; who points into the own table is linked after."""
    inward = [each for each in whole.columns if _points_inward(each)]
    stored = _as_stored(whole)
    asked = select(stored).order_by(*whole.primary_key.columns)
    files = any(isinstance(each.type, LargeBinary) for each in whole.columns)
    some_rows = FILES_AT_ONCE if files else AT_ONCE
    rows = old.execute(asked.execution_options(yield_per=some_rows))
    for some in rows.mappings().partitions():
        blank = dict.fromkeys((each.name for each in inward), None)
        new.execute(stored.insert(), [{**row, **blank} for row in some])
        way.go_on(len(some))
    for each in inward:
        _link_inward(old, new, each)
    return _count_both(old, new, whole)


def _as_stored(whole: Table) -> TableClause:
    """Name a table whose sealed values are read and written as they lie there."""
    plain = (
        column(each.name, Text() if isinstance(each.type, Sealed) else each.type)
        for each in whole.columns
    )
    return table(whole.name, *plain)


def _points_inward(which: "Column[int]") -> bool:
    return any(key.column.table is which.table for key in which.foreign_keys)


def _link_inward(old: Connection, new: Connection, which: "Column[int]") -> None:
    (key,) = which.table.primary_key.columns
    rows = old.execute(select(key, which).where(which.is_not(None))).all()
    if rows:
        linked = update(which.table).where(key == bindparam("key"))
        values = [{"key": number, "other": other} for number, other in rows]
        new.execute(linked.values({which: bindparam("other")}), values)


def _count_both(old: Connection, new: Connection, whole: Table) -> int:
    before, after = _count(old, whole), _count(new, whole)
    if before != after:
        raise StorageError(
            f"{whole.name}：原来 {before} 行，搬到 {after} 行，对不上；什么也没有搬。"
        )
    return after


def _count(connection: Connection, whole: Table) -> int:
    return connection.scalars(select(func.count()).select_from(whole)).one()


def _count_for_the_planner(new: Connection) -> None:
    """Tell PostgreSQL's planner what it got; by itself it looks a minute later."""
    if new.dialect.name == "postgresql":
        names = ", ".join(f'"{name}"' for name in schema.METADATA.tables)
        new.exec_driver_sql(f"ANALYZE {names}")


def _advance_counters(new: Connection) -> None:
    """Have PostgreSQL number new rows after the copied ones; SQLite does by itself."""
    if new.dialect.name != "postgresql":
        return
    for each in schema.METADATA.sorted_tables:
        key = each.autoincrement_column
        if key is None:
            continue
        name = new.scalar(
            text("SELECT pg_get_serial_sequence(:table, :key)"),
            {"table": f'"{each.name}"', "key": key.name},
        )
        last = new.scalar(select(func.max(key)))
        if name and last:
            new.execute(
                text("SELECT setval(:name, :last)"), {"name": name, "last": last}
            )


def _others_of_file(storage: Storage) -> bool:
    """Tell if somebody has the file open: its journal cannot be changed then."""
    connection = pysqlite3.dbapi2.connect(str(storage.url.database))
    try:
        now = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except pysqlite3.dbapi2.OperationalError as error:
        return "locked" in str(error)
    except pysqlite3.dbapi2.DatabaseError:
        return False  # damaged: whoever opens it next says so
    finally:
        connection.close()
    return bool(now != ("delete",))


def _others_of_server(storage: Storage) -> bool:
    with storage.looking() as connection:
        others = connection.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname ="
                " current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
        )
    return bool(others)
