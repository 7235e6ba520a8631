"""Which message a kept reply is of, for how long, and what must hold of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.inbox import answered
from bot.inbox.answered import Answered
from bot.inbox.sealed_replies import MARK
from bot.message import Message, Reply
from tests.conftest import LONG_AGO as NOW

OURS = Message("wecom", "wangfang", "7")
OTHERS = (
    Message("wecom", "wangfang", "8"),
    Message("wecom", "liwei", "7"),
    Message("aibot", "wangfang", "7"),
)


def kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Answered)) or 0


def test_a_reply_is_of_its_message_sender_and_channel(session: Session) -> None:
    for each in OTHERS:
        assert answered.remember(session, each, Reply("别人的"), NOW)
    assert answered.find_reply(session, OURS) == (False, None)
    assert answered.earlier_reply(session, OURS) is None
    assert answered.remember(session, OURS, Reply("我的"), NOW)
    assert not answered.remember(session, OURS, Reply("又一个"), NOW)
    assert answered.find_reply(session, OURS) == (True, "我的")
    assert answered.earlier_reply(session, OURS) == Reply("我的")
    for each in OTHERS:
        assert answered.find_reply(session, each) == (True, "别人的")


def test_what_needs_no_answer_is_answered_all_the_same(session: Session) -> None:
    answered.remember(session, OURS, None, NOW)
    assert answered.find_reply(session, OURS) == (True, None)
    assert answered.earlier_reply(session, OURS) is None


def test_only_what_nobody_was_told_is_improved(session: Session) -> None:
    """The one that is open: not its neighbours, nor one that was never so."""
    for each in (OURS, *OTHERS[:2]):
        answered.remember(session, each, Reply("先"), NOW, open=True)
    answered.remember(session, OTHERS[2], Reply("先"), NOW)
    assert answered.earlier_reply(session, OTHERS[0]) == Reply("先")
    assert [
        answered.improve(session, each, Reply("更好")) for each in (OURS, *OTHERS)
    ] == [True, False, True, False]
    assert not answered.improve(session, OURS, Reply("更好"))
    assert answered.find_reply(session, OURS) == (True, "更好")
    assert answered.find_reply(session, OTHERS[0]) == (True, "先")


@pytest.mark.parametrize(
    ("reply", "ago", "left"),
    [
        (f"{MARK}号码", timedelta(minutes=9, seconds=59), True),
        (f"{MARK}号码", timedelta(minutes=10), False),
        (f"{MARK}号码", timedelta(hours=23), False),
        ("打卡好了", timedelta(minutes=10), True),
        (f"打卡好了{MARK}", timedelta(minutes=10), True),
    ],
)
def test_what_is_sealed_is_kept_for_ten_minutes(
    session: Session, reply: str, ago: timedelta, *, left: bool
) -> None:
    answered.remember(session, OURS, Reply(reply), NOW - ago)
    answered.forget_private(session, NOW)
    assert answered.find_reply(session, OURS) == (True, reply if left else None)


@pytest.mark.parametrize(("seconds", "left"), [(-1, 1), (0, 1), (1, 0)])
def test_all_is_forgotten_after_seven_days(
    session: Session, seconds: int, left: int
) -> None:
    ago = timedelta(days=7, seconds=seconds)
    answered.remember(session, OURS, Reply("好"), NOW - ago)
    answered.forget_old(session, NOW)
    assert kept(session) == left


def test_a_message_without_a_number_is_found(session: Session) -> None:
    for number, channel in (("", "a"), (":12ab", "b"), ("7:12ab", "c"), ("7:", "d")):
        row = {"reply": None, "at": NOW, "open": False}
        session.add(Answered(channel=channel, message_id=number, **row))
    session.flush()
    told = list(answered.numbered.find(session))
    assert [each[0] for each in told] == ["a", "b"]
