"""What is longer than is understood loses nothing where it is content."""

from uuid import uuid4

import pytest

from bot.assistant.answering import Assistant
from bot.inbox import open_questions
from bot.message import UNDERSTOOD, Message
from bot.storage.database import Storage
from tests.fakes.clock import FakeClock

LONG = "".join(f"第{n}件事，请大家记好。\n" for n in range(220)).strip()


def said(text: str) -> Message:
    return Message("wecom", "zhaomin", uuid4().hex, text=text)


@pytest.mark.parametrize(
    "before",
    [
        ("通知全体党员：",),
        ("发通知", ""),
        ("发通知 周五开会", "修改 "),
    ],
)
def test_a_long_notice_is_whole(
    assistant: Assistant, storage: Storage, clock: FakeClock, before: tuple[str, ...]
) -> None:
    assert len(LONG) > 2 * UNDERSTOOD
    *first, last = before
    for text in first:
        assistant.answer(said(text))
    assistant.answer(said(last + LONG))
    with storage.read() as session:
        asked = open_questions.find(session, "wecom:zhaomin", clock.now())
    assert asked is not None
    assert asked.details["draft"]["text"] == LONG


@pytest.mark.parametrize("end", ["。", "！\n\n", "字", " "])
def test_the_head_and_the_rest_are_the_text(end: str) -> None:
    for shift in range(5):
        text = "字" * (UNDERSTOOD - shift) + end * 8 + "字" * 50
        message = said(text)
        assert message.head + message.rest == text
        assert len(message.head) <= UNDERSTOOD
        assert message.head[-1].isalnum()


def test_digits_of_other_scripts_are_figures() -> None:
    assert said("٣月𝟗日 １２ ²③ Ⅷ").head == "3月9日 １２ ²③ Ⅷ"
