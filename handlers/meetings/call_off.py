"""取消会议: asked once more, then all who were called are told."""

from pathlib import Path

from bot.branch.meetings import calls, meetings
from bot.branch.meetings.meetings import Meeting
from bot.branch.people.members import Role
from bot.command import Answer, Ask, Drafting, Kept, NotMeant, command
from bot.message import Reply
from bot.text.parts import with_commas
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.clauses import list_clauses
from handlers.meetings import which
from handlers.meetings.which_one import run_or_ask

EITHER = ("取消", "取消吧")
UNCLEAR = "还没有动。取消这个会回“确认”，会照常开回“算了”。"
ORDERS = Lexicon(Path(__file__), "orders")
"""Clauses that call it off, or have it told, and are no reason."""


@command(
    "plan_event.cancel",
    help="取消定好的会，叫过的人都会收到",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def ask_cancel(ask: Ask) -> Answer:
    return run_or_ask(ask, "plan_event.cancel", _ask_cancel)


def _ask_cancel(ask: Ask) -> Answer:
    meeting = which.find_ahead(ask, ask.slots.get("which", "") + ask.text)
    if meeting is None:
        raise NotMeant
    said = ask.slots.get("why", "") if ask.slots else with_commas(ask.words)
    clauses = [each.strip("。 ") for each in list_clauses(said)]
    why = "，".join(each for each in clauses if each and not ORDERS.stands_in(each))
    return _show_off(ask, meeting, why)


def _show_off(ask: Ask, meeting: Meeting, why: str) -> str:
    asked = f"取消“{meetings.say(meeting, ask.now)}”？"
    ask.put_draft("meetings.cancel", asked, number=meeting.id, why=why)
    because = f"原因写“{why}”。" if why else "要写原因就回“原因 …”。"
    return f"{asked}叫过的人都会收到取消的通知。{because}\n回“确认”取消，“算了”不动。"


def show_off(ask: Ask, kept: Kept) -> Answer:
    meeting = meetings.find(ask.session, kept["number"])
    return _show_off(ask, meeting, kept["why"])


def give_reason(ask: Ask, kept: Kept) -> Answer | None:
    said = ask.text.strip(" 。！!，,")
    if not said.startswith("原因"):
        return None
    meeting = meetings.find(ask.session, kept["number"])
    return _show_off(ask, meeting, said.removeprefix("原因").strip("是：: "))


def cancel(ask: Ask, kept: Kept) -> Answer:
    """Call it off; 取消 alone may mean the meeting, or that nothing is to be done."""
    if ask.said.strip("。！!") in EITHER:
        return UNCLEAR
    ask.close_question()
    meeting = meetings.find(ask.session, kept["number"])
    told = calls.cancel(ask.session, which.desk_of(ask), meeting, kept["why"], ask.now)
    return Reply(f"“{meeting.title}”取消了，正在通知 {told} 人。", changed=True)


OFF = Drafting(
    "meetings.cancel",
    show=show_off,
    confirm=cancel,
    change=give_reason,
    verbs=("取消", "不开", "停开"),
    dropped="好的，照常开。",
)
