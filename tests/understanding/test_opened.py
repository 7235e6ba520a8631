"""Orders in forms of their own are read in a moment, however long the politeness."""

from time import perf_counter, process_time

import pytest

from bot.understanding.reading import Understanding

LONG = 20
AT_MOST = 2.0
"""Seconds; what is tried in turn takes milliseconds, what multiplies takes years."""
BUSY_AT_MOST = 0.2
"""Seconds of the processor; a few milliseconds are needed."""


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


@pytest.mark.parametrize(
    "text",
    [
        "请" * 60 + "3" * 1800 + "日历",
        "加节点" + "1" * 2000,
        "免打扰" + "1" * 2000,
        "为王王" * 220,
        "请" * 59 + "提醒我" * 200 + "，到" * 200,
        "请" * 59 + "把" + "周一提醒" * 200,
        "学习别出差" * 130,
    ],
)
def test_a_longest_message_is_read_in_a_moment(
    understanding: Understanding, text: str
) -> None:
    understanding.read(text[:60])  # what sentences it may be is compiled once
    begun = process_time()
    understanding.read(text)
    assert process_time() - begun < BUSY_AT_MOST
