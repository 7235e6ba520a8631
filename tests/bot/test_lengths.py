"""How long a text may be is for its book to say: neither kind of database does."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import JSON, String, Text, insert, select, text

from bot import outbox
from bot.maintenance import schema, upgrade
from bot.outbox import Batch, Outcome
from bot.storage.database import Moment, Storage
from bot.storage.encrypted import Ring, Sealed, give_ring
from server.twin.world import World
from tests.bot.outbox.post import START, people, plan
from tests.databases import Files, Server, reach_server
from tests.stage import Stage

MSGID = "m" * 128


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.thorough)]
)
def books(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """An empty database of each kind, with the newest tables."""
    places = Files() if request.param == "sqlite" else reach_server()
    address = places.address(tmp_path)
    if isinstance(places, Server):
        places.create(address)
    storage = Storage(address)
    upgrade.upgrade(storage)
    give_ring(storage.engine, Ring([Fernet.generate_key().decode()]))
    yield storage
    storage.close()
    places.drop(address)


def bounded(table: Any) -> list[str]:
    return [
        column.name
        for column in table.columns
        if isinstance(column.type, String) and column.type.length is not None
    ]


def test_no_column_has_a_length_of_its_own() -> None:
    assert [each.name for each in schema.METADATA.sorted_tables if bounded(each)] == []


@pytest.mark.thorough
def test_postgresql_has_none_either(server: Server) -> None:
    with server.lent() as address:
        storage = Storage(address)
        upgrade.upgrade(storage)
        with storage.looking() as connection:
            found = connection.execute(
                text(
                    "SELECT table_name, column_name FROM information_schema.columns"
                    " WHERE table_schema = 'public' AND table_name != :versions"
                    " AND character_maximum_length IS NOT NULL"
                ),
                {"versions": schema.VERSIONS},
            ).all()
        storage.close()
    assert found == []


def test_a_long_text_fits_wherever_one_is_kept(books: Storage) -> None:
    """Of every table one row, each text of it longer than any column was."""
    with books.engine.connect() as connection, connection.begin() as undone:
        if not books.is_sqlite:
            connection.execute(text("SET session_replication_role = replica"))
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table in schema.METADATA.sorted_tables:
            texts = [c for c in table.columns if type(c.type) in (String, Text)]
            if not texts:
                continue
            row = {c.name: sample(c) for c in table.columns if not c.nullable}
            row |= {c.name: "长" * 800 for c in texts}
            connection.execute(insert(table).values(row))
            kept = connection.execute(select(*texts)).one()
            assert set(kept) == {"长" * 800}, table.name
        undone.rollback()


def sample(column: Any) -> Any:
    """Make up a value of the column's type."""
    if isinstance(column.type, Moment):
        return START
    if isinstance(column.type, Sealed):
        return ""
    if isinstance(column.type, JSON):
        return {}
    kind = column.type.python_type
    return START.date() if kind is date else kind()


def test_the_receipts_of_many_parts_are_written_down(books: Storage) -> None:
    receipt = ",".join([MSGID] * 20)
    with books.write() as session:
        assert outbox.put(session, plan("long"), people(["wangfang"]), now=START)
    with books.write() as session:
        claim = outbox.claim_batch(session, "wecom", "me", START)
        assert claim
        outbox.settle_batch(session, claim, Outcome(receipt), START)
    with books.read() as session:
        assert session.scalars(select(Batch.receipt)).all() == [receipt]


def test_a_long_notice_is_delivered_and_taken_back(stage: Stage, world: World) -> None:
    """Its text goes in parts, each with a number of WeCom's as long as real ones."""
    long = "请各位同志认真学习并交一份材料，" * 230
    stage.play("赵敏> 发通知")
    assert "预览" in stage.say("赵敏", f"{long}{long[:100]}")
    assert "正在发" in stage.say("赵敏", "确认")
    stage.arrived()
    told = stage.say("赵敏", "谁没回复")
    assert "未送达 0" in told, told
    sent = [len(each) for each in world.outgoing.sent]
    assert min(sent) >= 86
    stage.play("赵敏> 撤回通知")
    assert "正在撤回" in stage.say("赵敏", "确认")
