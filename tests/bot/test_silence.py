"""A PostgreSQL that hangs keeps its connections and says nothing; we go on in time."""

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

import pytest
from sqlalchemy import make_url, text

from bot.assistant.answering import Assistant
from bot.assistant.faults import BUSY
from bot.errors import StorageError
from bot.maintenance import upgrade
from bot.message import Message
from bot.storage.database import Storage
from bot.storage.dialects import hurried
from tests.conftest import LONG_AGO
from tests.databases import Server
from tests.fakes.cable import Cable, laid_to
from tests.people import enrol_everyone

pytestmark = pytest.mark.thorough

SOON = 0.2


@pytest.fixture(scope="module")
def filled(server: Server) -> Iterator[str]:
    with server.lent() as address:
        storage = Storage(address)
        upgrade.upgrade(storage)
        with storage.write() as session:
            enrol_everyone(session, LONG_AGO)
        storage.close()
        yield address


@pytest.fixture
def cable(filled: str) -> Iterator[Cable]:
    url = make_url(filled)
    with laid_to(url.host or "127.0.0.1", url.port or 5432) as cable:
        yield cable


@pytest.fixture
def distant(filled: str, cable: Cable) -> Iterator[Storage]:
    """The database at the far end of the cable."""
    url = make_url(filled).set(host="127.0.0.1", port=cable.port)
    storage = Storage(url.render_as_string(hide_password=False))
    yield storage
    storage.close()


def look(storage: Storage, statement: str = "SELECT 1") -> None:
    with storage.read() as session:
        session.execute(text(statement))


@pytest.mark.parametrize("known", [True, False], ids=["connected", "at first"])
def test_who_is_in_a_hurry_gives_up_in_time(
    distant: Storage, cable: Cable, *, known: bool
) -> None:
    if known:
        look(distant)
    cable.freeze()
    began = monotonic()
    with pytest.raises(StorageError), hurried(began + SOON):
        look(distant)
    assert monotonic() - began < 5  # WeCom waits no longer
    cable.thaw()
    look(distant)
    with hurried(monotonic() + 60):
        look(distant)


def test_a_statement_that_takes_long_is_given_up(distant: Storage) -> None:
    with pytest.raises(StorageError, match="没有回音"), hurried(monotonic() + SOON):
        look(distant, "SELECT pg_sleep(60)")
    look(distant)


def test_the_server_gives_up_too(filled: str) -> None:
    storage = Storage(filled, statement_ms=100)
    with pytest.raises(StorageError, match="太久"):
        look(storage, "SELECT pg_sleep(60)")
    with storage.exclusive() as connection:
        connection.execute(text("SELECT pg_sleep(0.3)"))
    storage.close()


def test_whose_time_is_over_asks_nobody(distant: Storage, cable: Cable) -> None:
    """He waited for his turn meanwhile."""
    cable.freeze()
    with pytest.raises(StorageError, match="没有回音"), hurried(monotonic() - 1):
        look(distant)


def test_a_hurry_is_over_with_its_block(distant: Storage) -> None:
    look(distant)
    with hurried(monotonic() + SOON):
        look(distant)
    look(distant, "SELECT pg_sleep(0.4)")


def test_a_message_is_answered_though_the_database_hangs(
    assistant: Assistant, distant: Storage, cable: Cable
) -> None:
    hanging = replace(assistant, storage=distant)
    look(distant)
    cable.freeze()
    with hurried(monotonic() + SOON):
        heard = hanging.answer(Message("wecom", "wangfang", "1", text="打卡"))
    assert heard.reply
    assert heard.reply.text == BUSY
    cable.thaw()
    again = hanging.answer(Message("wecom", "wangfang", "1", text="打卡"))
    assert again.intent == "checkin"
