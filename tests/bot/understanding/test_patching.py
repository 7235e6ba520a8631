"""A value takes the place of the old one in a text; what is not certain is asked."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Refusal
from bot.understanding.drafts.changes import read_changes
from bot.understanding.drafts.patching import (
    find_clashes,
    patch_place,
    patch_time,
    relative_days,
    shift_time,
)

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday
MEETING = "周三下午两点在301开支部大会，请周二前回复"


@pytest.mark.parametrize(
    ("text", "value", "new"),
    [
        (MEETING, "周四", "周四下午两点在301开支部大会，请周二前回复"),
        (MEETING, "四点", "周三下午四点在301开支部大会，请周二前回复"),
        (MEETING, "周四上午九点", "周四上午九点在301开支部大会，请周二前回复"),
        ("下周三14:00到16:00开会", "周四", "下周四14:00到16:00开会"),
        ("今晚七点半学习", "八点", "今晚八点学习"),
        ("今晚七点半学习", "明天", "明天晚上七点半学习"),
        ("周三（12月3日）下午两点开会", "周四", "周四下午两点开会"),
        ("12月2日下午2点开会（周三）", "周四", "12月2日下午2点开会（周四）"),
        ("周三开会", "下午三点", "周三下午三点开会"),
    ],
)
def test_a_day_keeps_the_hour_and_an_hour_the_day(
    text: str, value: str, new: str
) -> None:
    assert patch_time(text, value, NOW).text == new


@pytest.mark.parametrize(
    ("text", "value", "asked"),
    [
        ("开会", "周四", "没有写时间"),
        ("周三上午集合，周四下午返回", "周五", "两个|2 个时间"),
        ("请周二前回复", "周四", "没有写时间"),
    ],
)
def test_what_is_not_certain_is_asked(text: str, value: str, asked: str) -> None:
    with pytest.raises(Refusal, match=asked):
        patch_time(text, value, NOW)


def test_which_of_two_times_is_told_by_the_old_one() -> None:
    text = "周三上午集合，周四下午返回"
    assert patch_time(text, "周五", NOW, "周四").text == "周三上午集合，周五下午返回"


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (MEETING, "周三下午两点在302开支部大会，请周二前回复"),
        ("周三在教学楼201会议室开会", "周三在302开会"),
        ("地点：党员活动室，周三两点", "地点：302，周三两点"),
    ],
)
def test_a_place_takes_the_place_of_the_old_one(text: str, new: str) -> None:
    assert patch_place(text, "302").text == new


def test_a_text_without_a_place_or_with_two_is_left_alone() -> None:
    with pytest.raises(Refusal, match="没有写地点"):
        patch_place("周三开会", "302")
    with pytest.raises(Refusal, match="2 个地点"):
        patch_place("先在301集合，再到报告厅听课", "302")


@pytest.mark.parametrize(
    ("text", "clashes"),
    [
        ("周三（12月3日）开会", 1),
        ("12月3日开会，周三下午两点到", 1),
        ("12月2日（周三）开会", 0),
        ("周三开会，周五交表", 0),
    ],
)
def test_days_that_contradict_each_other_are_named(text: str, clashes: int) -> None:
    assert len(find_clashes(text, NOW)) == clashes


def test_words_that_mean_another_day_when_read_later() -> None:
    assert relative_days("今晚七点学习，明天交心得") == ["今晚", "明天"]


@pytest.mark.parametrize(
    ("said", "whats"),
    [
        ("改成周四", ["time"]),
        ("算了还是周五吧", ["time"]),
        ("八点太早了 九点", ["time"]),
        ("时间变了，改成三点", ["time"]),
        ("地点换成302", ["place"]),
        ("改成明天上午九点在302", ["time", "place"]),
        ("时间改成周四，地点换成302", ["time", "place"]),
        ("陈静不用来", ["without"]),
        ("还有欧阳娜", ["with"]),
        ("发给全体吧", ["to"]),
        ("不对，是一天", ["amount"]),
        ("说错了，是45分", ["amount"]),
        ("议程加一项 合影", ["item"]),
        ("加一句 请带党章", ["more"]),
        ("明早九点发", []),
        ("改成：请大家周四下午到302开会，带好党章", []),
        ("推迟半个小时", ["shift"]),
        ("再往后挪20分钟", ["shift"]),
        ("提前一天吧", ["shift"]),
        ("内容改成周五下午交表，带好材料", ["text"]),
        ("内容改成什么好呢", []),
        ("合影改到五点", []),
        ("推迟半天", []),
        ("谁没回复", []),
        ("提醒我明天交表", []),
    ],
)
def test_a_value_says_which_part_it_changes(said: str, whats: list[str]) -> None:
    assert [each.what for each in read_changes(said, NOW)] == whats


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("往后推半个钟头", 30),
        ("晚一个半小时", 90),
        ("推迟一刻钟", 15),
        ("提前两天", -2 * 24 * 60),
        ("推迟一周吧", 7 * 24 * 60),
    ],
)
def test_how_much_later_is_read(said: str, minutes: int) -> None:
    [change] = read_changes(said, NOW)
    assert change.by == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "minutes", "new"),
    [
        ("周五下午四点合影", 30, "周五下午四点半合影"),
        ("周五下午四点半合影", -24 * 60, "周四下午四点半合影"),
        ("周五下午四点合影", 7 * 24 * 60, "12月11日（周五）下午四点合影"),
        ("下周三上午十一点开会", 90, "下周三中午十二点半开会"),
        ("12月5日（周六）15:00植树", 30, "12月5日（周六）下午15:30植树"),
        ("明天上午九点停电", 24 * 60, "12月2日（周三）上午九点停电"),
    ],
)
def test_a_time_moves_by_so_much(text: str, minutes: int, new: str) -> None:
    assert shift_time(text, timedelta(minutes=minutes), NOW).text == new


@pytest.mark.parametrize(
    "text", ["开会", "周三上午集合，周四下午返回", "每周三上午学习"]
)
def test_what_cannot_be_moved_for_certain_is_asked(text: str) -> None:
    with pytest.raises(Refusal):
        shift_time(text, timedelta(hours=1), NOW)


def test_a_change_of_something_named_is_one_only_where_that_is_there() -> None:
    said = "合影改到五点了，更正一下"
    [change] = read_changes(said, NOW, lambda words: words == "合影")
    assert (change.what, change.words, change.of) == ("time", "五点", "合影")
    assert read_changes(said, NOW, lambda words: words == "年会") == ()
