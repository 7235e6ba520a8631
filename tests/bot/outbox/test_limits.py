"""What the platforms take, to the last one of each."""

from datetime import timedelta

import pytest

from bot.message import Button, Card, Content, GroupText, Picture, Text
from bot.outbox.limits import limits_of, weigh, whole_text

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("channel", "at_once", "notices", "rations"),
    [
        ("wecom", 1000, True, ((MINUTE, 30), (HOUR, 1000))),
        ("robot", 1, False, ((MINUTE, 20),)),
        ("something new", 1, False, ()),
    ],
)
def test_each_channel_has_its_own(
    channel: str, at_once: int, rations: object, *, notices: bool
) -> None:
    found = limits_of(channel)
    assert (found.batch_size, found.notices_repeats) == (at_once, notices)
    assert found.rations == rations


def card(title: int, text: int, url: str = "") -> Card:
    return Card("题" * title, "字" * text, (Button("收到", "r"),), url=url)


@pytest.mark.parametrize(
    ("card", "whole"),
    [
        (card(36, 160), ""),
        (card(36, 161), "字" * 161),
        (card(37, 3), f"{'题' * 37}\n字字字"),
        (card(37, 161, "https://a.cn"), ""),
    ],
)
def test_what_a_card_does_not_show_goes_before_it(card: Card, whole: str) -> None:
    assert whole_text(card) == whole
    assert weigh(card) == (2 if whole else 1)


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        (Text("字" * 682), 1),  # 2,046 bytes
        (Text("字" * 683), 2),
        (GroupText("a" * 2048), 1),
        (GroupText("a" * 2049), 2),
        (card(1, 700), 3),
        (Picture(1), 1),
    ],
)
def test_a_long_text_is_several_messages(content: Content, messages: int) -> None:
    assert weigh(content) == messages
