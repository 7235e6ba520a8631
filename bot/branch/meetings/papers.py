"""The papers of a meeting, all out of its one record: what nobody wrote stays empty."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.meetings import (
    calls,
    life,
    meetings,
    plans,
    resolutions,
    speeches,
    turnout,
)
from bot.branch.meetings.attendees import HOW
from bot.branch.meetings.kinds import BY_KIND, Kind
from bot.branch.meetings.leaves import ASKED, GRANTED, REFUSED
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.resolutions import Resolution
from bot.branch.meetings.turnout import STATES, Person
from bot.branch.people.members import Category, Member
from bot.branch.people.tree import Branch, home
from bot.calendar.say import say_date, say_whole_moment
from bot.files.word import Block, Grid, Head, Heading, Lines, write_paper

SIGNS = ("序号", "姓名", "党员类别", "党小组", "签到时间", "方式", "签名")
GONE_BY = ("absent", "made_up")
"""States of who was not there when it was over."""
NOT_GRANTED = {ASKED: "请假未批", REFUSED: "请假未同意"}
SIGN_WIDTHS = (1.2, 2.4, 2.4, 2.8, 2.4, 2.0, 2.6)


def write_minutes(session: Session, meeting: Meeting, now: datetime) -> bytes:
    """Write the minutes as an office keeps them."""
    branch = home(session, meeting.branch_id)
    return write_paper(
        f"{branch.name}会议记录",
        [
            Head(_head(session, meeting, now)),
            Heading("一、议题"),
            Lines(_numbered(meetings.agenda(session, meeting))),
            Heading("二、发言记录"),
            Lines(_speeches(session, meeting)),
            Heading("三、决议"),
            Lines(
                [
                    say_resolution(each)
                    for each in resolutions.of_meeting(session, meeting)
                ]
            ),
            *_life(session, meeting, now),
            Lines(_signatures(session, meeting, now), indent=False),
        ],
    )


def _life(session: Session, meeting: Meeting, now: datetime) -> list[Block]:
    """Write what a 组织生活会 found wanting and how it is mended; else nothing."""
    if meeting.kind != Kind.LIFE_MEETING:
        return []
    steps = life.of_meeting(session, meeting)
    said = {
        step: [life.say(session, each, now) for each in steps if each.step == step]
        for step in life.STEPS
    }
    return [
        Heading("四、会前学习和谈心"),
        Lines([*said["study"], *said["talk"]]),
        Heading("五、查摆的问题"),
        Lines(said["problem"]),
        Heading("六、整改措施"),
        Lines(said["mend"]),
    ]


def write_notice(session: Session, meeting: Meeting, now: datetime) -> bytes:
    """Write the call to a meeting on paper."""
    branch = home(session, meeting.branch_id)
    plan = calls.plan_of(session, meeting, now)
    host = _name(session, meeting.host_id)
    names = {plan.host: host} if plan.host else {}
    said = plans.describe(plan, names, f"现将{plan.title}有关事项通知如下：")
    foot = ["", branch.name, say_date(meeting.at.astimezone(now.tzinfo).date())]
    blocks = [Lines(said.split("\n")), Lines(foot, indent=False)]
    return write_paper(f"关于{BY_KIND[plan.kind].hold}{plan.title}的通知", blocks)


@dataclass(frozen=True)
class ToSign:
    """A list to sign: the head's lines, and a row of SIGNS for everybody."""

    head: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[str]]


def write_sign_in(session: Session, meeting: Meeting, now: datetime) -> bytes:
    """Write the list to sign, with what is signed in already."""
    listed = list_to_sign(session, meeting, now)
    blocks: list[Block] = [
        Head(listed.head),
        Lines([""]),
        Grid(SIGNS, listed.rows, SIGN_WIDTHS),
    ]
    return write_paper("签到表", blocks)


def list_to_sign(session: Session, meeting: Meeting, now: datetime) -> ToSign:
    """List who is to sign, with what is signed in already."""
    people = turnout.list_people(session, meeting, now)
    groups = _names_of(session, {each.group for each in people})
    own = home(session, meeting.branch_id).name
    rows = [
        (
            str(number),
            each.name,
            _category(each),
            "" if groups[each.group] == own else groups[each.group],
            each.at.astimezone(now.tzinfo).strftime("%H:%M") if each.at else "",
            HOW.get(each.how, ""),
            "",
        )
        for number, each in enumerate(people, 1)
    ]
    counted = turnout.count(people, len(meeting.observers))
    head = [
        ("会议", meeting.title),
        ("时间", say_whole_moment(meeting.starts_at.astimezone(now.tzinfo))),
        ("地点", meeting.place),
        ("应到", f"{counted.expected} 人（有表决权 {counted.voters} 人）"),
    ]
    return ToSign(head, rows)


def _names_of(session: Session, branches: Collection[int]) -> Mapping[int, str]:
    named = select(Branch.id, Branch.name).where(Branch.id.in_(branches))
    return dict(session.execute(named).all())


def absences(people: Sequence[Person]) -> list[str]:
    """Say who was not there, each with what sort of leave; by name alone without any.

    The sort stands only where it was not taken out (`turnout.without_reasons`): 病假
    tells of somebody's health.
    """
    away = [each for each in people if each.expected and not each.came]
    said = []
    for each in away:
        words = {GRANTED: each.sort or "请假", **NOT_GRANTED}
        missing = STATES["absent"] if each.state in GONE_BY else "还没到"
        word = words.get(each.leave, missing)
        made_up = "，已补课" if each.state == "made_up" else ""
        bare = word == STATES["absent"] and not made_up  # as the line is called
        said.append(each.name if bare else f"{each.name}（{word}{made_up}）")
    return said


def head_of(session: Session, meeting: Meeting, now: datetime) -> Mapping[str, str]:
    """Return the lines of the minutes' head table, by what they are called."""
    return dict(_head(session, meeting, now))


def _head(session: Session, meeting: Meeting, now: datetime) -> list[tuple[str, str]]:
    people = turnout.list_people(session, meeting, now)
    number = meetings.ordinal(session, meeting, now)
    counted = turnout.count(people, len(meeting.observers))
    at = meeting.starts_at.astimezone(now.tzinfo)
    until = meeting.ends_at and meeting.ends_at.astimezone(now.tzinfo)
    to = "" if until is None else f"至{until:%H:%M}"
    if until is not None and until.date() > at.date():
        to = f"至次日{until:%H:%M}"
    sat_in = [each.name for each in people if not each.expected]
    rows = [
        ("会议名称", f"{meeting.title}（{at.year}年第{number}次）"),
        ("时间", f"{say_whole_moment(at)}{to}"),
        ("地点", meeting.place),
        ("主持人", _name(session, meeting.host_id)),
        ("记录人", _name(session, meeting.recorder_id)),
        (
            "应到/实到",
            f"应到 {counted.expected} 人，实到 {counted.present} 人\n"
            f"有表决权：应到 {counted.voters} 人，实到 {counted.voters_present} 人",
        ),
        (
            "到会",
            "、".join(each.name for each in people if each.expected and each.came),
        ),
        ("列席", "、".join([*sat_in, *meeting.observers])),
        ("缺席", "、".join(absences(people))),
    ]
    if meeting.lecturer:
        rows.insert(5, ("主讲", meeting.lecturer))
    if meeting.late_entry:
        entered = say_date(meeting.at.astimezone(now.tzinfo).date())
        rows.append(("补录", f"本记录于 {entered} 补录"))
    return rows


def _speeches(session: Session, meeting: Meeting) -> list[str]:
    return [
        f"{name}：{note.text}" if name else note.text
        for name, note in speeches.list_of(session, meeting)
    ]


def say_resolution(each: Resolution) -> str:
    written = f"，书面同意 {each.written_for} 份" if each.written_for else ""
    result = "通过" if each.passed else "未通过"
    return (
        f"{each.text}。应到会有表决权 {each.voters} 人，到会 {each.voters_here} 人；"
        f"赞成 {each.votes_for} 票，不赞成 {each.against} 票，弃权 {each.abstain} 票"
        f"{written}，{result}。"
    )


def _signatures(session: Session, meeting: Meeting, now: datetime) -> list[str]:
    signed = ""
    if meeting.locked_at:
        day = say_date(meeting.locked_at.astimezone(now.tzinfo).date())
        host = _name(session, meeting.host_id)
        signed = f"（{host} 已于 {day} 在助手里签字）"
    return [
        "",
        f"主持人签字：____________{signed}",
        "记录人签字：____________",
        "            年    月    日",
    ]


def _numbered(items: Sequence[str]) -> list[str]:
    return [f"{number}. {each}" for number, each in enumerate(items, 1)]


def _category(each: Person) -> str:
    if not each.expected:
        return "列席"
    return str(Category.FULL if each.full else Category.PROBATIONARY)


def _name(session: Session, number: int | None) -> str:
    return "" if number is None else session.get_one(Member, number).called
