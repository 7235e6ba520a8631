"""到会: who came, two pairs of figures, whether they are enough; to each his part."""

from collections.abc import Sequence
from pathlib import Path

from bot.branch.meetings import attendees, doors, leaves, meetings, quorum, turnout
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.meetings.turnout import Figures, Person
from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.branch.people.tree import Branch
from bot.command import Ask, command
from bot.errors import Refusal
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from handlers.meetings import which

AHEAD = Lexicon(Path(__file__), "ahead")
OPEN = (State.CALLED, State.HELD)


@command(
    "attendance",
    help="看会议到了多少人、谁请了假、够不够数",
    role=Role.LEADER,
    shows=("会议的到会",),
)
def show_attendance(ask: Ask) -> str:
    """Show a meeting's turnout: all of it, one's own group's, or only its figures.

    A leader sees the own group, a body above the branch only how many; the reasons of
    leave are for two offices (`leaves.may_read_why`).
    """
    meeting = _shown(ask)
    if meeting is None:
        raise Refusal(_say_none(ask))
    if ask.standing.role > Role.LEADER and not which.is_own(ask, meeting):
        return _figures_only(ask, meeting)
    attendees.renew(ask.session, meeting, ask.now)
    people = _seen(ask, turnout.list_people(ask.session, meeting, ask.now))
    whose = [each.member_id for each in people]
    audit.note(ask.session, ask.member, "meetings.view", ask.now, subjects=whose)
    named = find_named(Scope(ask.session, ask.standing.branch), ask.text)
    for each in people:
        if named and each.member_id == named.member.id:
            return f"“{meeting.title}”：{_one(ask, each)}"
    return describe(ask, meeting, people)


def _say_none(ask: Ask) -> str:
    """Say that there is no such meeting, and which there are."""
    known = [*which.coming(ask), *which.begun(ask)]
    if not known:
        return "还没有会议，没有到会可看。说“安排会议 …”定一个。"
    near = {each.id: each for each in known[:3]}.values()
    listed = "；".join(meetings.say(each, ask.now) for each in near)
    return f"没有对上您说的会。有的是：{listed}。"


def _seen(ask: Ask, people: Sequence[Person]) -> Sequence[Person]:
    """Leave of a list what the speaker may see."""
    branch = ask.standing.branch
    if ask.standing.role == Role.LEADER:
        nodes = {each.group for each in people}
        below = [ask.session.get_one(Branch, number) for number in nodes]
        own = {each.id for each in below if each.path.startswith(branch.path)}
        people = [each for each in people if each.group in own]
    if leaves.may_read_why(ask.session, ask.member, branch):
        return people
    return turnout.without_reasons(people)


def _figures_only(ask: Ask, meeting: Meeting) -> str:
    counted = turnout.figures(ask.session, meeting, ask.now)
    whose = ask.session.get_one(Branch, meeting.branch_id).name
    return f"{whose}，{meetings.say(meeting, ask.now)}\n{counted}\n名单由该支部掌握。"


def _shown(ask: Ask) -> Meeting | None:
    """Find the meeting that is looked at: what is on, spoken of, last, or next."""
    begun = which.list_past(ask, ask.text)
    ahead = [each for each in which.coming(ask) if each.starts_at > ask.now]
    ahead = which.of_words(ask, ahead, ask.text, "future")
    on = [each for each in begun if each.ends >= ask.now]
    on = which.spoken_of(ask, on) or sorted(on, key=lambda x: x.starts_at > ask.now)
    in_view = on or which.spoken_of(ask, [*ahead, *begun])
    if in_view:
        return in_view[0]
    open_still = [each for each in begun[:1] if each.state in OPEN]
    if ahead and (AHEAD.stands_in(ask.text) or not open_still):
        return ahead[0]
    return next(iter(begun), None)


def describe(ask: Ask, meeting: Meeting, people: Sequence[Person]) -> str:
    counted = turnout.count(people, len(meeting.observers))
    lines = [
        f"{meetings.say(meeting, ask.now)}"
        f"（{meetings.STAGES[meetings.stage(meeting, ask.now)]}）",
        str(counted),
        *turnout.say_states(people, _name),
    ]
    sat_in = [each.name for each in people if not each.expected]
    awaited = [x for x in meeting.asked_guests if x not in meeting.observers]
    if awaited:
        how = f"（来了说“{awaited[0]}列席”）" if ask.now >= meeting.starts_at else ""
        lines.append(f"请了列席：{'、'.join(awaited)}{how}")
    if sat_in or meeting.observers:
        lines.append(f"列席：{'、'.join([*sat_in, *meeting.observers])}")
    if gone := [each.name for each in people if each.left_at]:
        lines.append(f"先走：{'、'.join(gone)}")
    if ask.standing.role == Role.LEADER:
        return "\n".join([f"只看{ask.standing.branch.name}：", *lines])
    return "\n".join([*lines, *say_quorum(ask, meeting, counted)])


def say_quorum(ask: Ask, meeting: Meeting, counted: Figures) -> list[str]:
    """Say whether those who are there now are enough, with the rule."""
    asked = "threshold" in ask.slots
    if ask.now < meeting.starts_at - doors.OPENS and not asked:
        return []
    judged = quorum.judge_meeting(ask.session, meeting, counted, ask.now)
    return [f"{judged}{judged.rules[0].citation}"] if judged else []


def say_after(ask: Ask, meeting: Meeting, said: str) -> str:
    """Say what was noted, and how many are there now, and whether they are enough."""
    counted = turnout.figures(ask.session, meeting, ask.now)
    return "\n".join([said, str(counted), *say_quorum(ask, meeting, counted)])


def _name(each: Person) -> str:
    """Say a name with what is to be known beside it."""
    return f"{each.name}{_beside(each)}"


def _beside(each: Person) -> str:
    if each.leave and not each.at:
        why = f"{each.sort}：{each.why}" if each.why else each.sort
        said = leaves.SAID[each.leave]
        return f"（{'，'.join(filter(None, (why, said)))}）"
    if each.said_before and each.state == "called":
        return f"（改期前回的“{each.said_before}”）"
    return ""


def _one(ask: Ask, each: Person) -> str:
    at = f"，{each.at.astimezone(ask.now.tzinfo):%H:%M}" if each.at else ""
    return f"{each.name}{turnout.STATES[each.state]}{at}{_beside(each)}。"
