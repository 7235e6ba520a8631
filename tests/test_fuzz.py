"""A few seconds of odd input: rosters and free text (callbacks: test_webhooks)."""

import json
from datetime import date
from random import Random
from subprocess import run
from sys import executable
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzz import NOW, TARGETS
from bench.heavy import ORDINARIES, heavy_text
from bot.assistant.answering import Assistant
from bot.errors import Refusal
from bot.files.roster.read import read_roster
from bot.message import Message

pytestmark = pytest.mark.thorough

QUICK = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
HEADS = """
姓名 账号 所在党支部 党小组 入党日期 转正日期 人员类别 职务 手机号 备注
"""
ODD = ["王芳", "预备党员", "2012.7", "合计", "#REF!", "13800000000", '"']
WORDS = """
打卡 撤销 发通知 全体党员 明天下午三点 提醒我 党龄 ？ 不要 我昨天 确认 取消 收到 42分
除了王芳 截止周四 催一下 谁没回复 党费8000 导出 2月30日
"""
SIGNS = ["\u202e", "\x00", "]]>", "{0}", "%s", "👍🏽"]
TITLES = st.sampled_from(HEADS.split())
CELLS = st.one_of(
    st.text(max_size=12),
    st.dates().map(str),
    st.integers().map(str),
    st.sampled_from(ODD),
)
TABLES = st.tuples(
    st.lists(TITLES, min_size=1, max_size=9),
    st.lists(st.lists(CELLS, max_size=10), max_size=6),
)
PHRASES = st.sampled_from([*WORDS.split(), *SIGNS])
TEXTS = st.lists(PHRASES | st.text(max_size=8), max_size=8).map("".join)


@QUICK
@given(table=TABLES, separator=st.sampled_from(",\t;"), phones=st.booleans())
def test_a_roster_is_read_or_refused(
    *, table: tuple[list[str], list[list[str]]], separator: str, phones: bool
) -> None:
    rows = [table[0], *table[1]]
    text = "\n".join(separator.join(row) for row in rows)
    for code in ("utf-8", "gb18030"):
        content = text.encode(code, errors="replace")
        try:
            roster = read_roster(content, "x.csv", date(2026, 3, 2), phones=phones)
        except Refusal:
            continue
        assert roster.entries
        assert phones or all(entry.phone is None for entry in roster.entries)


@QUICK
@given(noise=st.binary(max_size=300))
def test_noise_is_no_roster_and_no_error(noise: bytes) -> None:
    TARGETS["roster"](noise)
    TARGETS["callback"](noise)


@QUICK
@given(text=TEXTS, who=st.sampled_from(["wangfang", "zhaomin", "nobody"]))
def test_whatever_is_said_is_answered(
    assistant: Assistant, text: str, who: str
) -> None:
    """One thread for all of it: what was said before may be asked about."""
    heard = assistant.answer(Message("wecom", who, uuid4().hex, text=text.strip()))
    assert heard.reply is not None
    assert heard.reply.text
    assert "编号" not in heard.reply.text, repr(text)


GIVEN = [
    ("", "提醒我" + "吗" * 15_900 + "！"),
    ("", "发通知" + "“" * 15_900),
    ("", "免打扰" + "1.日ab " * 2600),
    ("", "上" * 1000),
    ("", "通知" + "、".join(f"张{chr(0x4E00 + n)}" for n in range(5200))),
    ("", "寄语 " + "ab1 " * 4000),
    ("提醒我 明天三点 开会", "退休金 " + "网红!" * 75),
    ("提醒我 明天三点 开会", "这周的安排" + "午前" * 490),
    ("免打扰", "通知发了吗" + "?几" * 490),
    ("免打扰", "登记学时 4" + "1、" * 490),
    ("发通知 全体党员：周五开会", "修改 " + "请于周五前回复，" * 2000),
    ("", "导出名册"),
    ("", "导出我的数据"),
    ("", "党员0003的政治生日贺卡"),
]


@pytest.mark.files  # it is SQLite whose loop answers
def test_nobody_waits_for_one_message() -> None:
    """No message costs more than a few ordinary ones: given ones, and made ones.

    They are timed in a process of their own, which nothing traces, beside an ordinary
    message each: so neither coverage nor a slow machine tells of what is not there.
    `make fuzz` holds them to 50 ms.
    """
    made = [("", heavy_text(Random(seed))) for seed in range(40)]
    asked = [*GIVEN, *made]
    done = run(
        [executable, "-m", "bench.heavy"],
        input=json.dumps([NOW.isoformat(), asked]),
        capture_output=True,
        text=True,
        check=True,
    )
    costs = json.loads(done.stdout)
    slow = [
        (round(cost, 1), opener, text[:60])
        for (opener, text), cost in zip(asked, costs, strict=True)
        if cost >= ORDINARIES
    ]
    assert slow == []
