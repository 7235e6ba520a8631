"""Orders in forms of their own are read in a moment, however long the politeness."""

from time import perf_counter

import pytest

from bot.understanding.reading import Understanding

LONG = 20
AT_MOST = 2.0
"""Seconds; what is tried in turn takes milliseconds, what multiplies takes years."""


@pytest.mark.parametrize(
    "text",
    [
        "请帮我想要" * LONG + "提醒x",
        "请帮我想要" * LONG + "祝福x",
        "请帮我想要" * LONG + "通知x",
        "请帮我想要" * LONG + "节点3月5日x",
        "分钟一个" * LONG + "提醒x",
        "设个" + "分钟" * LONG + "x",
    ],
)
def test_politeness_costs_no_time(understanding: Understanding, text: str) -> None:
    begun = perf_counter()
    understanding.read(text)
    assert perf_counter() - begun < AT_MOST
