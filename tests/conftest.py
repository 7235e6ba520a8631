import gc
import logging
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot.assistant.answering import Assistant
from bot.config.load import make_config
from bot.config.settings import Config
from bot.maintenance import upgrade
from bot.storage.database import Storage
from server.monitoring.logs import set_up_logs
from server.setup.wiring import build_assistant
from server.twin.api import create_api
from server.twin.serving import QuietHandler
from server.twin.world import World
from tests.databases import (
    ASKED_FOR,
    Databases,
    Reused,
    Server,
    choose,
    reach_server,
)
from tests.fakes.clock import FakeClock
from tests.fakes.port import Port
from tests.people import BRANCH, enrol_everyone, move_in
from tests.stage import LastingHandler, Stage, hearing

ZONE = ZoneInfo("Asia/Shanghai")
LONG_AGO = datetime(2026, 1, 1, tzinfo=ZONE)
KEY = "k" * 43
RARELY = (50_000, 20, 50)
"""When to look for garbage: most of a test's goes by itself."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-conversations", action="store_true")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect no garbage while thousands of tests are imported, nor look at them after.

    They stay until the end; to go through them again and again is a tenth of the time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(*RARELY)
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> None:
    """Only errors, and none of structlog's coloured frames with their variables."""
    set_up_logs(level=logging.ERROR)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what starts whole programs; on PostgreSQL, pass over what is about files."""
    about_files = pytest.mark.skip(reason="about SQLite's files")
    for item in items:
        if "acceptance" in item.path.parts:
            item.add_marker("thorough")
        if ASKED_FOR and item.get_closest_marker("files"):
            item.add_marker(about_files)


@pytest.fixture(scope="session")
def databases() -> Databases:
    """Where databases come from: files, or the server that was asked for."""
    return choose()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL that answers, for tests that are about it."""
    server = reach_server()
    yield server
    server.close()


@pytest.fixture(scope="session")
def filled_database(
    tmp_path_factory: pytest.TempPathFactory, databases: Databases
) -> Iterator[str]:
    """A database with the newest schema and the people of tests/people.py."""
    address = databases.address(tmp_path_factory.mktemp("database"))
    if isinstance(databases, Server):
        databases.create(address)
    storage = Storage(address)
    upgrade.upgrade(storage)
    with storage.write() as session:
        enrol_everyone(session, LONG_AGO)
    storage.close()
    yield address
    databases.drop(address)


@pytest.fixture(scope="session")
def reused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reused]:
    reused = Reused(tmp_path_factory.mktemp)
    yield reused
    reused.storage.close()


def make_clock() -> FakeClock:
    """Monday 2 March 2026, eight in the morning, until a test moves it."""
    return FakeClock(datetime(2026, 3, 2, 8, 0, tzinfo=ZONE))


def make_world(clock: FakeClock) -> World:
    """The twin of WeCom with everybody's phone."""
    twin = World("wwtest", 1000002, "appsecret", "token", KEY, clock.now)
    move_in(twin)
    return twin


def make_settings(database: str, world: World) -> Config:
    return make_config(
        {
            "database": {"url": database},
            "branch": {"name": BRANCH, "secretaries": ["zhaomin"]},
            "wecom": {
                "corp_id": world.corp_id,
                "agent_id": world.agent_id,
                "secret": world.secret,
                "token": world.token,
                "encoding_aes_key": world.encoding_aes_key,
                "api_base": world.api_base,
            },
        }
    )


@pytest.fixture
def clock() -> FakeClock:
    return make_clock()


@pytest.fixture(scope="session")
def twin_port() -> Iterator[Port]:
    with closing(Port(QuietHandler)) as port:
        yield port


@pytest.fixture(scope="session")
def our_port() -> Iterator[Port]:
    with closing(Port(LastingHandler)) as port:
        yield port


@pytest.fixture
def world(clock: FakeClock, twin_port: Port) -> Iterator[World]:
    world = make_world(clock)
    with closing(world), twin_port.serving(create_api(world)) as world.api_base:
        yield world


@pytest.fixture
def database(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    databases: Databases,
    reused: Reused,
) -> str:
    """The address of the test's own database, made when `storage` is asked for.

    Where `storage` fills it they take turns with one file, but for what is about files.
    """
    about_files = request.node.get_closest_marker("files")
    if ASKED_FOR or about_files or "storage" not in request.fixturenames:
        return databases.address(tmp_path)
    return reused.address


@pytest.fixture
def config(database: str, world: World) -> Config:
    return make_settings(database, world)


@pytest.fixture
def storage(
    database: str, filled_database: str, databases: Databases, reused: Reused
) -> Iterator[Storage]:
    """A database of the test's own, with everybody in it."""
    databases.copy(filled_database, database)
    if database == reused.address:
        yield reused.storage
        reused.clear()
        return
    storage = Storage(database)
    yield storage
    storage.close()
    databases.drop(database)


@pytest.fixture
def assistant(config: Config, storage: Storage, clock: FakeClock) -> Assistant:
    return build_assistant(config, storage=storage, clock=clock)


@pytest.fixture
def session(storage: Storage) -> Iterator[Session]:
    """One writing session, committed at the test's end."""
    with storage.write() as session:
        yield session


@pytest.fixture
def address(assistant: Assistant, world: World, our_port: Port) -> Iterator[str]:
    """Where the assistant listens."""
    with hearing(assistant, world, our_port) as address:
        yield address


@pytest.fixture
def stage(assistant: Assistant, clock: FakeClock, world: World, address: str) -> Stage:
    """Where conversations are played; nothing has reached a phone yet."""
    return Stage(assistant, clock, world)
