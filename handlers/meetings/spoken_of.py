"""What is said of the meeting last spoken of: 挪到下周五同一时间; 换到302."""

from functools import partial
from pathlib import Path

from bot.branch.meetings import calls, meetings
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import State
from bot.command import Answer, Ask, Kept, Referring
from bot.errors import Refusal
from bot.understanding.drafts.changes import told_changes
from bot.understanding.drafts.cues import speaks_of_last
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.clauses import list_clauses
from bot.understanding.slots.scope import Scope
from handlers.meetings import call_off, plan, which
from handlers.meetings.clauses import IN_AN_EDIT, read_clause
from handlers.meetings.edits import find_new_kind, is_called, is_of_place
from handlers.meetings.invited import leaves_out, read_coming, tells_off

MOVES = ("to", "place", "observers", "recorder", "host", "item", "lecturer")
"""Clauses that say of nothing but a meeting where, when and before whom it is, who
leads and records it, and what else it is to do."""
SAID = ("shift", "time", "place", "item")
"""The same of changes that may be said of anything."""
CUE = Lexicon(Path(__file__), "cue")
WRITTEN = (
    "{meeting}：开过的会留着记录，撤不掉，什么也没动。"
    "到会记错了说“撤销王芳的签到”，别的错处说“记录：…”补写一条更正。"
)
NOTHING = "没有听出改到什么时候，没有动。例：支部大会改到周四下午三点。"


def _may_be_said(text: str) -> bool:
    return speaks_of_last(text) or CUE.stands_in(text)


def _title(ask: Ask, kept: Kept) -> str:
    meeting = meetings.find(ask.session, kept["number"])
    ahead = meeting.state == State.CALLED and meeting.starts_at > ask.now
    mine = which.is_secretary(ask) and which.is_own(ask, meeting)
    return f"会议“{meetings.say(meeting, ask.now)}”" if ahead and mine else ""


def _fits(ask: Ask, kept: Kept) -> bool:
    clause = read_clause(ask.said, IN_AN_EDIT)
    meeting = meetings.find(ask.session, kept["number"])
    lecture = meeting.kind == Kind.LECTURE
    if clause is not None:
        return clause.of in MOVES and (clause.of != "lecturer" or lecture)
    if any(map(find_new_kind, list_clauses(ask.said))):
        return True
    called = calls.plan_of(ask.session, meeting, ask.now)
    changes = told_changes(ask.said, ask.now, partial(is_called, called))
    if changes and all(
        each.what in SAID or is_of_place(called, each) for each in changes
    ):
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


def _title_called(ask: Ask, kept: Kept) -> str:
    meeting = meetings.find(ask.session, kept["number"])
    mine = which.is_secretary(ask) and which.is_own(ask, meeting)
    off = meeting.state == State.CANCELLED
    return f"会议“{meetings.say(meeting, ask.now)}”" if mine and not off else ""


def _call_off(ask: Ask, kept: Kept) -> Answer:
    meeting = meetings.find(ask.session, kept["number"])
    if meeting.state != State.CALLED or meeting.starts_at <= ask.now:
        raise Refusal(WRITTEN.format(meeting=meetings.say(meeting, ask.now)))
    return call_off.show_off(ask, {**kept, "why": ""})


REFERRING = Referring("meeting", cue=_may_be_said, title=_title, fits=_fits, hear=_hear)
CALLED = Referring(
    which.CALLED,
    title=_title_called,
    undo=_call_off,
    verbs=("发", "发出", "发出去", "定", "约", "安排", "开", "设", "弄", "补记", "记"),
    called=("会", "会议", "党课", "活动", "主题党日", "通知"),
    of=("meetings.plan",),
)
