"""代记回执: what somebody answered elsewhere, noted by the secretary as told by her."""

from collections.abc import Sequence
from pathlib import Path

from bot.branch.meetings import calls
from bot.branch.meetings.attendees import AWAY
from bot.branch.notices import notices, receipts, replies
from bot.branch.notices.notices import Notice
from bot.branch.notices.receipts import Receipt
from bot.branch.people import audit
from bot.branch.people.members import Member, Role
from bot.command import (
    Answer,
    Ask,
    Drafting,
    Kept,
    NotMeant,
    Referring,
    answering,
    command,
)
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.choice import find_choices
from bot.understanding.slots.scope import Scope
from handlers.notices.which import ask_which, hear_which

KIND, WHICH = "receipt.behalf", "which_behalf"
HOW_TO = "替谁记、他怎么回的？请把是谁、怎么告诉您的、回的什么连起来说一遍。"
TOLD = "书记代记"
HOW = "told"
HEARD = "收到"
ORDER = Lexicon(Path(__file__), "order")
ONLY_SELF = "会议请假要{who}本人来说（“请假 原因”），这里没有记。"
NONE = "没有{who}还要回“{said}”的通知，没有记。"


def _is_offered(ask: Ask, said: str) -> bool:
    """Tell whether a recent notice of the branch asks for what is said."""
    found = notices.latest(ask.session, ask.standing.branch)
    return any(find_choices(each.answers, said) for each in found if each.asking)


@command(
    KIND,
    help="替不在线的同志记回执：说清是谁、怎么告诉您的、回的什么",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
    knows=_is_offered,
)
def note_for(ask: Ask) -> Answer:
    """Preview what is noted for another; only the secretary may, and it says so."""
    if "who" not in ask.slots:
        raise Refusal(HOW_TO)
    scope = Scope(ask.session, ask.standing.branch)
    if ask.slots["who"] not in scope.called:
        raise NotMeant
    who = scope.find_member(ask.slots["who"])
    said = ask.slots.get("choice", "")
    if who.id == ask.member.id:
        raise NotMeant
    found = _open_to(ask, who, said)
    if not found:
        raise Refusal(NONE.format(who=who.called, said=said or HEARD))
    note = ORDER.cut_end(ask.slots.get("note", "")).strip(" ，,")
    kept = {"member": who.id, "said": said, "note": note}
    if len(found) > 1:
        asked = f"{who.called}回的是哪一条通知？"
        return ask_which(ask, WHICH, asked, found, "", **kept)
    return _show(ask, {**kept, "notice": found[0].id})


@answering(WHICH)
def hear_notice(ask: Ask, question: Open) -> Answer | None:
    meant = hear_which(ask, question)
    if not isinstance(meant, Notice):
        return meant
    kept = {each: question.details[each] for each in ("member", "said", "note")}
    return _show(ask, {**kept, "notice": meant.id})


def _open_to(ask: Ask, who: Member, said: str) -> Sequence[Notice]:
    """List the notices of the branch that ask somebody for what is said, one a matter.

    A bare 收到 is for what is plain and not answered yet.
    """
    found: dict[int, Notice] = {}
    for notice, receipt in replies.sent_to(ask.session, who, ask.now, 20):
        if notice.branch_id != ask.standing.branch.id:
            continue
        fits = bool(find_choices(notice.answers, said)) if said else not notice.asking
        late = replies.is_late(ask.session, notice, ask.now)
        if fits and not late and (said or replies.is_open(who, notice, receipt)):
            found.setdefault(notice.matter, notice)
    return list(found.values())


def _choice(notice: Notice, said: str) -> str | None:
    meant = find_choices(notice.answers, said) if said else ()
    return meant[0] if len(meant) == 1 else None


def _show(ask: Ask, kept: Kept) -> str:
    notice = notices.find(ask.session, kept["notice"])
    who = ask.session.get_one(Member, kept["member"])
    choice = _choice(notice, kept["said"])
    if choice == AWAY and calls.is_call(ask.session, notice):
        raise Refusal(ONLY_SELF.format(who=who.called))
    asked = f"替{who.called}记“{choice or HEARD}”？"
    ask.put_draft(KIND, asked, **kept)
    return (
        f"【预览】“{notice.title}”\n"
        f"替{who.called}记：{choice or HEARD}（{_note(kept)}）\n"
        "回“确认”记下，不记回“取消”。"
    )


def _note(kept: Kept) -> str:
    return "，".join(filter(None, (TOLD, kept["note"])))


def _keep(ask: Ask, kept: Kept) -> Answer:
    ask.close_question()
    notice = notices.find(ask.session, kept["notice"])
    who = ask.session.get_one(Member, kept["member"])
    choice = _choice(notice, kept["said"])
    receipt = Receipt(
        notice_id=notice.matter,
        member_id=who.id,
        at=ask.now,
        how=HOW,
        choice=choice,
        note=_note(kept),
    )
    if not replies.acknowledge(ask.session, notice, receipt):
        return f"“{notice.title}”{who.called}已经回复过了，没有再记。"
    audit.note(ask.session, ask.member, "receipt.behalf", ask.now, subjects=[who.id])
    ask.note_focus(KIND, notice=notice.id, member=who.id)
    said = f"记下了：“{notice.title}”{who.called}回复{choice or HEARD}（{TOLD}）。"
    return Reply(said, changed=True)


ON_BEHALF = Drafting(
    KIND,
    show=_show,
    confirm=_keep,
    verbs=("记", "记下", "记上", "登记"),
    dropped="好的，没有记。",
)


def _title(ask: Ask, kept: Kept) -> str:
    notice = notices.find(ask.session, kept["notice"])
    who = ask.session.get_one(Member, kept["member"])
    standing = receipts.find(ask.session, notice.matter, who.id)
    told = standing is not None and standing.how == HOW
    return f"替{who.called}记的“{notice.title}”的回执" if told else ""


def _take_back(ask: Ask, kept: Kept) -> Answer:
    """Drop what was noted for another, unless he or she answered since."""
    notice = notices.find(ask.session, kept["notice"])
    receipt = receipts.find(ask.session, notice.matter, kept["member"])
    assert receipt is not None  # it has a title
    title = _title(ask, kept)
    receipts.take_back(ask.session, receipt)
    return Reply(f"{title}撤了，现在算还没有回复。", changed=True)


LAST = Referring(
    KIND,
    title=_title,
    undo=_take_back,
    verbs=("记", "记下", "记上", "登记", "回", "回复"),
    called=("回执", "回复", "收到"),
    of=(KIND,),
)
