"""An open "did you mean": answered by number, by name, declined, or left open."""

import pytest

from bot.assistant.answering import Assistant
from bot.assistant.outcome import Outcome
from bot.inbox import open_questions
from bot.message import Message
from bot.storage.database import Storage
from tests.fakes.clock import FakeClock
from tests.people import USERID


@pytest.fixture(params=["王芳"])
def who(request: pytest.FixtureRequest) -> str:
    return USERID[str(request.param)]


def offer(storage: Storage, clock: FakeClock, who: str, *choices: str) -> None:
    with storage.write() as session:
        details = {"choices": list(choices), "text": "打卡 读完了"}
        question = open_questions.Open("choose", "您是想做哪一个？", details)
        open_questions.ask(session, f"wecom:{who}", question, clock.now())


def say(assistant: Assistant, who: str, text: str) -> Outcome:
    return assistant.answer(Message("wecom", who, id=f"m-{text}", text=text))


def told(heard: Outcome) -> str:
    assert heard.reply is not None
    return heard.reply.text


@pytest.mark.parametrize("text", ["1", "１", "一", "第一个", "选1", "打卡", "就1吧"])
def test_first_is_picked_and_done_with_what_was_said(
    assistant: Assistant, storage: Storage, clock: FakeClock, who: str, text: str
) -> None:
    offer(storage, clock, who, "checkin", "my_checkins")
    heard = say(assistant, who, text)
    assert heard.reply is not None
    assert heard.reply.changed
    assert "读完了" in told(heard)


def test_second_is_picked_and_nothing_recorded(
    assistant: Assistant, storage: Storage, clock: FakeClock, who: str
) -> None:
    offer(storage, clock, who, "checkin", "my_checkins")
    assert "还没有打过卡" in told(say(assistant, who, "2"))
    assert "读完了" not in told(say(assistant, who, "我的打卡"))


@pytest.mark.parametrize("text", ["都不是", "取消", "0"])
def test_none_of_them_leaves(
    assistant: Assistant, storage: Storage, clock: FakeClock, who: str, text: str
) -> None:
    offer(storage, clock, who, "checkin", "my_checkins")
    assert "什么也没做" in told(say(assistant, who, text))
    with storage.write() as session:
        assert open_questions.find(session, f"wecom:{who}", clock.now()) is None


def test_number_that_was_not_offered_picks_nothing(
    assistant: Assistant, storage: Storage, clock: FakeClock, who: str
) -> None:
    offer(storage, clock, who, "checkin", "my_checkins")
    assert "已打卡" not in told(say(assistant, who, "3"))


def test_what_only_the_secretary_may_is_refused(
    assistant: Assistant, storage: Storage, clock: FakeClock, who: str
) -> None:
    offer(storage, clock, who, "broadcast")
    assert "要由书记来做" in told(say(assistant, who, "1"))


@pytest.mark.parametrize("who", [USERID["赵敏"]])
def test_choice_is_made_also_where_the_command_refuses(
    assistant: Assistant, storage: Storage, clock: FakeClock, who: str
) -> None:
    """Another name of an offered command is a command of its own, then and later."""
    offer(storage, clock, who, "nudge", "notice_status")
    assert "没有等着发的通知" in told(say(assistant, who, "待发通知"))
    assert "还没有发出过通知" in told(say(assistant, who, "1"))
    with storage.write() as session:
        assert open_questions.find(session, f"wecom:{who}", clock.now()) is None
