"""What is said where free words are asked for: such words, or something else."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.drafts.asked_words import read_asked, without_title

NOW = datetime(2026, 3, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
VERBS = ("请", "请假")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("我可没说我要请假啊", "no"),
        ("我不是这个意思", "no"),
        ("谁说我要请假了", "no"),
        ("打错了", "no"),
        ("家里没事了，不请了", "no"),
        ("还没想好，算了", "no"),
        ("我再想想", "hold"),
        ("谢谢", "thanks"),
        ("好的", "thanks"),
        ("这也要说原因吗？", "question"),
        ("孩子病了，去不了", "words"),
        ("我没说清楚的是那天要监考", "words"),
        ("打错了针，胳膊肿了", "words"),
        ("不是本地户口，要回去办证", "words"),
    ],
)
def test_words_are_told_from_what_is_none(said: str, asked: str) -> None:
    assert read_asked(said, NOW, VERBS) == asked


@pytest.mark.parametrize(
    ("said", "asked", "left"),
    [
        ("全称是万盛机械有限公司", "全称是什么？", "万盛机械有限公司"),
        ("标题就叫春风行动", "标题是什么？", "春风行动"),
        ("原因：监考", "请假的原因是什么？", "监考"),
        ("主题是学党章", "通知的内容是什么？", "主题是学党章"),
        ("原因不是一两句说得清的", "请假的原因是什么？", "原因不是一两句说得清的"),
        ("内容为王", "标题是什么？", "内容为王"),
    ],
)
def test_an_answer_may_name_what_was_asked(said: str, asked: str, left: str) -> None:
    assert without_title(said, asked) == left


@given(st.text(max_size=40), st.text(max_size=20))
def test_nothing_of_an_answer_is_lost_but_its_title(said: str, asked: str) -> None:
    assert said.strip(" ，,：:").endswith(without_title(said, asked).strip(" ，,：:"))
