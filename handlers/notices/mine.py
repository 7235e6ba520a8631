"""我的通知: what was sent to whoever asks, and a notice once more."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeAlias

from bot import outbox
from bot.branch.notices import chasing, corrections, enclosures, notices, replies
from bot.branch.notices.notices import Notice, State
from bot.branch.notices.receipts import Receipt
from bot.calendar.say import say_moment
from bot.command import Ask, command
from bot.message import Reply
from bot.outbox import Importance, Plan, Window
from handlers.notices.pick import pick

Sent: TypeAlias = tuple[Notice, Receipt | None]
GOOD_FOR = timedelta(hours=1)


@command(
    "notices",
    help="最近发给自己的通知",
)
def show_notices(ask: Ask) -> str:
    return _list(ask, _fold(ask, _sent(ask)))


@command(
    "notices.unread",
    help="发给自己、还没回复的通知",
    shown=False,
)
def show_unread(ask: Ask) -> str:
    mine = _fold(ask, _sent(ask))
    unread = [each for each in mine if replies.is_open(ask.member, *each)]
    return _list(ask, unread) if unread else "没有还没回复的通知，都看过了。"


@command(
    "notices.again",
    help="把一条通知再发给自己",
    shown=False,
)
def send_again(ask: Ask) -> Reply | str:
    """Send the notice that is named, or the newest; only where it is clearly asked."""
    every = [each for each, _ in _sent(ask)]
    if not (every and ask.meant):
        return show_notices.run(ask)
    which = ask.slots.get("which", "") + ask.slots.get("thing", "")
    picked = pick(every, which, ask.now)
    return _send_again(ask, (picked.found or every)[0])


def _sent(ask: Ask) -> Sequence[Sent]:
    return replies.sent_to(ask.session, ask.member, ask.now)


def _fold(ask: Ask, mine: Sequence[Sent]) -> Sequence[Sent]:
    """Leave one of each matter: the last correction stands for what it corrects."""
    shown = corrections.fold([each for each, _ in mine], ask.now)
    return [each for each in mine if each[0] in shown]


def _list(ask: Ask, mine: Sequence[Sent]) -> str:
    """List what was sent, and tell in full the one that is named, or the newest."""
    if not mine:
        return "还没有发给您的通知。"
    lines = []
    for notice, receipt in mine:
        at = say_moment(notice.goes_at, ask.now)
        mark = _mark(ask, notice, receipt)
        word = "更正：" if notice.corrects else ""
        lines.append(f"{notice.id}. {at} {word}{notice.title}（{mark}）")
    picked = pick([each for each, _ in _sent(ask)], ask.text, ask.now)
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
