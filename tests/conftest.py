import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from shutil import copyfile
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot import upgrades
from bot.assistant import Assistant
from bot.config import Config, make_config
from bot.storage import Storage
from server.logs import set_up_logs
from server.twin.serving import running
from server.twin.world import World
from server.wiring import build_assistant
from tests.fakes.clock import FakeClock
from tests.people import BRANCH, enrol_everyone, move_in
from tests.stage import Stage, listening

ZONE = ZoneInfo("Asia/Shanghai")
LONG_AGO = datetime(2026, 1, 1, tzinfo=ZONE)
KEY = "k" * 43


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-conversations", action="store_true")


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> None:
    """Only errors, and none of structlog's coloured frames with their variables."""
    set_up_logs(level=logging.ERROR)


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the newest schema and the people of tests/people.py."""
    path = tmp_path_factory.mktemp("database") / "filled.db"
    storage = Storage(f"sqlite:///{path}")
    upgrades.upgrade(storage)
    with storage.write() as session:
        enrol_everyone(session, LONG_AGO)
    storage.close()
    return path


@pytest.fixture
def clock() -> FakeClock:
    """Monday 2 March 2026, eight in the morning, until a test moves it."""
    return FakeClock(datetime(2026, 3, 2, 8, 0, tzinfo=ZONE))


@pytest.fixture
def world(clock: FakeClock) -> Iterator[World]:
    """The twin of WeCom on a free port, with everybody's phone."""
    twin = World("wwtest", 1000002, "appsecret", "token", KEY, clock.now)
    move_in(twin)
    with running(twin):
        yield twin


@pytest.fixture
def config(tmp_path: Path, world: World) -> Config:
    return make_config(
        {
            "database": {"url": f"sqlite:///{tmp_path / 'branch.db'}"},
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
def storage(tmp_path: Path, filled_database: Path) -> Iterator[Storage]:
    """A database of the test's own, with everybody in it."""
    copyfile(filled_database, tmp_path / "branch.db")
    storage = Storage(f"sqlite:///{tmp_path / 'branch.db'}")
    yield storage
    storage.close()


@pytest.fixture
def assistant(config: Config, storage: Storage, clock: FakeClock) -> Assistant:
    return build_assistant(config, storage=storage, clock=clock)


@pytest.fixture
def session(storage: Storage) -> Iterator[Session]:
    """One writing session, committed at the test's end."""
    with storage.write() as session:
        yield session


@pytest.fixture
def address(assistant: Assistant, world: World) -> Iterator[str]:
    """Where the assistant listens."""
    with listening(assistant, world) as address:
        yield address


@pytest.fixture
def stage(assistant: Assistant, clock: FakeClock, world: World, address: str) -> Stage:
    """Where conversations are played; nothing has reached a phone yet."""
    return Stage(assistant, clock, world)
