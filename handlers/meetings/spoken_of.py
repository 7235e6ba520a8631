"""What is said of the meeting last spoken of: 挪到下周五同一时间; 换到302."""

from bot.branch.meetings import meetings
from bot.branch.meetings.meetings import State
from bot.command import Answer, Ask, Kept, Referring
from bot.errors import Refusal
from bot.understanding.drafts.changes import told_changes
from bot.understanding.slots.scope import Scope
from handlers.meetings import plan, which
from handlers.meetings.clauses import IN_AN_EDIT, read_clause
from handlers.meetings.invited import leaves_out, read_coming, tells_off

MOVES = ("to", "place", "observers", "recorder")
"""Clauses that say of nothing but a meeting where, when and before whom it is, and
who records it."""
NOTHING = "没有听出改到什么时候，没有动。例：支部大会改到周四下午三点。"


def _title(ask: Ask, kept: Kept) -> str:
    meeting = meetings.find(ask.session, kept["number"])
    ahead = meeting.state == State.CALLED and meeting.starts_at > ask.now
    mine = which.is_secretary(ask) and which.is_own(ask, meeting)
    return f"会议“{meetings.say(meeting, ask.now)}”" if ahead and mine else ""


def _fits(ask: Ask, kept: Kept) -> bool:
    clause = read_clause(ask.said, IN_AN_EDIT)
    if clause is not None:
        return clause.of in MOVES
    if [each.what for each in told_changes(ask.said, ask.now)] == ["shift"]:
        return True
    scope = Scope(ask.session, ask.standing.branch)
    off = leaves_out(scope, ask.said) and tells_off(ask.said)
    return off or read_coming(scope, ask.said) is not None


def _hear(ask: Ask, kept: Kept) -> Answer:
    meeting = meetings.find(ask.session, kept["number"])
    shown = plan.show_change(ask, meeting, ask.said)
    if shown is None:
        raise Refusal(NOTHING)
    return shown


REFERRING = Referring("meeting", title=_title, fits=_fits, hear=_hear)
