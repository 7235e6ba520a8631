"""How much was studied, and where, in free words."""

import pytest

from bot.branch.study.checkins import Amount
from bot.understanding.slots.amounts import (
    part_number,
    put_amount,
    read_amount,
    read_amounts,
    read_study,
    without_amount,
)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("42分", 42, "分"),
        ("30 分钟", 30, "分钟"),
        ("３０分钟", 30, "分钟"),
        ("1.5小时", 1.5, "小时"),
        ("半小时", 0.5, "小时"),
        ("半个小时", 0.5, "小时"),
        ("一个半小时", 1.5, "小时"),
        ("两个半小时", 2.5, "小时"),
        ("两小时", 2, "小时"),
        ("一小时半", 1.5, "小时"),
        ("十五分钟", 15, "分钟"),
        ("二十五分钟", 25, "分钟"),
        ("一百二十页", 120, "页"),
        ("看了两篇文章", 2, "篇"),
        ("得了零分", 0, "分"),
        ("读了30页，用了一小时", 30, "页"),
        ("1小时20分", 80, "分钟"),
        ("一个小时二十分钟", 80, "分钟"),
        ("2小时零5分", 125, "分钟"),
        ("两个钟头", 2, "小时"),
        ("三个半钟头", 3.5, "小时"),
        ("42/60分", 42, "分"),
        ("得分 38 / 45 分", 38, "分"),
        ("5/6积分", 5, "积分"),
    ],
)
def test_amount_is_read(text: str, number: float, unit: str) -> None:
    assert read_amount(text) == Amount(number, unit)


@pytest.mark.parametrize(
    "text", ["", "读完了第二章", "第3页", "第233章", "第二十三章", "党章", "分享心得"]
)
def test_no_amount(text: str) -> None:
    assert read_amount(text) is None


def test_platform_is_told_from_the_amount() -> None:
    study = read_study("  学习强国   42分 ")
    assert (study.note, study.platform) == ("学习强国 42分", "学习强国")
    assert study.amount == Amount(42, "分")
    assert read_study("读完了第二章").platform is None


@pytest.mark.parametrize(
    ("text", "told", "counted"),
    [
        ("3篇文章 20分钟", ["3 篇", "20 分钟"], "20 分钟"),
        ("看了2集，一个半小时", ["2 集", "1.5 小时"], "1.5 小时"),
        ("读30页用了1小时10分", ["30 页", "70 分钟"], "70 分钟"),
        ("学了两章 得了45分", ["2 章", "45 分"], "2 章"),
    ],
)
def test_what_is_told_beside_is_kept_and_time_counts(
    text: str, told: list[str], counted: str
) -> None:
    assert [str(each) for each in read_amounts(text)] == told
    assert str(read_study(text).amount) == counted


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("两个半小时", " "),
        ("听党课 两个半小时", "听党课  "),
        ("党史 1小时20分 自学", "党史   自学"),
        ("培训一天", "培训 "),
        ("读完了第二章", "读完了第二章"),
    ],
)
def test_nothing_of_an_amount_is_left(text: str, rest: str) -> None:
    assert without_amount(text) == rest


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("党史 30分钟", "50分钟", "党史 50分钟"),
        ("3篇文章 20分钟", "30分钟", "3篇文章 30分钟"),
        ("20分钟 3篇文章", "4篇", "20分钟 4篇文章"),
        ("3篇文章 20分钟", "1小时", "3篇文章 1小时"),
        ("20分钟 3篇文章", "5章", "20分钟 5章文章"),
        ("2集 3篇", "1小时", "1小时 3篇"),
        ("３篇 ２０分钟", "30分钟", "３篇 30分钟"),
        ("读原文", "半小时", "读原文 半小时"),
        ("读3篇", "很久", "读3篇 很久"),
    ],
)
def test_an_amount_is_put_in_the_place_of_the_one_it_corrects(
    text: str, words: str, told: str
) -> None:
    assert put_amount(text, words) == told


def test_a_bare_number_at_the_end_is_parted() -> None:
    assert part_number("党史 4") == ("党史 ", 4)
    assert part_number("党史1.5 ") == ("党史", 1.5)
    assert part_number("20264") == ("20264", None)
    assert part_number("4 党史") == ("4 党史", None)
