"""Group robots: only what a webhook may say, at most 20 a minute."""

from base64 import b64encode
from hashlib import md5
from typing import Any

import pytest

from server.twin import samples
from server.twin.media import MEGA
from server.twin.world import World
from tests.twin.corp import Api, Clock, button_card

NOTICE = {
    "card_type": "text_notice",
    "main_title": {"title": "通知"},
    "card_action": {"type": 1, "url": "http://x"},
}


@pytest.fixture
def robot(world: World, api: Api) -> Api:
    world.robots.add("key", "支部群")
    return api


def say(api: Api, kind: str, part: Any, key: str = "key") -> Any:
    body = {"msgtype": kind, kind: part}
    return api.post("webhook/send", body, key=key)["errcode"]


def picture(content: bytes, digest: str = "") -> dict[str, str]:
    digest = digest or md5(content, usedforsecurity=False).hexdigest()
    return {"base64": b64encode(content).decode(), "md5": digest}


def test_what_it_says_shows_in_the_group(robot: Api, world: World) -> None:
    robot.token = ""
    called = {"content": "开会", "mentioned_list": ["@all", "lisi"]}
    file = robot.post(
        "webhook/upload_media",
        files={"media": ("a.pdf", b"123456")},
        key="key",
        type="file",
    )
    assert say(robot, "text", called) == 0
    assert say(robot, "markdown", {"content": "**好**"}) == 0
    assert say(robot, "markdown_v2", {"content": "好" * 1000}) == 0
    assert say(robot, "image", picture(samples.PNG)) == 0
    assert say(robot, "file", {"media_id": file["media_id"]}) == 0
    assert say(robot, "template_card", NOTICE) == 0
    assert say(robot, "news", {"articles": [{"title": "题", "url": "http://x"}]}) == 0
    shown = world.phone("group:支部群").bubbles
    assert [bubble.kind for bubble in shown] == [
        *("text", "markdown", "markdown", "image", "file", "template_card", "news")
    ]
    assert shown[0].text == "开会 @所有人 @lisi"
    assert shown[4].text == "[文件]a.pdf"


@pytest.mark.parametrize(
    ("kind", "part", "code"),
    [
        ("text", {}, 44004),
        ("text", "bare", 93017),
        ("dance", {"content": "x"}, 40008),
        ("dance", "x", 40008),
        ("markdown", {}, 44004),
        ("markdown", {"content": "好" * 1366}, 45002),
        ("image", picture(samples.PNG, "0" * 32), 40058),
        ("image", {"base64": "?", "md5": ""}, 40058),
        ("image", picture(b"no picture"), 40005),
        ("image", picture(bytes(2 * MEGA + 1)), 93018),
        ("file", {"media_id": "x"}, 40007),
        ("template_card", button_card(), 42031),
    ],
)
def test_a_wrong_message(robot: Api, kind: str, part: Any, code: int) -> None:
    assert say(robot, kind, part) == code


def test_a_wrong_key(robot: Api) -> None:
    assert say(robot, "text", {"content": "x"}, key="other") == 93000
    upload = robot.post(
        "webhook/upload_media",
        files={"media": ("a", b"123456")},
        key="other",
        type="file",
    )
    assert upload["errcode"] == 93000


def test_uploads_are_the_robots_own(robot: Api, world: World) -> None:
    app_file = robot.upload("file", b"123456")["media_id"]
    assert say(robot, "file", {"media_id": app_file}) == 40007
    picture = robot.post(
        "webhook/upload_media",
        files={"media": ("a", samples.PNG)},
        key="key",
        type="image",
    )
    assert picture["errcode"] == 40004


def test_at_most_20_a_minute(robot: Api, clock: Clock) -> None:
    codes = [say(robot, "text", {"content": "x"}) for _ in range(21)]
    assert codes == [0] * 20 + [45009]
    clock.move(seconds=60)
    assert say(robot, "text", {"content": "x"}) == 0
