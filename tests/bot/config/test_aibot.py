"""[aibot]: two ways, of which one is chosen; each fault in words."""

from typing import Any

import pytest

from bot.config.load import make_config
from bot.errors import ConfigError

LINE = {"bot_id": "b", "secret": "s"}
CALLS = {"token": "t", "encoding_aes_key": "k" * 43}


def test_the_line() -> None:
    settings = make_config({"aibot": LINE}).aibot
    assert settings
    assert settings.has_line
    assert settings.url == "wss://openws.work.weixin.qq.com"


def test_by_callback() -> None:
    settings = make_config({"aibot": CALLS}).aibot
    assert settings
    assert not settings.has_line


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "要填 bot_id 和 secret"),
        ({"bot_id": "b"}, "缺 secret"),
        ({"secret": "s"}, "缺 bot_id"),
        ({"token": "t"}, "缺 encoding_aes_key"),
        ({"encoding_aes_key": "k" * 43}, "缺 token"),
        (LINE | CALLS, "只能选一种"),
        (LINE | {"url": "http://x"}, "aibot.url：要写成 wss://"),
        (LINE | {"url": "ws://example.com"}, "ws:// 不加密"),
        (LINE | {"url": "wss://u:p@x"}, "aibot.url：要写成 wss://"),
        (LINE | {"secret": ""}, "aibot.secret：不能为空"),
        (LINE | {"bot": "x"}, "aibot.bot：不认识这一项"),
        (CALLS | {"encoding_aes_key": "k"}, "应是 43 个字母或数字"),
    ],
)
def test_each_fault(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        make_config({"aibot": given})


def test_what_is_secret_is_not_shown() -> None:
    assert "s3cret" not in repr(make_config({"aibot": LINE | {"secret": "s3cret"}}))
