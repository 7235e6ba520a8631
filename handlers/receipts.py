"""收到: a member acknowledges a notice, by button or by word; and one's own notices."""

from bot.branch import enclosures, notices
from bot.branch.notices import Notice
from bot.branch.receipts import Receipt
from bot.command import Ask, command, overhearing
from bot.errors import Refusal
from bot.message import Reply

LONGEST_CHOICE = 12
CLOSED = "已截止"


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
    if ask.message.kind == "event":
        number, _, answer = ask.words.partition(":")
        if not number.isdecimal():
            raise Refusal("这个按钮已经没有用了。")
        notice = notices.find(ask.session, int(number))
        return _record(ask, notice, _choice(notice, answer), "button")
    notice = _latest_unanswered(ask)
    if notice.asking:
        offered = "、".join(f"“{each}”" for each in notice.answers)
        raise Refusal(f"“{notice.title}”请回复{offered}中的一个。")
    return _record(ask, notice, None, "text")


@overhearing("receipt")
def hear_choice(ask: Ask) -> Reply | None:
    """Take "能参加" as the answer to a notice that asks just that."""
    said = ask.text.strip(" 。！!，,")
    if len(said) > LONGEST_CHOICE:
        return None
    for notice, _ in notices.asked_of(ask.session, ask.speaker, ask.now):
        if said in notice.answers:
            return _record(ask, notice, said, "text")
    return None


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
def show_notices(ask: Ask) -> str:
    mine = notices.sent_to(ask.session, ask.member, ask.now)
    if "没" in ask.text or "未" in ask.text:
        mine = [each for each in mine if notices.is_open(*each)]
        if not mine:
            return "没有还没回复的通知，都看过了。"
    if not mine:
        return "还没有发给您的通知。"
    lines = []
    for notice, receipt in mine:
        at = notice.goes_at.astimezone(ask.now.tzinfo)
        choice = receipt.choice if receipt else None
        mark = "未回复" if notices.is_open(notice, receipt) else f"已回复{choice or ''}"
        lines.append(f"· {at.month}月{at.day}日 {at:%H:%M} {notice.title}（{mark}）")
    latest = mine[0][0]
    return (
        "\n".join(lines) + f"\n\n最近一条全文：\n{latest.text}{_carried(ask, latest)}"
    )


def _carried(ask: Ask, notice: Notice) -> str:
    """Name the pictures and files of a notice, and where they can be seen again."""
    carried = enclosures.enclosed_with(ask.session, notice.enclosed_topic)
    if not carried:
        return ""
    where = notices.page_address(notice, ask.config.server.public_url)
    names = "、".join(each.name for each in carried)
    return f"\n附件：{names}" + (f"\n打开看：{where}" if where else "")


def _record(ask: Ask, notice: Notice, choice: str | None, how: str) -> Reply:
    receipt = Receipt(
        notice_id=notice.id, member_id=ask.member.id, at=ask.now, how=how, choice=choice
    )
    try:
        new = notices.acknowledge(ask.session, notice, receipt)
    except Refusal as refusal:
        if not ask.message.ticket:
            raise
        return _refuse_press(ask, str(refusal))
    if ask.message.ticket:
        words = f"已选{choice}" if choice else "已收到"
        notices.grey_out(ask.session, ask.member, ask.message.ticket, words, ask.now)
    if not new:
        return Reply(f"“{notice.title}”您已经回复过了。")
    if choice:
        return Reply(f"已记下：“{notice.title}”您选了{choice}。", changed=True)
    return Reply(f"已记下：您收到了“{notice.title}”。", changed=True)


def _refuse_press(ask: Ask, words: str) -> Reply:
    """Answer a press that came too late: WeCom shows no reply to one (path/90241)."""
    member = ask.member
    notices.grey_out(ask.session, member, ask.message.ticket, CLOSED, ask.now)
    notices.tell(ask.session, member, f"press:{ask.message.id}", words, ask.now)
    return Reply(words)


def _choice(notice: Notice, answer: str) -> str | None:
    """Read which of the offered answers a button stands for."""
    if not notice.asking:
        return None
    at = int(answer) if answer.isdecimal() else len(notice.answers)
    if at >= len(notice.answers):
        raise Refusal("这个按钮已经没有用了。")
    return notice.answers[at]


def _latest_unanswered(ask: Ask) -> Notice:
    mine = notices.sent_to(ask.session, ask.member, ask.now)
    if not mine:
        raise Refusal("最近没有发给您的通知，不用回复。")
    waiting = [each[0] for each in mine if notices.is_open(*each)]
    return waiting[0] if waiting else mine[0][0]
