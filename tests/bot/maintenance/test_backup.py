"""The restore drill of docs/operating.md, moves, and files that are not sound."""

import contextlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet
from pysqlite3 import dbapi2
from sqlalchemy import event, func, select

from bot import outbox
from bot.branch.people import phones
from bot.branch.people.members import Member, add_member
from bot.branch.people.tree import plant
from bot.branch.study.checkins import CheckIn
from bot.delivery.wake import Engine
from bot.errors import StorageError
from bot.maintenance import schema, upgrade
from bot.maintenance.backup import DOUBTED, back_up, check, restore
from bot.maintenance.copy import copy_all, nobody_else
from bot.maintenance.verify import verify
from bot.outbox import Recipient
from bot.storage.database import Storage
from bot.storage.encrypted import Ring, give_ring
from server.cli import main
from tests.bot.outbox.post import people, plan
from tests.conftest import ZONE
from tests.databases import Server
from tests.stage import Stage

NOW = datetime(2026, 3, 2, 9, tzinfo=ZONE)
pytestmark = [pytest.mark.files, pytest.mark.thorough]
LIFE = "王芳> 打卡 学党章\n赵敏> 发通知 周五下午三点开会\n赵敏> 确认\n王芳> 收到\n"


KEY, PHONE = Fernet.generate_key().decode(), "13900007777"


@pytest.fixture
def lived(stage: Stage, storage: Storage) -> Storage:
    """A branch at work, with a number sealed by a key that no longer is at hand."""
    stage.play(LIFE)
    with holding_key(storage), storage.write() as session:
        somebody = session.scalars(select(Member).limit(1)).one()
        phones.keep(session, somebody, PHONE, NOW)
    return storage


@contextmanager
def holding_key(storage: Storage) -> Iterator[None]:
    give_ring(storage.engine, Ring([KEY]))
    yield
    give_ring(storage.engine, Ring([]))


def numbers(storage: Storage) -> list[str]:
    with holding_key(storage), storage.read() as session:
        return list(session.scalars(select(phones.Phone.number)))


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Storage]:
    folder = tmp_path / "fresh machine"
    folder.mkdir()
    storage = Storage(f"sqlite:///{folder / 'branch.db'}")
    yield storage
    storage.close()


@pytest.fixture
def on_server(server: Server) -> Iterator[Storage]:
    with server.lent() as address:
        storage = Storage(address)
        yield storage
        storage.close()


def counted(storage: Storage) -> dict[str, int]:
    with storage.looking() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in schema.METADATA.tables.items()
            if name != "token"
        }


def refused(attempt: object, *args: object) -> str:
    assert callable(attempt)
    with pytest.raises(StorageError) as error:
        attempt(*args)
    return str(error.value)


# --- the drill


def test_the_drill(lived: Storage, empty: Storage, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    rows = back_up(lived, file, NOW)
    before = counted(lived)
    assert rows == sum(before.values())
    assert file.stat().st_mode & 0o777 == 0o600
    assert check(file) == NOW
    done = restore(file, empty, NOW)
    assert (done.made_at, done.doubted) == (NOW, 0)
    assert counted(empty) == before
    assert verify(empty) == []
    assert sorted(each.name for each in tmp_path.glob("backup*")) == ["backup.db"]


def test_a_backup_goes_to_the_server_and_back(
    lived: Storage, on_server: Storage, empty: Storage, tmp_path: Path
) -> None:
    before = counted(lived)
    back_up(lived, tmp_path / "one.db", NOW)
    restore(tmp_path / "one.db", on_server, NOW)
    assert verify(on_server) == []
    back_up(on_server, tmp_path / "two.db", NOW)
    restore(tmp_path / "two.db", empty, NOW)
    assert counted(empty) == before
    assert numbers(on_server) == numbers(empty) == [PHONE]
    with on_server.write() as session:  # its counters go on after the copied rows
        add_member(session, "周新", plant(session, "新支部"), NOW)


def test_a_backup_while_others_write(lived: Storage, tmp_path: Path) -> None:
    stopping = Event()

    def write() -> None:
        number = 0
        while not stopping.is_set():
            with lived.write() as session:
                number += 1
                letter = plan(f"during:{number}")
                outbox.put(session, letter, people(["a", "b"]), now=NOW)

    writer = Thread(target=write)
    writer.start()
    try:
        for turn in range(3):
            back_up(lived, tmp_path / f"{turn}.db", NOW)
    finally:
        stopping.set()
        writer.join()
    for turn in range(3):
        copy = Storage(f"sqlite:///{tmp_path / f'{turn}.db'}")
        assert verify(copy) == []
        copy.close()


def test_what_may_have_been_sent_is_not_sent_again(
    storage: Storage, empty: Storage, tmp_path: Path
) -> None:
    with storage.write() as session:
        outbox.put(session, plan("due"), people(["a", "b"]), now=NOW)
        later = plan("later", opens=20 * 3600)
        outbox.put(session, later, people(["c"]), now=NOW)
    back_up(storage, tmp_path / "b.db", NOW)
    due = datetime(2026, 3, 2, 18, tzinfo=ZONE)
    assert restore(tmp_path / "b.db", empty, due).doubted == 2
    with empty.read() as session:
        rows = session.execute(select(Recipient.user, Recipient.reason))
        fates = dict(rows.all())
    assert fates == {"a": DOUBTED, "b": DOUBTED, "c": None}
    assert verify(empty) == []


def test_after_an_orderly_move_all_is_sent(
    storage: Storage, empty: Storage, tmp_path: Path
) -> None:
    with storage.write() as session:
        outbox.put(session, plan("due"), people(["a"]), now=NOW)
    back_up(storage, tmp_path / "b.db", NOW)
    later = NOW + timedelta(hours=9)
    assert restore(tmp_path / "b.db", empty, later, send_due=True).doubted == 0


# --- what is refused


def test_neither_secrets_nor_what_was_deleted_is_in_it(
    lived: Storage, tmp_path: Path
) -> None:
    with lived.write() as session:
        member = add_member(session, "已删的人", plant(session, "x"), NOW)
        session.flush()
        session.delete(session.get_one(Member, member.id))
    back_up(lived, tmp_path / "b.db", NOW)
    content = (tmp_path / "b.db").read_bytes()
    assert "王芳".encode() in content
    assert "已删的人".encode() not in content
    assert content.count(b"gAAAA") == 1, "a number, but no token, sealed or not"


def test_a_killed_restore_leaves_no_copy(
    lived: Storage,
    empty: Storage,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While the copy is at its fullest, no folder holds a name of it."""
    here = tmp_path_factory.mktemp("temporary")
    monkeypatch.setenv("TMPDIR", str(here))
    monkeypatch.setattr(tempfile, "tempdir", str(here))
    back_up(lived, tmp_path / "kept", NOW)
    before, seen = set(tmp_path.rglob("*")), set[Path]()

    def look(*_: object) -> None:
        seen.update({*here.rglob("*"), *tmp_path.rglob("*")} - before)

    event.listen(empty.engine, "commit", look)
    restore(tmp_path / "kept", empty, NOW)
    assert seen
    assert {each.name.partition("-")[0] for each in seen} == {"branch.db"}


def test_the_files_are_their_owner_s_alone(tmp_path: Path) -> None:
    """Those of before too, and what SQLite puts beside them."""
    old = tmp_path / "old.db"
    old.touch(mode=0o644)
    old.chmod(0o644)
    with contextlib.closing(Storage(f"sqlite:///{old}")) as storage:
        upgrade.upgrade(storage)
        engine = Engine("", storage)
        engine.wake()
        made = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}
        engine.stop()
    assert {"old.db", "old.db-wal", "old.db-shm", "old.queue"} <= made.keys()
    assert set(made.values()) == {0o600}


def test_nothing_is_overwritten(lived: Storage, empty: Storage, tmp_path: Path) -> None:
    file = tmp_path / "b.db"
    back_up(lived, file, NOW)
    content = file.read_bytes()
    assert "已经存在" in refused(back_up, lived, file, NOW)
    restore(file, empty, NOW)
    before = counted(empty)
    assert "不是空的" in refused(restore, file, empty, NOW)
    assert counted(empty) == before
    assert file.read_bytes() == content


@pytest.mark.parametrize("place", [0.001, 0.2, 0.4, 0.6, 0.8, 0.97])
def test_a_damaged_file_is_refused(
    lived: Storage, empty: Storage, tmp_path: Path, place: float
) -> None:
    file = tmp_path / "b.db"
    back_up(lived, file, NOW)
    content = bytearray(file.read_bytes())
    pages = (b"\x55" * 4096) * 1
    start = int(len(content) * place)
    content[start : start + len(pages)] = pages[: len(content) - start]
    file.write_bytes(content)
    assert "损坏" in refused(restore, file, empty, NOW)
    assert empty.tables() == set()
    assert file.read_bytes() == content


def test_one_changed_letter_is_seen(
    lived: Storage, empty: Storage, tmp_path: Path
) -> None:
    file = tmp_path / "b.db"
    back_up(lived, file, NOW)
    content = file.read_bytes()
    file.write_bytes(content.replace("学党章".encode(), "学党史".encode(), 1))
    assert "损坏" in refused(restore, file, empty, NOW)


@pytest.mark.parametrize(
    "content", [b"", b"not a database" * 500, b"SQLite format 3\0"]
)
def test_what_is_no_backup(empty: Storage, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "b.db"
    file.write_bytes(content)
    assert "损坏" in refused(restore, file, empty, NOW)
    assert empty.tables() == set()


def test_a_shortened_file(lived: Storage, empty: Storage, tmp_path: Path) -> None:
    file = tmp_path / "b.db"
    back_up(lived, file, NOW)
    file.write_bytes(file.read_bytes()[:-8192])
    assert "损坏" in refused(restore, file, empty, NOW)


def test_no_such_file_and_no_such_folder(empty: Storage, tmp_path: Path) -> None:
    assert "没有备份文件" in refused(restore, tmp_path / "none.db", empty, NOW)
    upgrade.upgrade(empty)
    assert "不能写" in refused(back_up, empty, tmp_path / "gone" / "b.db", NOW)


def test_an_older_backup_is_upgraded(empty: Storage, tmp_path: Path) -> None:
    """As the first version made it: its tables, its seal."""
    from alembic import command

    from bot.maintenance import backup as backups

    file = tmp_path / "old.db"
    old = Storage(f"sqlite:///{file}")
    with old.exclusive() as connection:
        command.upgrade(upgrade.make_config(connection=connection), "0001")
        connection.exec_driver_sql(
            "INSERT INTO branch (id, kind, name, path)"
            " VALUES (1, '党支部', '旧', '/1/')"
        )
    old.close()
    backups._seal(file, NOW)
    restore(file, empty, NOW)
    schema.check(empty)
    assert verify(empty) == []
    assert counted(empty)["branch"] == 1


def test_a_newer_backup_is_refused(
    lived: Storage, empty: Storage, tmp_path: Path
) -> None:
    from bot.maintenance import backup as backups

    file = tmp_path / "b.db"
    back_up(lived, file, NOW)
    connection = dbapi2.connect(file, isolation_level=None)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.execute(f"DROP TABLE {backups.SEAL}")
    connection.close()
    backups._seal(file, NOW)
    assert "更新的程序" in refused(restore, file, empty, NOW)


# --- moving


def test_a_move_counts_every_table(lived: Storage, on_server: Storage) -> None:
    before = counted(lived)
    copied = copy_all(lived, on_server)
    with on_server.looking() as connection:
        known = "SELECT reltuples FROM pg_class WHERE relname = 'member'"
        assert connection.exec_driver_sql(known).scalar() == copied.rows["member"]
    rows = {name: count for name, count in copied.rows.items() if name != "token"}
    assert rows == before
    assert counted(on_server) == before
    assert verify(on_server) == []
    assert "不是空的" in refused(copy_all, lived, on_server)
    with on_server.read() as session:
        assert session.scalars(select(CheckIn.note)).all() == ["学党章"]
    assert numbers(on_server) == [PHONE]


def test_a_move_from_under_a_running_program_is_refused(lived: Storage) -> None:
    lived.engine.dispose()
    with nobody_else(lived):
        pass
    other = Storage(lived.location)
    with other.looking() as connection:
        connection.execute(select(Member.id)).all()
    with pytest.raises(StorageError, match="还有程序在用"), nobody_else(lived):
        pass
    other.close()


def test_a_move_that_breaks_off_leaves_nothing(
    lived: Storage, on_server: Storage
) -> None:
    """The last table cannot be read: nothing of the others is kept."""
    with lived.exclusive() as connection:
        last = schema.METADATA.sorted_tables[-1].name
        connection.exec_driver_sql(f"DROP TABLE {last}")
    with pytest.raises(Exception, match=last):
        copy_all(lived, on_server)
    assert on_server.tables() == set()


def test_another_programs_database_is_left_alone(
    lived: Storage, empty: Storage
) -> None:
    with empty.exclusive() as connection:
        connection.exec_driver_sql("CREATE TABLE accounts (id INTEGER)")
    assert "别的程序" in refused(copy_all, lived, empty)
    assert empty.tables() == {"accounts"}


# --- from the command line


def test_the_commands(lived: Storage, server: Server, tmp_path: Path) -> None:
    lived.close()

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, [*words, "--config", str(config)])
        assert done.exit_code == code, done.output
        return done.output

    config = tmp_path / "config.toml"
    config.write_text(f'[database]\nurl = "{lived.location}"\n', "utf-8")
    assert "数据没有问题" in run("verify")
    assert '"faults": []' in run("verify", "--json")
    assert "已备份到" in run("backup", str(tmp_path / "b.db"))
    with server.lent() as address:
        assert "已搬完" in run("db", "move", "--to", address)
        assert "不是空的" in run("db", "move", "--to", address, code=1)
    with server.lent() as address:
        config.write_text(f'[database]\nurl = "{address}"\n', "utf-8")
        assert "已恢复 " in run("restore", str(tmp_path / "b.db"))
        assert "数据没有问题" in run("verify")
        broken = Storage(address)
        with broken.exclusive() as connection:
            connection.exec_driver_sql("UPDATE letter SET planned = 99 WHERE id = 1")
        broken.close()
        assert "计划人数" in run("verify", code=1)
