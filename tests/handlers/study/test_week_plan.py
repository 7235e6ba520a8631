"""A week's plan in free words: on which day what, or every fault; never a guess."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from handlers.study.week_plan import read_week_plan

WEDNESDAY = date(2026, 11, 25)
MONDAY = date(2026, 11, 23)


def read(text: str, today: date = WEDNESDAY) -> dict[str, str | None]:
    plan = read_week_plan(text, today)
    assert plan is not None
    return {f"{day:%m%d}": words for day, words in plan.days.items()}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (
            "一周安排: 周一 学党章第一章; 周二 观看纪录片",
            {"1130": "学党章第一章", "1201": "观看纪录片"},
        ),
        ("本周安排：周一 党史；周五 条例", {"1123": "党史", "1127": "条例"}),
        ("下周：周三：准则", {"1202": "准则"}),
        ("周三 准则", {"1125": "准则"}),
        ("周三下午集中学习", {"1125": "下午集中学习"}),
        ("周三还是改成 准则", {"1125": "准则"}),
        ("周三改看纪录片；周四换个地方", {"1125": "看纪录片", "1126": "换个地方"}),
        ("周三不学了；周四 休息吧！", {"1125": None, "1126": None}),
        ("下周二 党史，周四 党章", {"1201": "党史", "1203": "党章"}),
        ("这周三 看片，周五不学了", {"1125": "看片", "1127": None}),
        ("本周一 看片；周二 讨论", {"1123": "看片", "1124": "讨论"}),
        ("周四、周五 讨论", {"1126": "讨论", "1127": "讨论"}),
        (
            "周四至周六：自学",
            {"1126": "自学", "1127": "自学", "1128": "自学"},
        ),
        ("星期四《论持久战》，礼拜天 休息", {"1126": "《论持久战》", "1129": None}),
        ("12月1日（周二） 党章\n12月2号：条例", {"1201": "党章", "1202": "条例"}),
        ("12.1 党章；12/2 条例", {"1201": "党章", "1202": "条例"}),
        ("2027年1月4日 党章", {"0104": "党章"}),
        ("1月4日 党章", {"0104": "党章"}),
        ("今天 党章；明天 条例", {"1125": "党章", "1126": "条例"}),
        ("周四 学第1-2章，1.2节练习", {"1126": "学第1-2章，1.2节练习"}),
        ("周四 复习，周五前交心得", {"1126": "复习，周五前交心得"}),
        ("周四 见 https://a.cn/12-1/x", {"1126": "见 https://a.cn/12-1/x"}),
    ],
)
def test_read(text: str, days: dict[str, str | None]) -> None:
    assert read(text) == days


@pytest.mark.parametrize(
    "text",
    ["", "学党章", "周三", "周三：；", "这周学什么", "周三学什么？", "周一安排了没"],
)
def test_no_plan(text: str) -> None:
    assert read_week_plan(text, WEDNESDAY) is None


def test_every_fault_at_once() -> None:
    with pytest.raises(Refusal) as told:
        read_week_plan(
            "周一 党史；周一 党章；2月30日 条例；周五至周二 自学；周四", WEDNESDAY
        )
    for fault in ("写了两次", "没有2月30日", "前后颠倒", "周四没写学什么"):
        assert fault in str(told.value)


def test_a_week_that_was_not_said_is_told_as_a_guess() -> None:
    for text, guessed in (("周一 党史", True), ("下周一 党史", False)):
        plan = read_week_plan(text, WEDNESDAY)
        assert plan is not None
        assert plan.guessed is guessed


@given(
    st.lists(st.integers(0, 6), unique=True, min_size=1),
    st.sampled_from(["；", "\n", "，", " ; "]),
    st.sampled_from([" ", "：", ": "]),
    st.dates(date(2025, 1, 1), date(2030, 12, 31)),
)
def test_what_is_written_for_next_week_is_read_back(
    days: list[int], between: str, after: str, today: date
) -> None:
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7)
    written = {monday + timedelta(days=day): f"第{day}讲" for day in days}
    parts = [f"周{'一二三四五六日'[day]}{after}第{day}讲" for day in days]
    plan = read_week_plan("下周安排：" + between.join(parts), today)
    assert plan is not None
    assert plan.days == written


@given(st.text(alphabet="周一二日月12下本至、；。： 党章前\n"))
def test_anything_is_read_or_refused(text: str) -> None:
    try:
        plan = read_week_plan(text, WEDNESDAY)
    except Refusal:
        return
    assert plan is None or plan.days
