"""What is read as an order, what never is, and which words are handed on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.understanding import acts, learn
from bot.branch.people.members import Role
from bot.command import Ask, command
from bot.text.phrases import Phrases
from bot.understanding.reading import Understanding

UNDERSTANDING, COMMANDS = learn()
NO_ORDERS = """他说打卡
“打卡”两个字怎么写
“打卡”
《打卡》
如果我现在打卡会怎样
别打卡
不用发通知了
要不要打卡
打卡了没
李伟打卡了吗
李伟，打卡
张老师：打卡
@李伟 打卡
打卡 李伟
昨天忘了打卡
明天再打卡
明天打卡
下午打卡
打卡 明天再说
打卡 算了
打卡 怎么弄
打卡 有什么用
打卡有什么用
打卡太累了
打卡制度
打卡地图
通知收到了吗
谁收到了
收到的人
收到快递了
收到通知的举手
帮我看看发通知怎么发
打卡机坏了
我不想打卡
哈哈 打卡
帮李伟打卡
替王芳签到
李伟请假
王芳说她周五来不了
我可能周五来不了
我不请假
签到码
签到表
会议签到表
安排会议的流程
群发助手
听说明天下午三点开支部大会
我会提醒大家
不用提醒我了吗
别撤回那条通知
先别催
发通知 几点开会？
打卡打卡打卡吗"""
NAMES = [name for each in COMMANDS.by_intent.values() for name in each.names]


@pytest.mark.parametrize(
    ("text", "intent", "words"),
    [
        ("打卡", "checkin", ""),
        ("打卡 读完了第二章", "checkin", "读完了第二章"),
        ("打卡：读完了 第二章", "checkin", "读完了 第二章"),
        ("打卡读了第二章", "checkin", "读了第二章"),
        ("今天学了党章，打卡", "checkin", "今天学了党章"),
        ("我来打个卡", "checkin", ""),
        (" 打 卡 ", "checkin", ""),
        ("ＤＡＫＡ", "checkin", ""),
        ("大卡", "checkin", ""),
        ("發通知 週五開會", "broadcast", "週五開會"),
        ("发通知 周五开会", "broadcast", "周五开会"),
        ("通知第一党小组：周四学习", "broadcast", "通知第一党小组：周四学习"),
        ("群发：明早集合", "broadcast", "明早集合"),
        ("收到", "receipt", ""),
        ("好的，收到", "receipt", "好的，收到"),
        ("撤销打卡", "undo", ""),
        ("签到 1234", "sign_in", "1234"),
        ("签道 5512", "sign_in", "5512"),
        ("签到1234", "sign_in", "1234"),
        ("周五的会我请个假，家里有事", "leave", "周五的会我请个假，家里有事"),
        ("周五的会我来不了，家里有事", "leave", "周五的会我来不了，家里有事"),
        ("每月5号提醒大家交党费", "remind", "每月5号提醒大家交党费"),
    ],
)
def test_order_is_read_with_its_words(text: str, intent: str, words: str) -> None:
    reading = UNDERSTANDING.read(text)
    assert (reading.intent, reading.words, reading.meant) == (intent, words, True)


@pytest.mark.parametrize(
    "text",
    NO_ORDERS.splitlines(),
)
def test_what_orders_nothing_never_acts(text: str) -> None:
    reading = UNDERSTANDING.read(text)
    assert not acts(reading, COMMANDS), reading.why


@pytest.mark.parametrize("text", ["1", "2", "3", "", "\n", "。。。", "👍"])
def test_what_says_nothing_means_nothing(text: str) -> None:
    assert UNDERSTANDING.read(text).intent == "none"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("我昨天打卡了吗", "my_checkins"),
        ("不打卡会怎么样", "ask"),
        ("怎么打卡", "help"),
        ("打卡有什么用", "ask"),
        ("打卡排行", "ranking"),
        ("七一还有几天", "observances"),
    ],
)
def test_question_about_an_act_is_answered(text: str, intent: str) -> None:
    reading = UNDERSTANDING.read(text)
    assert reading.intent == intent, reading.why


def test_a_doubt_is_asked_back_with_at_most_three_choices() -> None:
    reading = UNDERSTANDING.read("打卡了")
    assert reading.intent == "choose"
    assert "checkin" in reading.choices
    assert len(reading.choices) <= 3
    assert reading.words == "打卡了"
    assert "1. " in reading.reply


def test_nobody_is_offered_what_only_the_secretary_may() -> None:
    texts = ["把提醒都关了", "名册给我", "刚才那条", "通知一下", "提醒一下吧各位"]
    for text in texts:
        offered = UNDERSTANDING.read(text, Role.MEMBER).choices
        assert all(COMMANDS.by_intent[each].role == Role.MEMBER for each in offered)


def test_why_shows_speech_name_and_likeness() -> None:
    why = UNDERSTANDING.read("别打卡").why
    assert "否定：别打卡" in why
    assert "口令：打卡" in why
    assert "最像：" in why


def test_why_shows_the_sketch_and_its_line() -> None:
    why = UNDERSTANDING.read("观后感周五前交 全支部都要 麻烦发下").why
    assert "；要素：<inform> & <the_crowd> & " in why
    assert "（notices/compose.phrases:" in why
    assert " & - " not in why


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("能不能每月5号提醒大家交党费", "remind"),
        ("明天九点提醒我开会可以吗", "remind"),
        ("可以把喝水的提醒删了吗", "cancel_reminder"),
    ],
)
def test_an_act_asked_for_politely_is_offered(text: str, choice: str) -> None:
    reading = UNDERSTANDING.read(text)
    assert (reading.intent, reading.choices) == ("choose", (choice,))


def test_small_talk_is_answered_in_kind() -> None:
    assert "您好" in UNDERSTANDING.read("您好").reply
    assert "不客气" in UNDERSTANDING.read("谢谢你").reply


def test_no_commands_no_intents() -> None:
    assert Understanding([]).read("打卡").intent == "none"


def test_two_commands_alone_are_told_apart() -> None:
    @command("sing", phrases=Phrases.of(("唱歌",), ("来一首",)), help="唱", acts=True)
    def sing(_: Ask) -> str:
        return ""

    @command(
        "songs", phrases=Phrases.of(("歌单",), ("有哪些歌", "看看歌单")), help="看"
    )
    def list_songs(_: Ask) -> str:
        return ""

    mine = (sing, list_songs)
    understanding = Understanding(mine)
    assert understanding.read("唱歌 东方红").intent == "sing"
    assert understanding.read("有哪些歌").intent == "songs"
    assert understanding.read("唱歌了吗").intent != "sing"


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    reading = UNDERSTANDING.read(text)
    assert reading.intent in {*COMMANDS.by_intent, "none", "choose"}
    assert len(reading.choices) <= 3


@settings(deadline=None, max_examples=50)
@given(
    st.sampled_from(["", "我", "今天", "李伟", "请", "帮我", "大家"]),
    st.sampled_from(NAMES),
    st.text("打卡了到通知我你的一下发，。 0123学习", max_size=8),
    st.sampled_from(["吗", "吗？", "？", "?", "了吗", "了没有？", "呢？"]),
)
def test_a_question_never_acts(before: str, name: str, more: str, end: str) -> None:
    reading = UNDERSTANDING.read(before + name + more + end)
    assert not acts(reading, COMMANDS), reading.why


@settings(deadline=None, max_examples=50)
@given(
    st.sampled_from(["如果", "要是", "他说", "听说", "别", "不要", "书记让我", "忘了"]),
    st.sampled_from([each for each in NAMES if not each.isascii()]),
    st.sampled_from(["", "了", "一下", "的话"]),
)
def test_supposing_quoting_denying_never_acts(before: str, name: str, end: str) -> None:
    """But who wants no reminder any more calls it off: 不要提醒了."""
    reading = UNDERSTANDING.read(before + name + end)
    calls_off = reading.intent == "cancel_reminder" and before in ("别", "不要")
    assert calls_off or not acts(reading, COMMANDS), reading.why
