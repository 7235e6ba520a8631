"""收到: a member acknowledges a notice, by button or by word; and one's own notices."""

from bot.branch import notices
from bot.command import Ask, command
from bot.errors import Refusal
from bot.message import Reply


@command(
    "receipt",
    names=("收到", "已阅", "已收到", "好的", "知道了", "收到了", "明白"),
    examples=(
        "收到，谢谢",
        "好的收到",
        "收到通知了",
        "已阅知",
        "收到，准时参加",
        "收到！",
        "收到收到",
        "收到了！",
        "收到了，谢谢",
        "收到，谢谢书记",
        "收到谢谢",
        "收到，一定准时",
        "收到，准时到",
        "收到，会参加的",
        "收到，马上办",
        "收到，明白",
        "收到通知",
        "收到通知，谢谢",
        "通知收到",
        "通知收到了",
        "我收到了",
        "我已收到",
        "我收到通知了",
        "已收到通知",
        "已收悉",
        "已阅，收到",
        "已阅读",
        "已读",
        "已知晓",
        "知悉",
        "知道啦",
        "知道了，谢谢",
        "好的知道了",
        "好的",
        "好的好的",
        "好的，谢谢",
        "好的，明白",
        "好的，准时参加",
        "好的书记",
        "好嘞",
        "好嘞收到",
        "好滴",
        "好哒",
        "好",
        "行",
        "行的",
        "行，知道了",
        "可以",
        "没问题",
        "没问题，收到",
        "明白",
        "明白了",
        "了解",
        "ok收到",
        "嗯，知道了",
        "遵命",
    ),
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
        "有通知吗",
        "有什么通知",
        "有没有通知",
        "有新通知吗",
        "有没有新通知",
        "有没有什么新通知",
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
