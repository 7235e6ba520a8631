"""同意, 不批: a bare word to the leave that was just asked; which, where several do."""

from pathlib import Path

from bot.branch.meetings import leave_letters, leaves, meetings
from bot.branch.meetings.leaves import ASKED, Leave
from bot.branch.meetings.meetings import State
from bot.branch.people.members import Member, Role
from bot.command import Answer, Ask, Kept, Referring
from bot.inbox import focus
from bot.inbox.focus import Spoken
from bot.inbox.open_questions import LASTS
from bot.understanding.sentences.forms import Forms
from handlers.meetings.leave import decide_on, list_theirs

KIND = "leave.asked"
FORMS = Forms(Path(__file__), "grant", "refuse")
WHICH = "有 {n} 个请假等您批：{listed}。请说“同意{name}请假”，或者在卡片上点。"
LONG_AGO = "{name}等您批的假（{said}）是早先请的。批就说“同意{name}请假”。"


def _is_word(text: str) -> bool:
    found = FORMS.find(text)
    return found is not None and not found.start


def _waiting(ask: Ask) -> list[Leave]:
    """List the leaves that the speaker was asked to decide, the last first."""
    leave_letters.take_up(ask.session, ask.now)
    open_still = [
        each.id for each in list_theirs(ask) if each.state in (State.CALLED, State.HELD)
    ]
    found = [
        each
        for each in leaves.of_meetings(ask.session, open_still)
        if each.state == ASKED and each.told_at and each.member_id != ask.member.id
    ]
    return sorted(found, key=lambda each: (each.asked_at, each.member_id), reverse=True)


def _find(ask: Ask) -> Spoken | None:
    if ask.standing.role < Role.SECRETARY or not (waiting := _waiting(ask)):
        return None
    told = waiting[0].told_at
    age = ask.now - told if told else focus.LASTS
    return Spoken(KIND, {}, age) if age < focus.LASTS else None


def _hear(ask: Ask, kept: Kept) -> Answer:
    waiting = _waiting(ask)
    members = [ask.session.get_one(Member, each.member_id) for each in waiting]
    if len(waiting) > 1:
        listed = "；".join(
            f"{member.called}，{_say_meeting(ask, each)}"
            for each, member in zip(waiting, members, strict=True)
        )
        name = members[0].called
        return WHICH.format(n=len(waiting), listed=listed, name=name)
    if ask.now - waiting[0].asked_at > LASTS:
        return LONG_AGO.format(
            name=members[0].called, said=_say_meeting(ask, waiting[0])
        )
    found = FORMS.find(ask.text)
    granted = found is not None and found.template.intent == "grant"
    meeting = meetings.find(ask.session, waiting[0].meeting_id)
    return decide_on(ask, meeting, members[0], granted=granted)


def _say_meeting(ask: Ask, leave: Leave) -> str:
    return meetings.say(meetings.find(ask.session, leave.meeting_id), ask.now)


REFERRING = Referring(
    KIND,
    cue=_is_word,
    title=lambda ask, kept: "等您批的请假",
    fits=lambda ask, kept: True,
    hear=_hear,
    find=_find,
    answers_letter=True,
)
