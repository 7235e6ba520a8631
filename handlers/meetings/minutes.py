"""会议记录: what is written of a meeting, for whoever was called to it; 还没签的."""

from collections.abc import Sequence

from bot.branch.meetings import (
    attendees,
    leaves,
    meetings,
    minutes,
    resolutions,
    speeches,
    turnout,
)
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.meetings.papers import absences
from bot.branch.meetings.turnout import Person
from bot.branch.people import audit
from bot.calendar.say import say_moment
from bot.command import Ask, command
from bot.errors import Denied
from handlers.meetings import which

MOST = 12


@command("minutes", help="看会议记录，写：“记录：…”“决议：…，赞成9反对0弃权1”")
def show_minutes(ask: Ask) -> str:
    """Show what is written of a meeting to whoever led, recorded or calls it."""
    if "还没签" in ask.text or "没签" in ask.text:
        return _unsigned(ask)
    found = which.list_past(ask, ask.text)
    if not found:
        return which.nothing_held(ask)
    mine = attendees.meetings_of(ask.session, ask.member.id)
    shown = [each for each in found if each.id in mine or which.may_lead(ask, each)]
    if not shown:
        raise Denied("会议记录由参加的同志、主持人、记录人和书记看。")
    on_or_over = [each for each in shown if each.starts_at <= ask.now]
    meeting = (which.spoken_of(ask, shown) or on_or_over or shown)[0]
    people = turnout.list_people(ask.session, meeting, ask.now)
    whose = [each.member_id for each in people]
    audit.note(ask.session, ask.member, "meetings.view", ask.now, subjects=whose)
    if not leaves.may_read_why(ask.session, ask.member, which.here(ask)):
        people = turnout.without_reasons(people)
    return describe(ask, meeting, people)


def _unsigned(ask: Ask) -> str:
    found = which.list_past(ask, ask.text)
    mine = [each for each in found if which.may_lead(ask, each)]
    if not mine:
        return which.nothing_held(ask)
    wanting = [each for each in mine if each.state != State.LOCKED]
    if not wanting:
        return "会议记录都签好了。"
    lines = [
        f"{meetings.say(each, ask.now)}："
        f"{meetings.STAGES[meetings.stage(each, ask.now)]}"
        for each in wanting[:MOST]
    ]
    return "\n".join([f"没签完的有 {len(wanting)} 次：", *lines])


def describe(ask: Ask, meeting: Meeting, people: Sequence[Person]) -> str:
    """Write the minutes out as they stand; what nobody wrote is an empty line."""
    counted = turnout.count(people, len(meeting.observers))
    host, recorder = (
        which.name_of(ask, number) for number in (meeting.host_id, meeting.recorder_id)
    )
    items = meetings.agenda(ask.session, meeting)
    said = [
        f"{name}：{note.text}" if name else note.text
        for name, note in speeches.list_of(ask.session, meeting)
    ]
    decided = resolutions.of_meeting(ask.session, meeting)
    resolved = [resolutions.say(each) for each in decided]
    late = "（补录）" if meeting.late_entry else ""
    lines = [
        f"{meetings.say(meeting, ask.now)}{late}"
        f"（{meetings.STAGES[meetings.stage(meeting, ask.now)]}）",
        f"主持：{host}　记录：{recorder}",
        f"应到 {counted.expected}，实到 {counted.present}；"
        f"有表决权应到 {counted.voters}，实到 {counted.voters_present}",
        f"缺席：{'、'.join(absences(people)) or '无'}",
        f"议题：{'；'.join(items)}",
        "发言：" + ("" if not said else "\n" + "\n".join(said)),
        "决议：" + ("" if not resolved else "\n" + "\n".join(resolved)),
    ]
    return "\n".join([*lines, *_trace(ask, meeting)])


def _trace(ask: Ask, meeting: Meeting) -> list[str]:
    lines = []
    for name, step in minutes.steps(ask.session, meeting):
        why = f"（{step.why}）" if step.why else ""
        at = say_moment(step.at, ask.now)
        lines.append(f"{at} {name or ''}{minutes.STEPS[step.step]}{why}")
    return ["经过：", *lines] if lines else []
