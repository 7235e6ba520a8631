"""The demo with a smart robot: some have one more chat on the page."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests

from server.demo.demo import serving_demo

pytestmark = pytest.mark.thorough

HEADERS = {"X-Simulator": "1"}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("demo")
    with serving_demo(folder, 0, with_robot=True) as address:
        yield f"{address}/simulator"


def state(page: str) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(f"{page}/state", timeout=5).json()
    return found


def say(page: str, userid: str, text: str) -> None:
    body = {"userid": userid, "kind": "text", "text": text}
    answer = requests.post(f"{page}/say", json=body, headers=HEADERS, timeout=5)
    assert answer.status_code == 200, answer.text


def heard(page: str, userid: str, words: str) -> dict[str, Any]:
    """Wait for what the page shows; a program of its own answers."""
    for _ in range(400):
        for each in state(page)["bubbles"]:
            if each["phone"] == userid and words in str(each) and not each["mine"]:
                return dict(each)
        Event().wait(0.05)
    raise AssertionError(f"{userid} does not see {words}")


def test_a_check_in_with_the_robot(page: str) -> None:
    say(page, "aibot:wangfang", "打卡")
    heard(page, "aibot:wangfang", "已打卡")


def test_who_is_unknown_is_made_known_by_a_card(page: str) -> None:
    people = [each for each in state(page)["people"] if each["name"] == "李伟"]
    (unknown,) = (one["userid"] for one in people if "aibot:" in one["userid"])
    say(page, unknown, "我是李伟")
    heard(page, unknown, "已经请书记确认")
    card = heard(page, "zhaomin", "有人说自己是李伟")
    key = card["card"]["button_list"][0]["key"]
    body = {"userid": "zhaomin", "number": card["number"], "key": key}
    requests.post(f"{page}/click", json=body, headers=HEADERS, timeout=5)
    heard(page, unknown, "您是李伟")
