"""收到: a member acknowledges a notice, by button or by word."""

from bot.branch.notices import notices, replies
from bot.branch.notices.notices import Notice
from bot.branch.notices.receipts import Receipt
from bot.command import Ask, NotMeant, command
from bot.errors import Refusal
from bot.message import Reply

CLOSED = "已截止"


def _offering(ask: Ask, choice: str) -> Notice | None:
    """Find the open notice that asks the speaker for such an answer."""
    asked = replies.asked_of(ask.session, ask.speaker, ask.now)
    return next((each for each, _ in asked if choice in each.answers), None)


def _is_offered(ask: Ask, choice: str) -> bool:
    return _offering(ask, choice) is not None


@command(
    "receipt",
    help="回复最近的通知",
    acts=True,
    knows=_is_offered,
)
def acknowledge(ask: Ask) -> Reply:
    """Record a receipt: a button names its notice, a bare word means the latest.

    能参加 and 请假，孩子发烧 answer the notice that asks just that.
    """
    if ask.message.kind == "event":
        number, _, answer = ask.words.partition(":")
        if not number.isdecimal():
            raise Refusal("这个按钮已经没有用了。")
        notice = notices.find(ask.session, int(number))
        return _record(ask, notice, _choice(notice, answer), "button")
    if choice := ask.slots.get("choice"):
        if (offering := _offering(ask, choice)) is None:
            raise NotMeant
        return _record(ask, offering, choice, "text", ask.slots.get("note"))
    notice = _latest_unanswered(ask)
    if notice.asking:
        offered = "、".join(f"“{each}”" for each in notice.answers)
        raise Refusal(f"“{notice.title}”请回复{offered}中的一个。")
    return _record(ask, notice, None, "text")


def _record(
    ask: Ask, notice: Notice, choice: str | None, how: str, note: str | None = None
) -> Reply:
    receipt = Receipt(
        notice_id=notice.matter,
        member_id=ask.member.id,
        at=ask.now,
        how=how,
        choice=choice,
        note=note,
    )
    try:
        new = replies.acknowledge(ask.session, notice, receipt)
    except Refusal as refusal:
        if not ask.message.ticket:
            raise
        return _refuse_press(ask, str(refusal))
    if ask.message.ticket:
        words = f"已选{choice}" if choice else "已收到"
        replies.grey_out(ask.session, ask.member, ask.message.ticket, words, ask.now)
    if not new:
        return Reply(f"“{notice.title}”您已经回复过了。")
    choice = receipt.choice
    if choice:
        why = f"（{note}）" if note else ""
        return Reply(f"已记下：“{notice.title}”您选了{choice}{why}。", changed=True)
    return Reply(f"已记下：您收到了“{notice.title}”。", changed=True)


def _refuse_press(ask: Ask, words: str) -> Reply:
    """Answer a press that came too late: WeCom shows no reply to one (path/90241)."""
    member = ask.member
    replies.grey_out(ask.session, member, ask.message.ticket, CLOSED, ask.now)
    replies.tell(ask.session, member, f"press:{ask.message.id}", words, ask.now)
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
    mine = replies.sent_to(ask.session, ask.member, ask.now)
    if not mine:
        raise Refusal("最近没有发给您的通知，不用回复。")
    waiting = [each[0] for each in mine if replies.is_open(ask.member, *each)]
    newest, receipt = mine[0]
    if not waiting and newest.author_id == ask.member.id and receipt is None:
        raise Refusal(f"“{newest.title}”是您自己发的，不用回复。")
    return waiting[0] if waiting else newest
