"""刚回的不算: what one answered last is taken back."""

from bot.branch.meetings import calls
from bot.branch.meetings.attendees import AWAY, COMING
from bot.branch.notices import away, notices, receipts, replies
from bot.branch.notices.notices import Notice, State
from bot.calendar.quiet_hours import next_loud
from bot.command import Answer, Ask, Kept, Referring
from bot.errors import Refusal
from bot.inbox import focus
from bot.inbox.focus import Spoken
from bot.message import Reply

FOCUS = "receipt.last"
DONE = "“{title}”您的回复撤了，现在算还没有回复。要回就直接说，例：{example}。"
LATE = "“{title}”已过了截止时间，回复撤不了，什么也没动。有变化请直接跟书记说。"


def _find_last(ask: Ask) -> Spoken | None:
    last = receipts.last_of(ask.session, ask.speaker.id)
    if last is None or ask.now - last.at > focus.LASTS:
        return None
    return Spoken(FOCUS, {"notice": last.notice_id}, ask.now - last.at)


def _notice(ask: Ask, kept: Kept) -> Notice:
    return notices.find(ask.session, kept["notice"])


def _title(ask: Ask, kept: Kept) -> str:
    notice = _notice(ask, kept)
    gone = notice.state == State.WITHDRAWN
    return "" if gone else f"您对“{notice.title}”的回复"


def _take_back(ask: Ask, kept: Kept) -> Answer:
    """Drop the answer; who asked leave from a meeting comes again."""
    notice = _notice(ask, kept)
    receipt = receipts.last_of(ask.session, ask.speaker.id)
    if receipt is None or receipt.notice_id != notice.matter:
        raise Refusal("没有找到您刚才的回复，什么也没动。")
    if replies.is_late(ask.session, notice, ask.now):
        raise Refusal(LATE.format(title=notice.title))
    if calls.is_call(ask.session, notice) and receipt.choice == AWAY:
        return ask.commands.by_intent["leave.back"].run(ask)
    stays_away = receipt.choice == AWAY and not notice.asking
    receipts.take_back(ask.session, receipt)
    if stays_away:
        _tell_back(ask, notice)
    example = COMING if COMING in notice.answers else (*notice.answers, "收到")[0]
    told = DONE.format(title=notice.title, example=example)
    return Reply(told, changed=True)


def _tell_back(ask: Ask, notice: Notice) -> None:
    """Tell the secretaries, who were told of the leave, that it is none."""
    at = next_loud(ask.config.quiet, ask.now)
    text = f"{ask.member.called}刚才请的假不算了：“{notice.title}”。"
    away.tell(ask.session, notice, ask.member, "not_away", text, ask.now, at)


LAST = Referring(
    FOCUS,
    title=_title,
    find=_find_last,
    undo=_take_back,
    verbs=("回", "回复", "答", "选", "点", "按", "报", "填", "发", "说", "请"),
    called=("回复", "收到", "请假", "假", "报名", "答复"),
    of=("receipt", "which_receipt", "receipt.why"),
)
