"""收到: a member acknowledges a notice, by button or by word; and one's own notices."""

from bot.branch import notices
from bot.command import Ask, command
from bot.errors import Refusal
from bot.message import Reply


@command(
    "receipt",
    names=("收到", "已阅", "已收到", "好的", "知道了", "收到了", "明白"),
    examples=("收到，谢谢", "好的收到", "收到通知了", "已阅知", "收到，准时参加"),
    help="回复最近的通知",
    acts=True,
)
def acknowledge(ask: Ask) -> Reply:
    """Record a receipt: a button names its notice, a bare word means the latest."""
    pressed = ask.message.kind == "event" and ask.words.isdecimal()
    if pressed:
        notice = notices.find(ask.session, int(ask.words))
    else:
        notice = _latest_unanswered(ask)
    how = "button" if pressed else "text"
    new = notices.acknowledge(ask.session, notice, ask.member, ask.now, how)
    if ask.message.ticket:
        notices.grey_out(ask.session, ask.member, ask.message.ticket, ask.now)
    if not new:
        return Reply(f"“{notice.title}”您已经回复过了。")
    return Reply(f"已记下：您收到了“{notice.title}”。", changed=True)


@command(
    "notices",
    names=("我的通知", "通知列表", "查看通知"),
    examples=(
        "最近有什么通知",
        "有我的通知吗",
        "我有没看的通知吗",
        "看看通知",
        "还有哪些通知没回复",
        "上次的通知说什么",
    ),
    help="最近发给自己的通知",
)
def show_notices(ask: Ask) -> str:
    mine = notices.sent_to(ask.session, ask.member)
    if not mine:
        return "还没有发给您的通知。"
    lines = []
    for notice, receipt in mine:
        at = notice.at.astimezone(ask.now.tzinfo)
        mark = "已回复" if receipt else "未回复"
        lines.append(f"· {at:%m月%d日 %H:%M} {notice.title}（{mark}）")
    latest = mine[0][0]
    return "\n".join(lines) + f"\n\n最近一条全文：\n{latest.text}"


def _latest_unanswered(ask: Ask) -> notices.Notice:
    mine = notices.sent_to(ask.session, ask.member)
    if not mine:
        raise Refusal("最近没有发给您的通知，不用回复。")
    waiting = [notice for notice, receipt in mine if receipt is None]
    return waiting[0] if waiting else mine[0][0]
