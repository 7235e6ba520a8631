"""`check --online` names each mistake of the robot, by line and by callback."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.assistant.answering import Assistant
from bot.channels.aibot import AiBot, lease
from bot.config.load import make_config
from bot.config.settings import Config
from server.setup.check_online import LAST, Findings, find_misfits
from server.setup.check_robot import MISFITS, NO_URL, try_robot
from server.twin.robot import Robot, running_robot
from server.twin.world import World
from tests.fakes.clock import FakeClock
from tests.people import BRANCH
from tests.stage import listening

KEY = "r" * 43
BY_CALLBACK = {"token": "robottoken", "encoding_aes_key": KEY}


@pytest.fixture
def config(database: str) -> Config:
    return make(database, BY_CALLBACK)


def make(database: str, robot: dict[str, Any], **server: Any) -> Config:
    return make_config(
        {
            "database": {"url": database},
            "branch": {"name": BRANCH, "secretaries": ["zhaomin"]},
            "aibot": robot,
            "server": server,
        }
    )


@pytest.fixture
def address(assistant: Assistant, world: World) -> Iterator[str]:
    with listening(assistant, world) as address:
        yield address


@pytest.fixture
def robot(clock: FakeClock) -> Iterator[Robot]:
    with running_robot(Robot("bot-1", "robot-secret", clock.now)) as robot:
        yield robot


def found(
    assistant: Assistant, database: str, told: dict[str, Any], **server: Any
) -> Findings:
    kept, config = assistant, make(database, told, **server)
    assert config.aibot
    channel = AiBot(config.aibot, kept.storage, kept.clock)
    with kept.storage.read() as session:
        return try_robot(config, channel, session, kept.clock.now())


def at(address: str) -> dict[str, Any]:
    return {"public_url": address, "port": urlsplit(address).port}


def test_callback_is_all_right(
    assistant: Assistant, database: str, address: str
) -> None:
    assert found(assistant, database, BY_CALLBACK, **at(address)).faults == []


@pytest.mark.parametrize(
    "other", [{"token": "another"}, {"encoding_aes_key": "s" * 43}]
)
def test_serve_has_other_keys(
    assistant: Assistant, database: str, address: str, other: dict[str, str]
) -> None:
    told = found(assistant, database, BY_CALLBACK | other, **at(address))
    (fault,) = told.faults
    assert "serve 用的是别的" in fault


def test_callback_without_an_address(assistant: Assistant, database: str) -> None:
    assert found(assistant, database, BY_CALLBACK).faults == [NO_URL]


def test_nobody_is_there(assistant: Assistant, database: str) -> None:
    told = found(assistant, database, BY_CALLBACK, public_url="http://127.0.0.1:9")
    (fault,) = told.faults
    assert "连不上" in fault


@pytest.mark.parametrize("setting", sorted(MISFITS))
def test_what_the_last_callback_did_not_fit(setting: str) -> None:
    misfit = f"{LAST.format(f'aibot:{setting}')} 1.7e9\n"
    assert find_misfits(misfit, "aibot", MISFITS) == [MISFITS[setting]]
    mended = f"{misfit}{LAST.format('aibot:genuine')} 1.8e9\n"
    assert find_misfits(mended, "aibot", MISFITS) == []


@pytest.mark.parametrize(
    ("wrong", "code", "words"),
    [
        ({"secret": "other"}, 0, "bot_id 或 secret 不对"),
        ({"bot_id": "bot-2"}, 0, "bot_id 或 secret 不对"),
        ({}, 846601, "没有开长连接"),
        ({}, 45009, "平台不接受"),
        ({"url": "ws://127.0.0.1:9"}, 0, "连不上"),
    ],
)
def test_each_mistake_of_the_line(
    assistant: Assistant,
    database: str,
    robot: Robot,
    wrong: dict[str, str],
    code: int,
    words: str,
) -> None:
    right = {"bot_id": "bot-1", "secret": "robot-secret", "url": robot.line.url}
    assert found(assistant, database, right).faults == []
    robot.line.faults.refuses = code
    (fault,) = found(assistant, database, right | wrong).faults
    assert words in fault


def test_a_line_that_serve_holds_is_left_alone(
    assistant: Assistant, database: str, robot: Robot, clock: FakeClock
) -> None:
    right = {"bot_id": "bot-1", "secret": "robot-secret", "url": robot.line.url}
    with assistant.storage.write() as session:
        lease.take(session, lease.look(session, clock.now()), "one", clock.now())
    (fault,) = found(assistant, database, right).faults
    assert "现在不通" in fault
    with assistant.storage.write() as session:
        state = lease.State(up_since=clock.now(), heard_at=clock.now())
        lease.count_up(session, "one", state, clock.now())
    told = found(assistant, database, right)
    assert told.faults == []
    assert "没有另外试" in told.remarks[0]
    assert robot.line.subscribed == 0
