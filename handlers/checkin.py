"""打卡: note down what was studied today, take it back, look at one's own record."""

from bot.branch import checkins
from bot.branch.checkins import CheckIn
from bot.command import Ask, command
from bot.message import Reply
from bot.understanding.amounts import read_study

CORRECT = ("改打卡", "修改打卡", "更正打卡")


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
    ),
    help="记下今天的学习，例：打卡 学习强国 42分",
    acts=True,
)
def check_in(ask: Ask) -> Reply:
    study = read_study(ask.words)
    if ask.text.startswith(CORRECT):
        entry = checkins.correct(ask.session, ask.member, study, ask.now)
        return Reply(f"已改好：{say(entry)}\n原来的记录留着备查。", changed=True)
    entry = checkins.check_in(
        ask.session, ask.member, study, ask.now, ask.config.checkins.per_day
    )
    days = f"连续 {entry.streak} 天" if entry.streak > 1 else "好的开始"
    return Reply(
        f"{ask.member.name}，已打卡，{days}。\n{say(entry)}\n记错了发“撤销打卡”。",
        changed=True,
    )


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
    ),
    help="撤回今天的打卡",
    acts=True,
)
def undo_check_in(ask: Ask) -> Reply:
    entry = checkins.undo(ask.session, ask.member, ask.now)
    return Reply(
        f"今天的打卡已撤销：{say(entry)}\n想重新打，发“打卡 …”。", changed=True
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
        "查一下我的打卡",
    ),
    help="看自己的打卡和连续天数（只有您看得到）",
)
def show_record(ask: Ask) -> str:
    mine = checkins.record(ask.session, ask.member, ask.now.date())
    if not mine.recent:
        return "您还没有打过卡。打卡自愿，想记的时候发“打卡 学了什么”。"
    lines = [f"{entry.day:%m月%d日} {say(entry)}" for entry in mine.recent]
    return (
        f"连续 {mine.streak} 天 · 本月 {mine.this_month} 次 · 共 {mine.total} 次\n"
        + "\n".join(lines)
        + "\n（只有您自己看得到）"
    )


def say(entry: CheckIn) -> str:
    """Put one check-in in words: what was understood, then the member's own."""
    amount = str(entry.amount) if entry.amount else ""
    known = " ".join(part for part in (entry.platform, amount) if part)
    if known and entry.note.replace(" ", "") == known.replace(" ", ""):
        return known
    return f"{entry.note}（{known}）" if known else entry.note or "（没有写内容）"
