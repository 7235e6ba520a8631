"""The database: ailments in one sentence, files untouched, migrations like tables."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pysqlite3
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.errors import StorageError
from bot.inbox import open_questions
from bot.inbox.open_questions import Question
from bot.maintenance import schema, upgrade
from bot.storage import ticks
from bot.storage.database import Moment, Storage, insert_new
from bot.storage.in_list import AT_ONCE, in_parts
from bot.storage.ticks import Occasion
from tests.conftest import LONG_AGO as NOW

DAY = timedelta(days=1)
pytestmark = pytest.mark.files


@pytest.fixture
def path(storage: Storage) -> Path:
    return Path(storage.url.database or "")


def write(storage: Storage, thread: str = "t", size: int = 1) -> None:
    with storage.write() as session:
        open_questions.ask(
            session, thread, open_questions.Open("k", "长" * size, {}), NOW
        )


def count(storage: Storage) -> int:
    with storage.read() as session:
        return session.scalar(select(func.count()).select_from(Question)) or 0


def told(attempt: Callable[[], Any]) -> str:
    """Return the one sentence that the operator reads."""
    with pytest.raises(StorageError) as error:
        attempt()
    sentence = str(error.value)
    assert "\n" not in sentence
    assert sentence.endswith(("。", "）")) or "：" in sentence
    return sentence


def patience(storage: Storage, milliseconds: int) -> None:
    """Have new connections wait so long for a lock."""

    def set_up(connection: Any, record: object) -> None:
        connection.execute(f"PRAGMA busy_timeout = {milliseconds}")

    event.listen(storage.engine, "connect", set_up)


# --- units of work


def test_a_unit_of_work_happens_or_does_not(storage: Storage) -> None:
    def fail() -> None:
        with storage.write() as session:
            open_questions.ask(session, "t", open_questions.Open("k", "w", {}), NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert count(storage) == 0
    write(storage)
    assert count(storage) == 1


def test_a_reader_sees_one_state_and_blocks_nobody(storage: Storage) -> None:
    with storage.read() as session:
        before = session.scalar(select(func.count()).select_from(Question))
        write(storage)
        assert session.scalar(select(func.count()).select_from(Question)) == before
    assert count(storage) == 1


def test_no_update_is_lost(storage: Storage) -> None:
    """Each reads, then writes what it read plus one."""
    write(storage, size=1)

    def work() -> None:
        for _ in range(10):
            with storage.write() as session:
                row = session.get_one(Question, "t")
                row.details = {"n": row.details.get("n", 0) + 1}

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with storage.read() as session:
        assert session.get_one(Question, "t").details == {"n": 40}


def test_only_once_by_its_key(storage: Storage) -> None:
    row = {"job": "j", "due": NOW, "held_until": NOW}
    with storage.write() as session:
        assert insert_new(session, Occasion, row)
        assert not insert_new(session, Occasion, row | {"held_until": NOW + DAY})
    with storage.read() as session:
        kept = session.get_one(Occasion, ("j", NOW))
        assert (kept.held_until, kept.held_until.tzinfo) == (NOW, kept.due.tzinfo)


def test_a_wrong_statement_is_a_bug_and_no_ailment(storage: Storage) -> None:
    def wrong() -> None:
        with storage.write() as session:
            session.add(Occasion(job="j", due=NOW))
            session.flush()

    with pytest.raises(IntegrityError):
        wrong()


# --- ailments


def test_locked(storage: Storage, path: Path) -> None:
    patience(storage, 20)
    with closing(pysqlite3.dbapi2.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "占用" in told(lambda: write(storage))
        assert count(storage) == 0, "one may still read"
    write(storage)


def test_full(storage: Storage) -> None:
    def set_limit(connection: Any, record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    event.listen(storage.engine, "connect", set_limit)
    storage.engine.dispose()
    write(storage)
    assert "磁盘已满" in told(lambda: write(storage, "big", 100_000))
    assert count(storage) == 1
    storage.check_health()


def test_no_database_at_all(tmp_path: Path) -> None:
    path = tmp_path / "branch.db"
    path.write_bytes(rubbish := b"a spreadsheet, perhaps " * 400)
    storage = Storage(f"sqlite:///{path}")
    assert "不是数据库" in told(storage.check_health)
    assert "不是数据库" in told(lambda: upgrade.upgrade(storage))
    storage.close()
    assert path.read_bytes() == rubbish


def damage(path: Path, first: int, size: int) -> bytes:
    with closing(pysqlite3.dbapi2.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[first : first + size] = b"\xff" * size
    path.write_bytes(content)
    return bytes(content)


@pytest.mark.parametrize(("first", "size"), [(0, 100), (4096, 4096)])
def test_a_damaged_file_is_left_as_it_is(
    storage: Storage, path: Path, first: int, size: int
) -> None:
    storage.close()
    damaged = damage(path, first, size)
    assert "损坏" in told(storage.check_health)
    storage.close()
    assert path.read_bytes() == damaged


def test_a_sound_file(storage: Storage) -> None:
    storage.check_health()


def test_read_only(storage: Storage) -> None:
    """As a file without the right to write is; root would have every right."""
    write(storage)

    def forbid(connection: Any, record: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    event.listen(storage.engine, "connect", forbid)
    storage.engine.dispose()
    assert "只读" in told(lambda: write(storage, "other"))
    assert count(storage) == 1


def test_no_folder(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    sentence = told(lambda: Storage(f"sqlite:///{gone / 'branch.db'}"))
    assert "文件夹不存在" in sentence
    assert not gone.exists()


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path}")
    assert "打不开" in told(storage.check_health)
    storage.close()


def test_no_server() -> None:
    storage = Storage("postgresql+psycopg://nobody@127.0.0.1:9/none")
    assert "连不上" in told(storage.tables)
    storage.check_health()
    storage.close()


def test_an_error_that_nobody_foresaw_is_shown_as_it_is(storage: Storage) -> None:
    with storage.looking() as connection, pytest.raises(OperationalError):
        connection.exec_driver_sql("SELECT * FROM nowhere")


# --- the schema


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Storage]:
    storage = Storage(f"sqlite:///{tmp_path / 'empty.db'}")
    yield storage
    storage.close()


def test_an_empty_database_is_told_of_the_command(empty: Storage) -> None:
    assert "xiangyang db upgrade" in told(lambda: schema.check(empty))


def test_an_empty_database_gets_all_tables(empty: Storage) -> None:
    upgrade.upgrade(empty)
    schema.check(empty)
    assert schema.METADATA.tables.keys() <= empty.tables()
    assert schema.current(empty) == schema.head()


def test_upgrading_again_changes_nothing(storage: Storage) -> None:
    before = storage.tables()
    with storage.write() as session:
        assert ticks.take(session, "j", NOW, NOW)
    upgrade.upgrade(storage)
    assert storage.tables() == before
    with storage.write() as session:
        assert not ticks.take(session, "j", NOW, NOW)


def set_revision(storage: Storage, revision: str | None) -> None:
    with storage.exclusive() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
        if revision:
            connection.exec_driver_sql(
                "INSERT INTO alembic_version VALUES (?)", (revision,)
            )


def test_an_old_schema_is_told_of_the_command(storage: Storage) -> None:
    set_revision(storage, None)
    assert "xiangyang db upgrade" in told(lambda: schema.check(storage))


def test_a_newer_schema_is_refused(storage: Storage) -> None:
    set_revision(storage, "9999")
    sentence = told(lambda: schema.check(storage))
    assert "新" in sentence
    assert "upgrade" not in sentence


def test_the_migrations_make_the_tables_of_the_books(storage: Storage) -> None:
    def same_type(
        context: object, inspected: object, column: object, found: Any, wanted: Any
    ) -> bool | None:
        return False if isinstance(wanted, Moment) else None

    with storage.looking() as connection:
        options = {"compare_type": same_type, "render_as_batch": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.METADATA) == []


def test_a_list_in_parts_is_all_of_it_once() -> None:
    """Nothing is lost or named twice where one part ends and the next begins."""
    for many in (0, 1, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE + 1):
        every = list(range(many))
        parts = list(in_parts(every))
        assert [each for part in parts for each in part] == every
        assert all(0 < len(part) <= AT_ONCE for part in parts)
