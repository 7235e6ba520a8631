"""Orders for reminders: whom, when and what; and which texts never are one."""

from collections.abc import Mapping
from datetime import datetime
from time import process_time

import pytest

from bench.understanding import learn
from bot.understanding.when import read_when
from bot.understanding.when.instead import alternatives, join_answer
from handlers.reminders.edits import read_edit
from handlers.reminders.order import read_reminder
from tests.conftest import ZONE

UNDERSTANDING, _ = learn()
BUSY_AT_MOST = 0.2
"""Seconds of the processor; a few milliseconds are needed."""
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZONE)
KNOWN = ("全体党员", "大家", "支委", "第一党小组", "王芳")


def take(text: str) -> tuple[str, str]:
    known = [each for each in KNOWN if text.startswith(each)]
    return (known[0], text[len(known[0]) :]) if known else ("", text)


def slots_of(said: str) -> Mapping[str, str]:
    """Give what the command is called with, where it is called."""
    reading = UNDERSTANDING.read(said)
    return reading.slots if reading.intent == "remind" else {}


@pytest.mark.parametrize(
    ("said", "who", "text", "first"),
    [
        ("每周一早上8点提醒全体党员学习", "全体党员", "学习", "11-30 08:00"),
        ("每月5号提醒交党费", "", "交党费", "12-05 08:00"),
        ("工作日早上七点半提醒大家打卡", "大家", "打卡", "11-26 07:30"),
        ("明早九点提醒大家交心得", "大家", "交心得", "11-26 09:00"),
        ("提醒我明早九点交心得", "我", "交心得", "11-26 09:00"),
        ("提醒大家每月最后一个工作日交党费", "大家", "交党费", "11-30 08:00"),
        ("12月3日前三天提醒大家报名", "大家", "报名", "11-30 08:00"),
        ("明早六点叫我起床", "我", "起床", "11-26 06:00"),
        ("设个提醒，周五下午三点交表", "", "交表", "11-27 15:00"),
        ("设个提醒，每周一提醒大家学习", "大家", "学习", "11-30 08:00"),
        ("定个闹钟 明早七点", "我", "", "11-26 07:00"),
        ("帮我设个闹钟，明早七点", "我", "", "11-26 07:00"),
        ("给我设个提醒 明早八点交表", "我", "交表", "11-26 08:00"),
        ("给大家设个提醒，周五下午三点交表", "大家", "交表", "11-27 15:00"),
        ("每周一下午四点叫大家交周报", "大家", "交周报", "11-30 16:00"),
        ("毎周一提醒大家学习", "大家", "学习", "11-30 08:00"),
        ("记得周五提醒我", "我", "", "11-27 08:00"),
        ("半小时后提醒我关火", "我", "关火", "11-25 10:30"),
        ("提醒 下周三 交党费", "", "交党费", "12-02 08:00"),
        ("提醒：明早八点集合", "", "集合", "11-26 08:00"),
        ("周五下午三点交表，提醒我一下", "我", "交表", "11-27 15:00"),
        ("周四上午九点提醒大家周五交作业", "大家", "周五交作业", "11-26 09:00"),
        ("提醒我明天给王芳回电话", "我", "给王芳回电话", "11-26 08:00"),
        ("下午提醒我帮小陈改材料", "我", "帮小陈改材料", "11-25 14:00"),
        ("明天提醒张老师交考勤表", "张老师", "交考勤表", "11-26 08:00"),
        ("提醒我给张老师打电话", "我", "给张老师打电话", None),
        ("到点喊我一声", "我", "", None),
        ("提醒我下周五交表", "我", "交表", "12-04 08:00"),
        ("提醒下周五交表", "", "交表", "12-04 08:00"),
        ("提醒下大家周五开会", "大家", "开会", "11-27 08:00"),
        ("对了，明天提醒我带伞", "我", "带伞", "11-26 08:00"),
        ("每周五提醒大家交周报，从下周起", "大家", "交周报", "12-04 08:00"),
        ("给王刚设个提醒 明早八点交表", "王刚", "交表", "11-26 08:00"),
    ],
)
def test_orders_are_taken_apart(
    said: str, who: str, text: str, first: str | None
) -> None:
    order = read_reminder(said, {}, NOW, take)
    assert (order.who, order.text) == (who, text)
    assert order == read_reminder(said, slots_of(said), NOW, take)
    when = order.when and f"{order.when.next[0]:%m-%d %H:%M}"
    assert when == first


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("周五前提醒张老师交考勤表", "周五前交考勤表"),
        ("请在周三之前提醒大家报名", "周三之前报名"),
        ("提醒大家下周二之前报名", "下周二之前报名"),
    ],
)
def test_limit_is_no_moment_and_stays_in_the_text(said: str, text: str) -> None:
    order = read_reminder(said, {}, NOW, take)
    assert order.when
    assert order.when.deadline
    assert order.text == text


@pytest.mark.parametrize(
    ("said", "text", "times"),
    [
        ("提醒我明天上午10点和下午3点吃药", "吃药", ["26 10:00", "26 15:00"]),
        ("明天九点、十点提醒我喝水", "喝水", ["26 09:00", "26 10:00"]),
        ("明天上午9点和后天下午3点提醒我开会", "开会", ["26 09:00", "27 15:00"]),
        (
            "后天早上八点、下午两点和晚上八点提醒我量血压",
            "量血压",
            ["27 08:00", "27 14:00", "27 20:00"],
        ),
    ],
)
def test_times_side_by_side_are_each_one(
    said: str, text: str, times: list[str]
) -> None:
    order = read_reminder(said, {}, NOW, take)
    assert order.when
    found = [order.when, *order.also]
    assert order.text == text
    assert [f"{each.next[0]:%d %H:%M}" for each in found] == times


def test_two_times_apart_are_asked_back() -> None:
    order = read_reminder("明天上午9点交表后天下午3点提醒大家开会", {}, NOW, take)
    assert order.when
    assert order.when.unclear


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ("明天三点", ["明天凌晨三点", "明天下午三点"]),
        ("每月31号", ["每月最后一天", "每月28号"]),
        ("每年2月29日", ["每年2月最后一天", "每年3月1日"]),
        ("周末", ["周六", "周日"]),
        ("今天早上八点", ["明天早上八点", "后天早上八点"]),
        ("周五前", ["2026年11月26日09:00", "2026年11月27日08:00"]),
        ("改天", []),
    ],
)
def test_what_is_not_certain_is_asked_with_choices(
    said: str, offered: list[str]
) -> None:
    assert alternatives(said, read_when(said, NOW), NOW) == offered


@pytest.mark.parametrize(
    ("answer", "said", "first"),
    [
        ("下午", "明天三点", "11-26 15:00"),
        ("下午三点", "明天三点", "11-26 15:00"),
        ("是凌晨吧", "明天三点", "11-26 03:00"),
        ("后天下午四点", "明天三点", "11-27 16:00"),
        ("15:00", "周四两点", "11-26 15:00"),
        ("下午三点", "下个礼拜三前", "12-02 15:00"),
        ("上午九点", "周五之前", "11-27 09:00"),
    ],
)
def test_hour_alone_belongs_to_the_day_said_before(
    answer: str, said: str, first: str
) -> None:
    when = read_when(join_answer(answer, said, NOW), NOW)
    assert f"{when.next[0]:%m-%d %H:%M}" == first


@pytest.mark.parametrize(
    "said",
    [
        "每月5号提醒交党费",
        "工作日早上七点半提醒大家打卡",
        "每月最后一个工作日提醒大家交党费",
        "12月3日前三天提醒大家报名",
        "提醒我明早九点交心得",
        "明早六点叫我起床",
        "提醒我别忘了明天带党章",
        "麻烦您明早九点提醒我交心得，谢谢",
        "给王芳设个提醒 明早八点交表",
        "设个每天早上7点的提醒：读党章",
        "交党费每月5号提醒我",
        "每月5号催一下党费",
        "双休日提醒我打扫",
    ],
)
def test_orders_are_known_as_such(said: str) -> None:
    reading = UNDERSTANDING.read(said)
    assert reading.intent == "remind"
    assert reading.line


@pytest.mark.parametrize(
    "said",
    [
        "有什么提醒？",
        "怎么设提醒",
        "能不能提醒我明天开会",
        "明天提醒我了吗",
        "明天不要提醒我",
        "别提醒我",
        "谢谢你提醒我",
        "王芳提醒我明天开会",
        "他让我提醒大家开会",
        "昨天提醒过大家了",
        "如果每天提醒我会怎么样",
        "每天提醒我太烦了",
        "明早的提醒改成后天",
        "明天提醒大家取消",
        "每周一提醒取消",
        "王芳每月5号提醒大家",
        "支部每周一提醒我",
        "系统交党费每月5号提醒我",
        "打卡每天都提醒我",
        "假如每月5号提醒大家交党费，会不会太早",
        "每月5号提醒交党费挺好的",
        "每周五那个提醒换到周四下午",
    ],
)
def test_questions_denials_and_talk_are_none(said: str) -> None:
    reading = UNDERSTANDING.read(said)
    assert not (reading.line and reading.intent == "remind")


@pytest.mark.parametrize(
    ("said", "what", "words"),
    [
        ("改到每周二早上8点", "when", "每周二早上8点"),
        ("每周二早上8点", "when", "每周二早上8点"),
        ("改成带上党章", "text", "带上党章"),
        ("内容 学习第二章", "text", "学习第二章"),
        ("发给支委", "audience", "支委"),
        ("除了李伟", "without", "李伟"),
        ("除王老师之外", "without", "王老师"),
        ("改成提醒李伟", "audience", "李伟"),
        ("就我自己", "own", ""),
        ("只提醒我", "own", ""),
    ],
)
def test_preview_is_improved(said: str, what: str, words: str) -> None:
    edit = read_edit(said, NOW)
    assert edit
    assert (edit.what, edit.words) == (what, words)


def test_other_texts_improve_nothing() -> None:
    assert read_edit("今天学什么", NOW) is None
    assert read_edit("帮我提醒李伟", NOW) is None


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("把每周一的提醒改到周二", {"which": "每周一的", "to": "周二"}),
        ("提醒3改到下午三点", {"number": "3", "to": "下午三点"}),
        ("第2个提醒时间改成后天早上九点", {"number": "2", "to": "后天早上九点"}),
    ],
)
def test_changes_are_read_whole(said: str, slots: dict[str, str]) -> None:
    reading = UNDERSTANDING.read(said)
    assert (reading.intent, reading.slots) == ("remind.change", slots)


@pytest.mark.parametrize(
    "said",
    [
        "书记把周一的提醒改到周二了",
        "我把周一的提醒改到周二了",
        "支部把周一的提醒改到周二了",
        "刚才把周一的提醒改到周二了",
        "谢谢你把周一的提醒改到周二了",
        "如果提醒改到周二",
    ],
)
def test_what_is_told_of_a_change_is_none(said: str) -> None:
    assert UNDERSTANDING.read(said).intent != "remind.change"


def test_a_long_order_is_taken_apart_in_a_moment() -> None:
    begun = process_time()
    read_reminder("请" * 59 + "提醒我" * 200 + "，到" * 200, {}, NOW, take)
    assert process_time() - begun < BUSY_AT_MOST
