"""我的通知: what was sent to whoever asks, and a notice once more."""

import re
from datetime import timedelta

from bot import outbox
from bot.branch.notices import chasing, corrections, enclosures, notices, replies
from bot.branch.notices.notices import Notice, State
from bot.branch.notices.receipts import Receipt
from bot.calendar.say import say_moment
from bot.command import Ask, command
from bot.message import Reply
from bot.outbox import Importance, Plan, Window
from handlers.notices.pick import pick

GOOD_FOR = timedelta(hours=1)
# 我没看到通知 asks for it, 没看的通知 for those not answered; 有没有通知 for all.
UNREAD = re.compile(r"(?<!有)没(?:有)?(?:看(?!到|见)|读|回|处理)|未[看读回阅处]|错过")
AGAIN = re.compile(
    r"(?:再|重新?)(?:给我)?发(?:给)?(?:我)?(?:[一1]?[遍次下份])?|发我[一1]遍"
)


@command(
    "notices",
    names=("我的通知", "通知列表", "查看通知", "没看的"),
    examples=(
        "最近有什么通知",
        "有我的通知吗",
        "我有没看的通知吗",
        "看看通知",
        "还有哪些通知没回复",
        "上次的通知说什么",
        "有通知吗",
        "有什么通知",
        "有没有通知",
        "有新通知吗",
        "有没有新通知",
        "有没有什么新通知",
        "今天有没有新通知",
        "这两天有没有发过通知",
        "今天有通知吗",
        "今天有什么通知",
        "今天发了什么通知",
        "最近的通知",
        "最近有哪些通知",
        "最近发了哪些通知",
        "看看最近的通知",
        "看一下通知",
        "看看有什么通知",
        "查一下通知",
        "查通知",
        "通知有哪些",
        "通知内容",
        "通知里写了什么",
        "通知里说的什么时间",
        "通知说几点",
        "通知在哪里看",
        "上一条通知",
        "上一条通知是什么",
        "上一条通知的内容",
        "刚才的通知说了什么",
        "昨天的通知是什么内容",
        "昨天发的什么通知",
        "再看看刚才的通知",
        "把通知再发我一遍",
        "把上次的通知再发我一遍",
        "开会的通知再发我一遍",
        "把党费那个通知再发我一次",
        "党费的通知重发我一份",
        "昨天没去，那个会的通知是什么",
        "我没看到通知",
        "我没收到通知",
        "我没看的通知",
        "我未读的通知",
        "未读通知有哪些",
        "没看的通知",
        "我有几条通知没看",
        "我还有没回复的通知吗",
        "我错过了什么通知",
        "历史通知",
        "以前的通知",
        "谁发的通知",
        "通知是谁发的",
        "那个通知说的是什么",
        "上次的通知内容是什么",
        "上次那个通知是什么内容",
        "前两天的通知说了什么",
        "通知发我看看",
        "把通知发给我看看",
        "找一下昨天的通知",
        "找找上周的通知",
        "帮我找那条通知",
        "那条通知在哪",
        "昨天那条通知",
        "前天的通知",
        "关于开会的通知",
        "有开会的通知吗",
        "关于党费的通知有吗",
        "通知呢",
        "通知怎么说的",
        "通知写的几点",
        "没读的通知",
        "我还没读的通知",
        "通知全文",
        "通知原文",
        "今天通知什么了",
        "通知了什么事",
        "最新通知",
        "最新的通知",
    ),
    help="最近发给自己的通知",
)
def show_notices(ask: Ask) -> Reply | str:
    mine = replies.sent_to(ask.session, ask.member, ask.now)
    every = [each for each, _ in mine]
    picked = pick(every, AGAIN.sub("", ask.text), ask.now)
    if mine and ask.meant and AGAIN.search(ask.text):
        return _send_again(ask, (picked.found or every)[0])
    shown = corrections.fold(every, ask.now)
    mine = [each for each in mine if each[0] in shown]
    if UNREAD.search(ask.text):
        mine = [each for each in mine if replies.is_open(ask.member, *each)]
        if not mine:
            return "没有还没回复的通知，都看过了。"
    if not mine:
        return "还没有发给您的通知。"
    lines = []
    for notice, receipt in mine:
        at = say_moment(notice.goes_at, ask.now)
        mark = _mark(ask, notice, receipt)
        word = "更正：" if notice.corrects else ""
        lines.append(f"{notice.id}. {at} {word}{notice.title}（{mark}）")
    named = picked.found[0] if picked.said and picked.found else None
    head = f"“{named.title}”全文" if named else "最近一条全文"
    return "\n".join([*lines, "", f"{head}：\n{_tell(ask, named or mine[0][0])}"])


def _tell(ask: Ask, notice: Notice) -> str:
    """Tell a notice in full: what stands of it, then what was said first."""
    last = corrections.standing(ask.session, notice, ask.now)
    if not last.corrects:
        return f"{last.text}{_carried(ask, last)}"
    corrected = notices.say_corrected(ask.session, last.corrects, ask.now)
    first = notices.find(ask.session, last.corrects)
    parts = [f"（{corrected}）\n{last.text}{_carried(ask, last)}"]
    if first.state == State.SENT and replies.is_planned(
        ask.session, first, ask.member.id
    ):
        parts.append(f"原通知（以更正为准）：\n{first.text}{_carried(ask, first)}")
    return "\n".join(parts)


def _mark(ask: Ask, notice: Notice, receipt: Receipt | None) -> str:
    if replies.is_open(ask.member, notice, receipt):
        return "未回复"
    if receipt is None:
        return "您发的"
    return f"已回复{receipt.choice if notice.asking else ''}"


def _carried(ask: Ask, notice: Notice) -> str:
    """Name the pictures and files of a notice, and where they can be seen again."""
    carried = enclosures.enclosed_with(ask.session, notice.enclosed_topic)
    if not carried:
        return ""
    where = notices.page_address(notice, ask.config.server.public_url)
    names = "、".join(each.name for each in carried)
    return f"\n附件：{names}" + (f"\n打开看：{where}" if where else "")


def _send_again(ask: Ask, notice: Notice) -> Reply:
    """Send what stands of it: a card where cards show, else a text."""
    notice = corrections.standing(ask.session, notice, ask.now)
    desk = chasing.desk_of(ask.session, notice, ask.config.server.public_url)
    face = corrections.show_face(ask.session, notice, ask.now)
    content = notices.write(notice, desk, face, ask.now, plain=ask.member.plain)
    plan = Plan(
        key=f"again:{ask.message.id}",
        kind="notice_again",
        content=content,
        window=Window(ask.now, ask.now + GOOD_FOR),
        importance=Importance.ANSWER,
    )
    member = ask.member
    outbox.put_to(ask.session, plan, member.userid, member.id, now=ask.now)
    return Reply(f"“{notice.title}”再发给您了，看看手机。", changed=True)
