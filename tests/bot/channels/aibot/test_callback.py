"""The robot by callback: from its sealed JSON to the answer, over real HTTP."""

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from bot.assistant.answering import Assistant
from bot.config.load import make_config
from bot.config.settings import Config
from bot.inbox import callers
from server.twin.crypto import Seal
from server.twin.world import World
from tests.fakes.clock import FakeClock
from tests.people import BRANCH
from tests.stage import listening

KEY = "r" * 43
SEAL = Seal.of("robottoken", KEY, "")


@pytest.fixture
def config(database: str) -> Config:
    return make_config(
        {
            "database": {"url": database},
            "branch": {"name": BRANCH, "secretaries": ["zhaomin"]},
            "aibot": {"token": "robottoken", "encoding_aes_key": KEY},
        }
    )


@pytest.fixture
def url(assistant: Assistant, world: World) -> Iterator[str]:
    with listening(assistant, world) as address:
        yield f"{address}/aibot/callback"


@pytest.fixture
def platform(url: str, clock: FakeClock) -> "Platform":
    return Platform(url, clock)


class Platform:
    """The caller of path/101033."""

    def __init__(self, url: str, clock: FakeClock) -> None:
        self.url, self.clock = url, clock

    def say(self, text: str, msgid: str = "m1", **more: Any) -> dict[str, Any] | None:
        return self.call({"msgtype": "text", "text": {"content": text}}, msgid, **more)

    def call(
        self, content: dict[str, Any], msgid: str = "m1", **more: Any
    ) -> dict[str, Any] | None:
        """Deliver; return the opened answer, None for none."""
        head = {"msgid": msgid, "chattype": "single", "from": {"userid": "wangfang"}}
        query, body = self.seal(json.dumps({**head, **content, **more}))
        answer = requests.post(self.url, params=query, data=body, timeout=5)
        assert answer.status_code == 200
        if not answer.text:
            return None
        told = answer.json()
        assert answer.headers["Content-Type"].startswith("application/json")
        assert told["nonce"] == query["nonce"]
        SEAL.check(
            told["msgsignature"],
            str(told["timestamp"]),
            told["nonce"],
            told["encrypt"],
        )
        opened: dict[str, Any] = json.loads(SEAL.open(told["encrypt"]))
        return opened

    def seal(self, text: str) -> tuple[dict[str, str], str]:
        cipher = SEAL.close(text)
        at, nonce = str(int(self.clock.now().timestamp())), secrets.token_hex(8)
        signature = SEAL.sign(at, nonce, cipher)
        query = {"msg_signature": signature, "timestamp": at, "nonce": nonce}
        return query, json.dumps({"encrypt": cipher})


def test_address_is_ours(platform: Platform) -> None:
    query, body = platform.seal("1616140317555161061")
    query["echostr"] = json.loads(body)["encrypt"]
    answer = requests.get(platform.url, params=query, timeout=5)
    assert (answer.status_code, answer.text) == (200, "1616140317555161061")


def test_forged_gets_403(platform: Platform) -> None:
    query, body = platform.seal("{}")
    query["msg_signature"] = "0" * 40
    assert requests.post(platform.url, params=query, data=body).status_code == 403


def test_a_check_in_and_its_retry(platform: Platform) -> None:
    told = platform.say("打卡")
    assert told
    assert told["msgtype"] == "stream"
    assert told["stream"]["finish"]
    assert "已打卡" in told["stream"]["content"]
    assert platform.say("打卡") == told


def test_welcome_is_a_text(platform: Platform) -> None:
    event = {"msgtype": "event", "event": {"eventtype": "enter_chat"}}
    told = platform.call(event)
    assert told
    assert told["msgtype"] == "text"
    assert platform.call(event, "m2") is None


def test_about_oneself_not_in_a_group(platform: Platform) -> None:
    group = {"chattype": "group", "chatid": "g1"}
    told = platform.say("@向阳 我的打卡", **group)
    assert told
    assert told["stream"]["content"] == (
        "这件事不在群里说：请打开和我的单聊，在那里问我。"
    )


def test_one_answer_unasked_within_the_hour(
    platform: Platform, assistant: Assistant, clock: FakeClock
) -> None:
    platform.say("打卡", response_url="http://127.0.0.1/r")
    with assistant.storage.write() as session:
        asked = (session, "aibot", "wangfang", clock.now())
        assert callers.take_address(*asked) == "http://127.0.0.1/r"
        assert callers.take_address(*asked) is None
