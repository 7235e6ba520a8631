"""What is said after a slip of the tongue takes the place of what was said first."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.repairs import LONGEST, repair

NOW = datetime(2026, 3, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
NAMES = ("王芳", "李伟", "何雪", "刘洋")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("要不周四下午吧，不，周三", "要不周三下午吧"),
        ("改成四点，哦不，四点半", "改成四点半"),
        ("地点换成302，不对，303", "地点换成303"),
        ("在301开会，不对，302", "在302开会"),
        ("通知大家周四下午三点开会不对是周五下午三点", "通知大家周五下午三点开会"),
        ("明天下午三点在301开会，不对，周四在302", "周四下午三点在302开会"),
        ("通知王芳，不对，李伟，明天上午开会", "通知李伟，明天上午开会"),
        ("王芳今天请假，不是，李伟请假", "李伟今天请假"),
        ("给王芳说一声，啊不，给李伟说一声", "给李伟说一声"),
        ("通知第一小组，哦不，第二小组周五开会", "通知第二小组周五开会"),
        ("登记学时三小时，不对，两小时", "登记学时两小时"),
        ("党费交了50，不对，60元", "党费交了60元"),
        ("通知大家周四交材料，不，交照片", "通知大家周四交照片"),
        ("提醒我九点，啊不，十点，不对，十一点开会", "提醒我十一点开会"),
        ("把材料给王芳……哎不是，李伟", "把材料给李伟"),
    ],
)
def test_what_is_meant_takes_the_place_of_the_slip(said: str, meant: str) -> None:
    assert repair(said, NOW, lambda: NAMES) == meant


@pytest.mark.parametrize(
    "said",
    [
        "周四不行，不，周五",  # only says why
        "不对，是一天",  # of what was shown
        "不是周四，是周五",
        "在301开会，不是302",  # says what it is not
        "周四开会，不对，周五放假",  # another thing
        "他说周四不对吗",
        "通知大家三点开会对不对，四点呢",
        "我下午不在，不，不用了",
        "周四开会，不知道周五行不行",
        "通知大家：周四三点开会。不要迟到，周五交材料",
    ],
)
def test_what_is_no_repetition_stays_as_it_was_said(said: str) -> None:
    assert repair(said, NOW, lambda: NAMES) == said


def test_nobody_is_put_for_another_where_the_name_is_of_nobody_here() -> None:
    said = "通知王芳，不对，张三，明天上午开会"
    assert repair(said, NOW, lambda: NAMES) == said


def test_what_was_written_at_length_is_meant_as_it_stands() -> None:
    slip = "周四，不对，周五"
    assert repair(slip, NOW) == "周五"
    long = "一" * (LONGEST - len(slip)) + slip
    assert repair(long, NOW).endswith("周五")
    assert repair(f"一{long}", NOW) == f"一{long}"


@given(
    st.lists(
        st.sampled_from(
            [
                "周四",
                "三点",
                "王芳",
                "302",
                "开会",
                "，",
                "不对，",
                "哦不",
                "不是",
                "交",
            ]
        ),
        max_size=12,
    )
)
def test_a_text_is_repaired_once_for_all_and_grows_by_nothing(words: list[str]) -> None:
    said = "".join(words)
    meant = repair(said, NOW, lambda: NAMES)
    assert set(meant) <= set(said)
    assert len(meant) <= len(said)
