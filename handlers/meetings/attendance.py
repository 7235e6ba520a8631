"""到会: who came, two pairs of figures, whether they are enough; the paper list."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.branch.meetings import attendees, doors, leaves, meetings, quorum
from bot.branch.meetings.attendees import Person
from bot.branch.meetings.meetings import Meeting
from bot.branch.people import audit
from bot.branch.people.audience import select_people
from bot.branch.people.members import Role
from bot.command import Answer, Ask, Drafting, Kept, NotMeant, command
from bot.errors import Refusal
from bot.message import Reply
from bot.understanding.slots.audience import read_audience
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from handlers.meetings import which
from handlers.meetings.which import slot

NAMES = 30
STRANGER = re.compile("[一-龥·]{2,8}(?:处长|院长|书记|主任|科长|老师|同志|部长|校长)?")


@command(
    "attendance",
    help="看会议到了多少人、谁请了假、够不够数",
    role=Role.SECRETARY,
    shows=("会议的到会",),
)
def show_attendance(ask: Ask) -> str:
    meeting = _shown(ask)
    if meeting is None:
        raise Refusal("还没有会议，没有到会可看。说“安排会议 …”定一个。")
    attendees.renew(ask.session, meeting, ask.now)
    people = attendees.list_people(ask.session, meeting, ask.now)
    whose = [each.member_id for each in people]
    audit.note(ask.session, ask.member, "meetings.view", ask.now, subjects=whose)
    if named := find_named(Scope(ask.session, ask.standing.branch), ask.text):
        mine = [each for each in people if each.member_id == named.member.id]
        if mine:
            return f"“{meeting.title}”：{_one(ask, meeting, mine[0])}"
    reads = leaves.may_read_why(ask.session, ask.member, ask.standing.branch)
    shown = people if reads else attendees.without_reasons(people)
    return describe(ask, meeting, shown)


def _shown(ask: Ask) -> Meeting | None:
    """Find the meeting that is looked at: what is on, was last, or is next."""
    words = ask.text
    begun = which.latest(ask, words)
    on = begun is not None and begun.ends >= ask.now
    ahead = [each for each in which.coming(ask) if each.starts_at > ask.now]
    meant = [each for each in ahead if which.fits(each, words, ask.now, "future")]
    about_ahead = "请假" in words or begun is None
    if meant and about_ahead and not on:
        return meant[0]
    return begun or (meant[0] if meant else None)


def describe(ask: Ask, meeting: Meeting, people: Sequence[Person]) -> str:
    counted = attendees.count(people, len(meeting.observers))
    lines = [
        f"{meetings.say(meeting, ask.now)}"
        f"（{meetings.STAGES[meetings.stage(meeting, ask.now)]}）",
        f"应到 {counted.expected} 人，实到 {counted.present} 人；"
        f"有表决权：应到 {counted.voters} 人，实到 {counted.voters_present} 人",
    ]
    lines += _groups(people)
    sat_in = [each.name for each in people if not each.expected]
    if sat_in or meeting.observers:
        lines.append(f"列席：{'、'.join([*sat_in, *meeting.observers])}")
    gone = [each.name for each in people if each.left_at]
    if gone:
        lines.append(f"先走：{'、'.join(gone)}")
    return "\n".join([*lines, *say_quorum(ask, meeting)])


def say_quorum(ask: Ask, meeting: Meeting) -> list[str]:
    """Say whether those who are there now are enough, with the rule."""
    if ask.now < meeting.starts_at - doors.OPENS:
        return []
    figures = attendees.figures(ask.session, meeting, ask.now)
    matter = meetings.gravest(meetings.agenda(ask.session, meeting))
    day = meetings.day_of(meeting, ask.now)
    judged = quorum.judge(meeting.kind, matter, figures, day)
    return [f"{judged}{judged.rules[0].citation}"] if judged else []


def _groups(people: Sequence[Person]) -> list[str]:
    parted = attendees.by_state(people)
    lines = []
    for state, word in attendees.STATES.items():
        found = parted.get(state, [])
        if found:
            names = "、".join(_name(each) for each in found[:NAMES])
            more = f" 等 {len(found)} 人" if len(found) > NAMES else ""
            lines.append(f"{word} {len(found)}：{names}{more}")
    return lines


def _name(each: Person) -> str:
    """Say a name with what is to be known beside it."""
    if each.leave and not each.at:
        why = f"{each.sort}：{each.why}" if each.why else each.sort
        said = leaves.SAID[each.leave]
        return f"{each.name}（{'，'.join(filter(None, (why, said)))}）"
    if each.said_before and each.state == "called":
        return f"{each.name}（改期前回的“{each.said_before}”）"
    return each.name


def _one(ask: Ask, meeting: Meeting, each: Person) -> str:
    at = f"，{each.at.astimezone(ask.now.tzinfo):%H:%M}" if each.at else ""
    return f"{_name(each)} {attendees.STATES[each.state]}{at}。"


@command(
    "attendance.mark",
    help="照纸质签到补记，例：登记到会 王芳",
    acts=True,
    shown=False,
)
def mark(ask: Ask) -> Reply | str:
    """Preview the paper list name by name; 确认 writes it down."""
    meeting = which.to_write(ask)
    attendees.renew(ask.session, meeting, ask.now)
    scope = Scope(ask.session, which.here(ask))
    expected = [
        each
        for each in attendees.list_people(ask.session, meeting, ask.now)
        if each.expected
    ]
    if "all" in ask.slots:
        gone = _excepted(scope, ask.slots.get("except", ""))
        people = [
            each.member_id
            for each in expected
            if each.member_id not in gone and (each.leave != "granted" or each.came)
        ]
    else:
        words = ask.slots.get("who") or ask.words
        if not words.strip(" ：:，,"):
            return "谁到了？例：到会：王芳、李伟；都来了就说“全到了”。"
        audience = replace(read_audience(scope, words), only_named=True)
        people = [
            n for n, _ in ask.session.execute(select_people(ask.session, audience))
        ]
    names = {each.member_id: each.name for each in expected}
    strange = [n for n in people if n not in names]
    if strange:
        who = "、".join(_called(scope, each) for each in strange)
        raise Refusal(f"{who}不在“{meeting.title}”的应到名单里。列席的，说“某某列席”。")
    return _show_marks(ask, meeting, people)


def _show_marks(ask: Ask, meeting: Meeting, people: Sequence[int]) -> str:
    """Put the paper list before the speaker, name by name."""
    found = attendees.list_people(ask.session, meeting, ask.now)
    names = {each.member_id: each.name for each in found if each.expected}
    asked = f"照这个记“{meeting.title}”的到会？"
    kept = {"number": meeting.id, "people": list(people)}
    ask.put_draft("meetings.mark", asked, **kept)
    listed = "、".join(names[each] for each in people if each in names)
    rest = "、".join(name for number, name in names.items() if number not in people)
    missing = f"\n没有列的：{rest}" if rest else ""
    return (
        f"【预览】{meetings.say(meeting, ask.now)} 到会 {len(people)} 人：{listed}"
        f"{missing}\n请对着签到表核一遍名字。回“确认”记下，“取消”不记。"
    )


def write_marks(ask: Ask, kept: Kept) -> Answer:
    ask.close_question()
    meeting = meetings.find(ask.session, kept["number"])
    new = doors.mark(ask.session, meeting, kept["people"], "paper", ask.now)
    return _after(ask, meeting, f"记下了，新记到会 {new} 人。")


def show_marks(ask: Ask, kept: Kept) -> Answer:
    return _show_marks(ask, meetings.find(ask.session, kept["number"]), kept["people"])


MARKS = Drafting(
    "meetings.mark",
    show=show_marks,
    confirm=write_marks,
    verbs=("记下", "登记"),
    dropped="好的，没有记。",
)


def _after(ask: Ask, meeting: Meeting, said: str) -> Reply:
    counted = attendees.figures(ask.session, meeting, ask.now)
    lines = [
        said,
        f"应到 {counted.expected} 人，实到 {counted.present} 人；"
        f"有表决权：应到 {counted.voters} 人，实到 {counted.voters_present} 人",
        *say_quorum(ask, meeting),
    ]
    return Reply("\n".join(lines), changed=True)


def _excepted(scope: Scope, words: str) -> set[int]:
    """Read 除了刘洋, 刘洋没来 after 都到了."""
    said = re.sub(
        "^(?:除了?|就|只有)|(?:没来|没到|以外|之外)$", "", words.strip(" ，,。")
    )
    if not said:
        return set()
    audience = replace(read_audience(scope, said), only_named=True)
    return {n for n, _ in scope.session.execute(select_people(scope.session, audience))}


def _called(scope: Scope, number: int) -> str:
    return next((name for name, ids in scope.called.items() if number in ids), "")


@command("attendance.unmark", help="撤掉记错的到会", acts=True, shown=False)
def unmark(ask: Ask) -> Reply:
    name = slot(ask, "person")
    meeting = which.to_write(ask)
    member = Scope(ask.session, which.here(ask)).find_member(name)
    if not doors.unmark(ask.session, meeting, member.id, ask.now):
        raise Refusal(f"“{meeting.title}”没有记过{member.called}到会。")
    return _after(ask, meeting, f"改好了：{member.called}没有到会。")


@command("attendance.early", help="有人中途离会", acts=True, shown=False)
def leave_early(ask: Ask) -> Reply:
    """Note who goes early, and say at once whether the rest is still enough."""
    scope = Scope(ask.session, which.here(ask))
    if (name := slot(ask, "person")) not in scope.called:
        raise NotMeant
    meeting = which.to_write(ask)
    if not meeting.starts_at <= ask.now <= meeting.ends:
        raise NotMeant
    member = scope.find_member(name)
    if not doors.leave_early(ask.session, meeting, member.id, ask.now):
        raise Refusal(f"“{meeting.title}”没有记{member.called}到会，或者已经记了先走。")
    return _after(ask, meeting, f"记下了：{member.called}先走了（{ask.now:%H:%M}）。")


@command("attendance.observer", help="记列席的人", acts=True, shown=False)
def sit_in(ask: Ask) -> Reply:
    """Note who sits in: of the roster, or a guest by name."""
    said = (ask.slots.get("person") or slot(ask, "who")).strip(" ：:")
    meeting = which.to_write(ask)
    scope = Scope(ask.session, which.here(ask))
    told = []
    for name in re.split("[、和，,]", said):
        if name in scope.called:
            doors.sit_in(ask.session, meeting, scope.find_number(name), ask.now)
        elif STRANGER.fullmatch(name):
            doors.bring_guest(ask.session, meeting, name, ask.now)
        else:
            raise NotMeant
        told.append(name)
    return _after(
        ask, meeting, f"列席记下了：{'、'.join(told)}。列席的不算应到，没有表决权。"
    )


@command(
    "attendance.made_up",
    help="登记补课，例：登记补课 刘洋",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def make_up(ask: Ask) -> Reply:
    scope = Scope(ask.session, ask.standing.branch)
    words = ask.slots.get("person") or ask.words
    named = find_named(scope, words)
    if named is None:
        raise Refusal("谁补课了？例：登记补课 刘洋")
    for meeting in which.begun(ask):
        if not which.fits(meeting, named.before + named.after, ask.now, "past"):
            continue
        row = attendees.find(ask.session, meeting, named.member.id)
        if row and row.expected and row.came_at is None and not row.made_up_at:
            doors.make_up(ask.session, meeting, named.member.id, "", ask.now)
            return Reply(
                f"记下了：{named.member.called}补了“{meetings.say(meeting, ask.now)}”。"
                "补课另算，不算到会。",
                changed=True,
            )
    raise Refusal(f"{named.member.called}没有缺席、还没补的会。")
