"""Whatever is said to a draft: nothing goes without a yes to what was shown last."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.assistant.answering import Assistant
from bot.branch.notices.notices import Notice
from bot.branch.notices.receipts import Receipt
from bot.branch.people.members import Member
from bot.branch.reminders.reminders import Reminder
from bot.branch.study.checkins import CheckIn
from bot.branch.study.trainings import Training
from bot.message import Message
from bot.outbox.mutes import Mute
from tests.people import USERID

DRAFTS = {
    "通知全体党员：周三下午两点在301开支部大会": Notice,
    "给支委发个通知，明天下午碰头": Notice,
    "提醒大家周五上午九点交心得": Reminder,
    "登记培训 昨天 党史培训 半天 全体党员": Training,
}
YES = (
    "确认",
    "好的",
    "行，发吧",
    "👌",
    "就这样",
    "嗯嗯",
    "好的登记吧",
    "OK",
    "可以，设吧",
    "好的发吧",
)
NO = ("取消", "还是算了", "先不发了", "不要了", "别登记了", "停", "还是别发了吧")
CHANGES = (
    *("改成周四", "改成四点", "地点换成302", "何雪不用来", "还有何雪", "去掉王芳"),
    *("不对，是一天", "八点太早了 九点", "发给支委吧", "别发给陈静", "立即发"),
    *("改成：请大家周五带好党章到302", "修改内容 明天停电", "加一句 请带笔"),
    *("恢复上一稿", "明早九点发", "周五吧", "除了李伟"),
    *("等下，三点可能有课，改四点吧", "不行，周四冲突了，放到周五"),
)
UNHEARD = ("楼下那边怎么走都行", "那天人会不会太多了点呢", "周四冲突", "三点可能有课")
OTHERS = ("记一次谈话", "谈心谈话记一下", "今天该交什么材料")
TALK = (
    *(*UNHEARD, *OTHERS),
    *("等等", "我再想想", "先放着", "收到", "知道了", "谢谢", "发给谁", "什么时候发"),
    *("谁没回复", "帮助", "我的打卡", "今天学什么", "陈静的信息", "别提醒我了吗"),
    *("1", "第一个", "吃了吗", "好吗", "不是不发", "[玫瑰]", "？", "嗯？", "发吗"),
)
REPLIES = st.lists(st.sampled_from((*YES, *NO, *CHANGES, *TALK)), max_size=8)
ELSEWHERE = (Mute, Receipt, CheckIn)
NUMBER = count()


@pytest.mark.thorough
@pytest.mark.parametrize("order", DRAFTS)
@given(replies=REPLIES)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nothing_goes_without_a_yes_to_what_was_shown(
    assistant: Assistant, order: str, replies: list[str]
) -> None:
    """What is kept is what the last preview showed, and nothing else changes."""
    thread = f"talk-{next(NUMBER)}"
    shown = say(assistant, order, thread)
    before = count_all(assistant)
    for text in replies:
        told = say(assistant, text, thread)
        after = count_all(assistant)
        made = {kind for kind in after if after[kind] != before[kind]}
        if made:
            assert text in YES
            assert made == {DRAFTS[order]}
            assert after[DRAFTS[order]] == before[DRAFTS[order]] + 1
            if DRAFTS[order] is Notice:
                assert f"――――――\n{last_text(assistant)}\n――――――" in shown
        before = after
        shown = told if "【预览】" in told else shown


def say(assistant: Assistant, text: str, thread: str) -> str:
    number = next(NUMBER)
    sender = USERID["赵敏"]
    message = Message("wecom", sender, f"d-{number}", text=text, conversation=thread)
    heard = assistant.answer(message)
    return heard.reply.text if heard.reply else ""


def count_all(assistant: Assistant) -> dict[type, int]:
    kinds = (*ELSEWHERE, Member, *dict.fromkeys(DRAFTS.values()))
    with assistant.storage.write() as session:
        return {
            kind: session.scalar(select(func.count()).select_from(kind)) or 0
            for kind in kinds
        }


def last_text(assistant: Assistant) -> str:
    with assistant.storage.write() as session:
        found = select(Notice.text).order_by(Notice.id.desc()).limit(1)
        return session.scalar(found) or ""


@pytest.mark.parametrize(
    ("after", "said", "goes"),
    [
        ((), "好的", True),
        (("谁没回复",), "好的", False),
        (("谁没回复",), "确认", True),
        (("谁没回复", "好的"), "好的", True),
        (("改成周四",), "行，发吧", True),
        (("立即发",), "没问题", True),
        (("取消",), "确认", False),
        (("我再想想",), "好的", False),
        (("我再想想",), "确认", True),
        (("楼下那边怎么走都行",), "确认", False),
        (("楼下那边怎么走都行",), "行，发吧", False),
        (("楼下那边怎么走都行", "确认"), "确认", True),
        (("楼下那边怎么走都行", "谁没回复"), "确认", False),
        (("记一次谈心谈话，昨天我和刘洋谈了思想情况",), "确认", False),
        (("我再想想", "谁没回复"), "确认", False),
    ],
)
def test_a_mere_agreement_is_of_what_was_said_last(
    assistant: Assistant, after: tuple[str, ...], said: str, *, goes: bool
) -> None:
    say(assistant, "通知全体党员：周三下午两点在301开支部大会", "a")
    for each in after:
        say(assistant, each, "a")
    before = count_all(assistant)[Notice]
    say(assistant, said, "a")
    assert count_all(assistant)[Notice] - before == goes
