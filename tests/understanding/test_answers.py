"""Every command is called by its first name and answered; some things truly known."""

import re
from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from bench.understanding import learn
from bot.assistant.answering import Assistant
from bot.assistant.outcome import Outcome
from bot.message import Message
from tests.fakes.clock import FakeClock
from tests.people import USERID

ZONE = ZoneInfo("Asia/Shanghai")
COMMANDS = learn()[1].by_intent
NUMBER = count()


def say(assistant: Assistant, text: str, name: str = "赵敏") -> Outcome:
    return assistant.answer(
        Message("wecom", USERID[name], id=f"m-{next(NUMBER)}", text=text)
    )


def told(heard: Outcome) -> str:
    assert heard.reply is not None
    return heard.reply.text


@pytest.mark.thorough
def test_first_name_is_answered_by_its_command(assistant: Assistant) -> None:
    for intent, command in sorted(COMMANDS.items()):
        if not command.names:
            continue  # known by its sentences alone
        heard = say(assistant, command.names[0])
        assert heard.intent == intent, command.names[0]
        assert "编号" not in told(heard)
        say(assistant, "取消")


@pytest.mark.parametrize("name", ["赵敏", "王芳"])
@pytest.mark.parametrize("text", ["五个一清单", "请假", "我的资料", "党费交给谁"])
def test_nobody_is_sent_to_herself(assistant: Assistant, text: str, name: str) -> None:
    sent = re.search("(?:跟|找|告诉|问)(?:支部)?书记", told(say(assistant, text, name)))
    assert bool(sent) == (name == "王芳")


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("七一还有几天", "2026-03-02", "2026年7月1日（周三），还有 121 天，105 周年"),
        ("七一还有几天", "2026-07-01", "2026年7月1日（周三），就是今天，105 周年"),
        ("七一还有几天", "2026-07-02", "2027年7月1日（周四），还有 364 天，106 周年"),
        ("国家公祭日是哪天", "2026-03-02", "国家公祭日：2026年12月13日"),
        ("最近有哪些纪念日", "2026-12-20", "3月5日（周五） 学雷锋纪念日，还有 75 天"),
    ],
)
def test_days_of_the_year_are_counted(
    assistant: Assistant, clock: FakeClock, text: str, day: str, expected: str
) -> None:
    clock.set(datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=ZONE))
    heard = say(assistant, text)
    assert heard.intent == "observances"
    assert expected in told(heard)


def test_ranking_says_why_it_is_off(assistant: Assistant) -> None:
    heard = say(assistant, "打卡排行榜", "王芳")
    assert heard.intent == "ranking"
    assert "减负" in told(heard)


def test_a_member_is_denied_what_the_secretary_does(assistant: Assistant) -> None:
    for text in ("催一下", "导出名册", "谁没回复", "安排会议 明天"):
        assert say(assistant, text, "王芳").intent == "denied"
