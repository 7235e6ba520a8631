"""打卡: note down what was studied today, take it back, look at one's own record."""

import re
from datetime import date

from bot.branch.notices import replies
from bot.branch.study import checkins
from bot.branch.study.checkins import Entry, Study
from bot.calendar.say import say_day
from bot.command import Ask, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.ranking import plain
from bot.understanding.slots.amounts import find_platform, read_study
from bot.understanding.slots.yes_no import AROUND, says_no

OTHERS = re.compile("P|谁|大家|大伙|别人|人家|他|她|哪些人|[几多]少?个?人")
CORRECT = ("改打卡", "修改打卡", "更正打卡")
OF_REMINDER = re.compile(r"^\W*(?:每|天天|[今明后]天|[早晚]上|\d).{0,8}提醒")
REMIND = "这次没有打卡。要到点提醒您，就说“每天早上8点提醒我打卡”。"
LEFT_OUT = "checkin.note"
ASKED = "今天学了什么？"
IF_WRONG = "记错了发“撤销打卡”。"
NOTHING_MORE = (
    "没有",
    "没有了",
    "没了",
    "没学",
    "没学什么",
    "不写了",
    "不写",
    "就这样",
)
CHANGED = re.compile(r"打卡(?:内容)?(?:改成|改为|换成)\s*(?P<to>.+)", re.DOTALL)


@command(
    "checkin",
    names=("打卡", "学习打卡", "每日打卡", *CORRECT),
    examples=(
        "打卡 读完了第二章",
        "打卡 学习强国 42分",
        "打卡：江苏先锋 30分钟",
        "今天学了党章，打卡",
        "打个卡",
        "我来打卡",
        "帮我打卡",
        "给我打个卡吧",
        "记一下打卡",
        "学习强国 42分",
        "江苏先锋 30分钟",
        "打卡，读完了第三章",
        "打卡：学习了二十大报告",
        "打卡 看了一集党史纪录片",
        "打卡 今天读了半小时党章",
        "打卡 学习强国学了两篇文章",
        "打卡读了一篇文章",
        "打卡学习了党史",
        "打卡看了红色电影",
        "打卡听了党课",
        "今日打卡",
        "今日学习打卡",
        "早起打卡",
        "日常打卡",
        "打卡！",
        "打卡啦",
        "来打卡",
        "我要打卡",
        "我要打卡，今天学了准则",
        "请帮我打卡",
        "帮我打个卡吧",
        "麻烦给我打卡",
        "今天的打卡",
        "现在打卡",
        "第3天打卡",
        "打卡第3天",
        "坚持打卡第30天",
        "学习打卡 30分钟",
        "今天学了条例，打卡",
        "读完了第五章，打卡",
        "今天的学习完成了，打卡",
        "学习强国今天30分",
        "学习强国得了45分",
        "学习强国拿了38分",
        "学习强国今天拿满了，60分",
        "今天学习强国学了20分钟",
        "今天在学习强国上学了半小时",
        "学习 30分钟",
        "学习 党章 半小时",
        "学习一小时，内容是党史",
        "今天自学了一个小时",
        "今天自学了两小时党史",
        "今天学了半小时党史",
        "今天学习了40分钟",
        "今天看了两篇文章，用了20分钟",
        "今天读了党章第一章",
        "今天读完了一本党史书",
        "今天抄写党章一页",
        "刚学完全会精神，50分钟",
        "刚看完一集党史纪录片，45分钟",
        "刚刚读了30页",
        "听了一小时党课",
        "江苏先锋学了15分钟",
        "苏州先锋 20分钟",
        "打卡改成学习强国50分",
        "打卡改成江苏先锋 半小时",
        "打卡改为读完了第三章",
    ),
    help="记下今天的学习，例：打卡 学习强国 42分",
    acts=True,
)
def check_in(ask: Ask) -> Reply:
    return _press(ask) if ask.message.ticket else _check_in(ask)


def _press(ask: Ask) -> Reply:
    """Check in by the morning's card, which then shows that it is done."""
    try:
        reply, words = _check_in(ask), "已打卡"
    except Refusal as refusal:
        reply, words = Reply(str(refusal)), "今天打过卡了"
    replies.grey_out(ask.session, ask.member, ask.message.ticket, words, ask.now)
    return reply


def _check_in(ask: Ask) -> Reply:
    if OF_REMINDER.search(ask.words):
        return Reply(REMIND)
    study = read_study(_told(ask))
    if ask.text.startswith(CORRECT) or CHANGED.search(ask.text):
        entry = checkins.correct(ask.session, ask.speaker, study, ask.now)
        return Reply(f"已改好：{say(entry.study)}\n原来的记录留着备查。", changed=True)
    entry = checkins.check_in(
        ask.session, ask.speaker, study, ask.now, ask.config.checkins.per_day
    )
    if entry.completes:
        ask.close_question(LEFT_OUT)
        return _completed(ask, entry)
    told = f"{ask.speaker.name}，已打卡，{_greet(entry)}。\n{_tell(ask, entry)}"
    return Reply(f"{told}\n{IF_WRONG}", changed=True)


def _greet(entry: Entry) -> str:
    if entry.streak > 1:
        return f"连续 {entry.streak} 天"
    return "好的开始" if entry.is_first else "今天也记上了"


def _tell(ask: Ask, entry: Entry) -> str:
    """Say what was written down; of nothing, ask for it where no question waits."""
    day = entry.day.isoformat()
    if entry.study.note or not ask.offer(LEFT_OUT, ASKED, day=day):
        return say(entry.study)
    return f"{ASKED}回一句就补上，不想写也没关系。"


def _completed(ask: Ask, entry: Entry) -> Reply:
    if entry.day < ask.now.date():
        return Reply(f"补在昨天的打卡里了：{say(entry.study)}", changed=True)
    return Reply(f"补上了：{say(entry.study)}\n{IF_WRONG}", changed=True)


@answering(LEFT_OUT, offer=True)
def take_note(ask: Ask, question: Open) -> Reply | str | None:
    """Keep what is told now with the check-in that said nothing."""
    if says_no(ask.text) or ask.text.strip(AROUND) in NOTHING_MORE:
        ask.close_question()
        return "好的，卡已经打上了，内容不写也行。"
    if not ask.tells:
        return None
    ask.close_question()
    day = date.fromisoformat(question.details["day"])
    study = read_study(ask.whole(ask.text))
    entry = checkins.add_note(ask.session, ask.speaker, day, study, ask.now)
    return _completed(ask, entry) if entry else None


def _told(ask: Ask) -> str:
    """Tell what was studied; a platform that called the command belongs to it."""
    if changed := CHANGED.search(ask.text):
        return changed["to"]
    platform = find_platform(ask.text)
    if platform and platform not in ask.words:
        return f"{platform} {ask.words}"
    return ask.words


@command(
    "undo",
    names=("撤销打卡", "撤销", "取消打卡", "撤回打卡"),
    examples=(
        "刚才的打卡打错了，撤掉",
        "把今天的打卡撤了",
        "打卡记错了，帮我撤销",
        "删掉今天的打卡",
        "撤销刚才那条",
        "不算，撤销",
        "撤销",
        "撤销一下",
        "撤销刚才的打卡",
        "撤销上一条",
        "撤销刚才的操作",
        "撤销我的请假",
        "撤销请假",
        "撤销签到",
        "撤回打卡",
        "撤回我的打卡",
        "取消打卡",
        "取消刚才的打卡",
        "取消刚才的操作",
        "取消我刚才的签到",
        "取消刚才的请假",
        "刚才的打卡不算",
        "刚才那个不算",
        "刚才的不算数",
        "刚刚那条不算",
        "上一条作废",
        "刚才发错了，撤销",
        "打错了，撤销",
        "打错了撤回",
        "打卡打错了",
        "弄错了，帮我撤销",
        "搞错了，撤回刚才的",
        "点错了，取消",
        "手滑了，撤销一下",
        "不对，撤回",
        "我打错卡了，撤掉",
        "删除刚才的打卡",
        "删除刚才那条",
        "把刚才的打卡取消",
        "把打卡撤回",
        "把刚才的请假取消",
        "把刚才那条撤掉",
        "退回上一步",
        "恢复到刚才之前",
        "刚打的卡撤了",
        "刚才打的卡撤回",
        "把刚打的卡撤销",
    ),
    help="撤回今天的打卡",
    acts=True,
)
def undo_check_in(ask: Ask) -> Reply:
    entry = checkins.undo(ask.session, ask.speaker, ask.now)
    ask.close_question(LEFT_OUT)
    return Reply(
        f"今天的打卡已撤销：{say(entry.study)}\n想重新打，发“打卡 …”。", changed=True
    )


@command(
    "my_checkins",
    names=("我的打卡", "打卡记录", "我的记录"),
    examples=(
        "我打卡了吗",
        "我昨天打卡了吗",
        "我今天打卡了没",
        "我连续打卡几天了",
        "看看我的打卡",
        "我这个月打了几次卡",
        "我学了多少",
        "我最近都学了什么",
        "查一下我的打卡",
        "我打卡几天了",
        "我打了多少天卡",
        "打卡几天了",
        "打卡多少天了",
        "打了几天卡",
        "我打过几次卡",
        "我这周打卡几次",
        "我上周打卡了几次",
        "我本月打卡多少次",
        "这个月我打卡几天",
        "一共打卡多少次",
        "我总共打卡多少天",
        "连续打卡天数",
        "连续打卡几天了",
        "我打卡连续多少天了",
        "今天打卡了吗",
        "我今天打卡了吗",
        "今天我打过卡没有",
        "昨天我打卡没有",
        "我前天打卡了吗",
        "上周五我打卡了吗",
        "我哪天没打卡",
        "哪几天我没有打卡",
        "我有几天没打卡",
        "我有没有漏打卡",
        "我昨天是不是忘了打卡",
        "打卡情况",
        "打卡统计",
        "打卡明细",
        "打卡日历",
        "打卡天数",
        "我的打卡情况",
        "看看我打卡的情况",
        "查我的打卡记录",
        "我的打卡次数",
        "我的打卡天数",
        "以前的打卡",
        "我之前打卡都写了什么",
        "看看我的学习记录",
        "我学了多久",
        "我这周学了多久",
        "我上个月学习强国多少分",
        "打卡成功了吗",
        "刚才的打卡记上了吗",
        "我打过卡了吗",
        "今天的卡打了没有",
        "我今天的卡是不是打过了",
        "打卡的历史",
        "历史打卡",
        "我打卡的历史记录",
    ),
    help="看自己的打卡和连续天数（只有您看得到）",
)
def show_record(ask: Ask) -> str:
    if _asks_of_others(ask):
        return (
            "打卡自愿，每个人的只有本人看得到，我不说别人的，也不数谁没打。\n"
            "看自己的，发“我的打卡”。"
        )
    mine = checkins.record(ask.session, ask.speaker, ask.now.date())
    if not mine.recent:
        return "您还没有打过卡。打卡自愿，想记的时候发“打卡 学了什么”。"
    lines = [f"{say_day(entry.day)} {say(entry.study)}" for entry in mine.recent]
    return (
        f"连续 {mine.streak} 天 · 本月 {mine.this_month} 次 · 共 {mine.total} 次\n"
        + "\n".join(lines)
        + "\n（只有您自己看得到）"
    )


def _asks_of_others(ask: Ask) -> bool:
    said = plain(ask.text.replace(ask.speaker.name, "我"))
    return "我" not in said and OTHERS.search(said) is not None


def say(study: Study) -> str:
    """Put one check-in in words: what was understood, then the member's own."""
    amount = str(study.amount) if study.amount else ""
    known = " ".join(part for part in (study.platform, amount) if part)
    if known and study.note.replace(" ", "") == known.replace(" ", ""):
        return known
    return f"{study.note}（{known}）" if known else study.note or "（没有写内容）"
