"""What of an answer is not the reply: said alone, or after it, to who asked."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from bot.assistant.answering import Assistant
from bot.assistant.following import (
    ASK_ALONE,
    DONE_ASK_ALONE,
    REST_GOOD_FOR,
    TOLD_ALONE,
)
from bot.inbox import callers
from bot.message import Message
from bot.outbox import Importance, Letter, Recipient
from bot.outbox.limits import TEXT_BYTES
from bot.storage.database import Storage
from tests.fakes.clock import FakeClock
from tests.people import find_member


@pytest.fixture(autouse=True)
def callers_of_before(storage: Storage, clock: FakeClock) -> None:
    """Zhao Min and Wang Fang wrote to the robot alone; Li Wei did by another way."""
    with storage.write() as session:
        for channel, who in (
            ("aibot", "zhaomin"),
            ("aibot", "wangfang"),
            ("official", "liwei"),
        ):
            callers.note(session, channel, who, clock.now())


def say(
    assistant: Assistant, who: str, text: str, group: str = "g1"
) -> tuple[str, bool]:
    message = Message("aibot", who, f"{who}-{text}", text=text, group=group)
    reply = assistant.answer(message).reply
    assert reply
    return reply.text, reply.changed


def letters(storage: Storage) -> Sequence[tuple[Letter, Recipient]]:
    with storage.read() as session:
        rows = select(Letter, Recipient).join(
            Recipient, Recipient.letter_id == Letter.id
        )
        return [(each, to) for each, to in session.execute(rows.order_by(Letter.id))]


@pytest.mark.parametrize(
    ("who", "text", "told"),
    [
        ("wangfang", "我的打卡", (TOLD_ALONE, False)),
        ("wangfang", "打卡 党章", (TOLD_ALONE, True)),
        ("liwei", "我的打卡", (ASK_ALONE, False)),
        ("liwei", "打卡 党章", (DONE_ASK_ALONE, True)),
        ("zhaomin", "查电话 王芳", (ASK_ALONE, False)),
    ],
)
def test_in_a_group_it_is_only_told_where_the_answer_is(
    assistant: Assistant, storage: Storage, who: str, text: str, told: tuple[str, bool]
) -> None:
    """Nowhere, for who never wrote alone, nor for what is private; but what is done."""
    assert say(assistant, who, text) == told
    assert len(letters(storage)) == (told[0] == TOLD_ALONE)


def test_what_all_may_read_is_said_in_the_group(
    assistant: Assistant, storage: Storage
) -> None:
    assert "每季度" in say(assistant, "liwei", "支部大会多久开一次")[0]
    assert "没听懂" in say(assistant, "liwei", "楼下那边怎么走都行")[0]
    assert "还没有打过卡" in say(assistant, "liwei", "我的打卡", group="")[0]
    assert letters(storage) == []


def test_each_answer_goes_alone_to_who_asked_and_for_an_hour(
    assistant: Assistant, storage: Storage, clock: FakeClock
) -> None:
    say(assistant, "wangfang", "打卡 党章")
    say(assistant, "zhaomin", "我的打卡")
    now = clock.now()
    with storage.read() as session:
        who = [find_member(session, each).id for each in ("王芳", "赵敏")]
    one, two = letters(storage)
    assert "已打卡" in one[0].body["text"]
    assert "还没有打过卡" in two[0].body["text"]
    for (letter, to), number, user in zip(
        (one, two), who, ("wangfang", "zhaomin"), strict=True
    ):
        assert (to.member_id, to.user, to.state) == (number, user, "pending")
        assert (letter.channel, letter.kind) == ("aibot", "reply")
        assert letter.importance == Importance.ANSWER
        span = letter.not_before, letter.not_after
        assert span == (now, now + REST_GOOD_FOR)


def test_what_does_not_fit_follows_and_what_fits_does_not(
    assistant: Assistant, storage: Storage, clock: FakeClock
) -> None:
    lines = "".join(f"第{number}件事，请大家记好。\n" for number in range(99))
    head = ""
    for text in ("通知全体党员：周五开会", f"通知全体党员：{lines}"):
        assert letters(storage) == []
        message = Message("wecom", "zhaomin", f"{len(text)}", text=text)
        reply = assistant.answer(message).reply
        assert reply
        head = reply.text
    ((letter, to),) = letters(storage)
    assert len(head.encode()) <= TEXT_BYTES
    said = head + letter.body["text"]
    assert all(f"第{number}件事" in said for number in range(99))
    assert (letter.channel, letter.kind, to.user) == ("wecom", "reply", "zhaomin")
    now = clock.now()
    assert (letter.not_before, letter.not_after) == (now, now + REST_GOOD_FOR)
