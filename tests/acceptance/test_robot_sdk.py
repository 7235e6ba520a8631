"""The twin's long connection, driven by Tencent's own @wecom/aibot-node-sdk."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Queue
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.clock import WallClock
from server.twin.robot import Robot, running_robot
from server.twin.samples import PNG
from tests.acceptance.programs import PATIENCE, end, need
from tests.acceptance.standin import NODE, install_packages

SDK = "Tencent's @wecom/aibot-node-sdk"


@dataclass
class Client:
    """The SDK at work, and what it tells."""

    process: "subprocess.Popen[bytes]"
    told: "Queue[dict[str, Any]]" = field(default_factory=Queue)

    def listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.told.put(json.loads(line))

    def expect(self, what: str) -> dict[str, Any]:
        told = self.told.get(timeout=PATIENCE)
        assert told["what"] == what, told
        return told


@pytest.fixture
def robot() -> Iterator[Robot]:
    twin = Robot("bot-1", "secret-1", WallClock(ZoneInfo("Asia/Shanghai")).now)
    with running_robot(twin) as robot:
        yield robot


@pytest.fixture
def client(robot: Robot) -> Iterator[Client]:
    install_packages(SDK)
    told = {"url": robot.line.url, "botId": "bot-1", "secret": "secret-1"}
    process = subprocess.Popen(
        [need("node", SDK), "robot.mjs", json.dumps(told)],
        cwd=NODE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    client = Client(process)
    thread = Thread(target=client.listen, daemon=True)
    thread.start()
    client.expect("authenticated")
    yield client
    end(process)
    thread.join()
    for each in (process.stdin, process.stdout):
        assert each
        each.close()


def test_it_answers_in_a_stream(robot: Robot, client: Client) -> None:
    told = robot.say("wangfang", "你好", wait=PATIENCE)
    assert (told.text, told.times) == ("说的是 你好", 2)
    client.expect("answered")


def test_it_welcomes(robot: Robot, client: Client) -> None:
    told = robot.await_answer(robot.enter("wangfang"), PATIENCE)
    assert told.text == "欢迎"


def test_it_sends_a_card_and_changes_it(robot: Robot, client: Client) -> None:
    robot.tell("wangfang", "card")
    client.expect("sent")
    robot.press("wangfang", "go")
    robot.chats.wait_for(lambda: button_of(robot) == "已选去", PATIENCE)


def test_it_sends_up_a_picture_in_parts(robot: Robot, client: Client) -> None:
    robot.tell("wangfang", "upload")
    told = client.expect("uploaded")
    assert robot.line.media[told["media_id"]] == bytes([7]) * 1300 * 1024


def test_it_opens_a_picture(robot: Robot, client: Client) -> None:
    told = robot.await_answer(robot.picture("wangfang", PNG), PATIENCE)
    assert told.text == f"图片 {len(PNG)}"


def test_it_may_not_speak_first(robot: Robot, client: Client) -> None:
    robot.tell("wangfang", "unasked")
    assert client.expect("failed")["code"] == 846607


def test_its_heartbeats_are_acknowledged(robot: Robot, client: Client) -> None:
    robot.chats.wait_for(lambda: robot.line.beats >= 4, PATIENCE)
    assert robot.line.subscribed == 1


def test_it_comes_back_and_hears_what_waited(robot: Robot, client: Client) -> None:
    robot.line.drop()
    told = robot.say("wangfang", "断线时说的", wait=PATIENCE)
    assert told.text == "说的是 断线时说的"


def test_it_is_told_that_another_took_the_robot(robot: Robot, client: Client) -> None:
    robot.line.replace()
    client.expect("replaced")


def button_of(robot: Robot) -> str:
    cards = [each.card for each in robot.chats.of("wangfang") if each.card]
    return str(cards[-1]["button_list"][0]["text"]) if cards else ""
