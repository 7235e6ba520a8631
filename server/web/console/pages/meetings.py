"""/console/meetings/: a month of meetings, the year's meter, and each meeting."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from flask import Response as File
from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from bot.branch.meetings import (
    attendees,
    doors,
    frequency,
    leave_letters,
    leaves,
    meetings,
    minutes,
    papers,
    quorum,
    resolutions,
    speeches,
    turnout,
)
from bot.branch.meetings.meetings import STAGES, Meeting, State
from bot.branch.people import audit
from bot.branch.people.members import Member, Role
from bot.branch.people.tree import Branch, home
from bot.calendar.say import say_moment, say_whole_day
from bot.errors import Denied, Refusal
from server.web.console.charts import meter
from server.web.console.desk import Desk
from server.web.console.files import DOCX, send_as
from server.web.console.page import Page
from server.web.pages.answers import PageRefusal

MEETINGS = Page("meetings", "会议", order=40, role=Role.COMMITTEE)
NOT_HERE = "没有找到这次会议。"
FIGURES_ONLY = "下级支部的会议只看数字，名单和记录由该支部掌握。"
STATES = turnout.STATES


@MEETINGS.get("/")
def list_meetings(desk: Desk) -> str:
    first = _asked_month(request.args.get("month", ""), desk.now.date())
    last = first.replace(day=monthrange(first.year, first.month)[1])
    zone = desk.now.tzinfo
    span = [
        datetime.combine(each, time(), zone)
        for each in (first, last + timedelta(days=1))
    ]
    found = meetings.within(desk.session, desk.branch, span[0], span[1], cancelled=True)
    lines = [_line(desk, each) for each in found]
    meters = frequency.check_year(
        desk.session, home(desk.session, desk.branch.id), first.year, desk.now
    )
    return desk.show(
        "meetings.html",
        lines=lines,
        first=first,
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{last + timedelta(days=1):%Y-%m}",
        year=first.year,
        meters=meters,
        chart=meter(meters),
        missing={each.kind: frequency.say_missing(each) for each in meters},
        advice=frequency.advise(meters),
    )


@MEETINGS.get("/<int:number>", looks=True)
def show_meeting(desk: Desk, number: int) -> str:
    meeting = find(desk, number)
    session, own = desk.session, is_own(desk, meeting)
    counted = turnout.figures(session, meeting, desk.now)
    shown = {
        "meeting": meeting,
        "said": meetings.say(meeting, desk.now),
        "stage": STAGES[meetings.stage(meeting, desk.now)],
        "branch": session.get_one(Branch, meeting.branch_id).name,
        "counted": counted,
        "own": own,
        "seen": _mark(desk, meeting),
    }
    if not own:
        return desk.show("meeting.html", **shown, why_not=FIGURES_ONLY)
    attendees.renew(session, meeting, desk.now)
    people = turnout.list_people(session, meeting, desk.now)
    whose = [each.member_id for each in people]
    audit.note(session, desk.member, "meetings.view", desk.now, subjects=whose)
    if not leaves.may_read_why(session, desk.member, desk.branch):
        people = turnout.without_reasons(people)
    judged = quorum.judge_meeting(session, meeting, counted, desk.now)
    return desk.show(
        "meeting.html",
        **shown,
        people=people,
        came=[str(each.member_id) for each in people if each.came],
        states=STATES,
        leaves=leaves.SAID,
        quorum=str(judged) if judged else "",
        host=_name(desk, meeting.host_id),
        recorder=_name(desk, meeting.recorder_id),
        agenda=meetings.agenda(session, meeting),
        said_points=speeches.list_of(session, meeting),
        resolved=[
            (each, resolutions.say(each))
            for each in resolutions.of_meeting(session, meeting)
        ],
        steps=[
            (say_moment(step.at, desk.now), name or "", minutes.STEPS[step.step], step)
            for name, step in minutes.steps(session, meeting)
        ],
        can=_what_can_be_done(desk, meeting),
        at=lambda moment: f"{moment.astimezone(desk.now.tzinfo):%H:%M}",
    )


@MEETINGS.get("/<int:number>/minutes.docx", looks=True)
def send_minutes(desk: Desk, number: int) -> File:
    return _export(desk, number, "会议记录", papers.write_minutes)


@MEETINGS.get("/<int:number>/sign-in.docx", looks=True)
def send_sign_in(desk: Desk, number: int) -> File:
    return _export(desk, number, "签到表", papers.write_sign_in)


def _export(
    desk: Desk,
    number: int,
    name: str,
    write: Callable[[Session, Meeting, datetime], bytes],
) -> File:
    """Send a paper of a meeting, and note who took it along."""
    meeting = find_own(desk, number)
    whose = attendees.called(desk.session, meeting)
    audit.note(desk.session, desk.member, "meetings.export", desk.now, subjects=whose)
    content = write(desk.session, meeting, desk.now)
    return send_as(content, f"{name}-{meeting.title}.docx", DOCX)


@MEETINGS.post("/<int:number>/marks", again=show_meeting)
def mark(desk: Desk, number: int) -> Response:
    """Note who came by the paper list, and who did not after all."""
    meeting = find_to_write(desk, number)
    listed = turnout.list_people(desk.session, meeting, desk.now)
    ticked = {int(each) for each in desk.sent.getlist("came") if each.isdecimal()}
    known = {each.member_id for each in listed if each.expected}
    here = {each.member_id for each in listed if each.came}
    new = sorted((ticked & known) - here)
    gone = sorted((here & known) - ticked)
    doors.mark(desk.session, meeting, new, "paper", desk.now)
    for each in gone:
        doors.unmark(desk.session, meeting, each, desk.now)
    counted = turnout.figures(desk.session, meeting, desk.now)
    said = f"记下了：新记到会 {len(new)} 人，改成没到 {len(gone)} 人。{counted}。"
    return lead_back(desk, said, number)


@MEETINGS.post("/<int:number>/leaves/<int:member>", again=show_meeting)
def decide(desk: Desk, number: int, member: int) -> Response:
    meeting = find_to_write(desk, number)
    if not desk.is_secretary:
        raise Denied("请假由书记来批。")
    who = desk.session.get(Member, member)
    if who is None:
        raise Refusal(NOT_HERE)
    granted = desk.sent.get("granted") == "yes"
    done = leave_letters.settle(
        desk.session, meeting, who, desk.member, desk.now, granted=granted
    )
    word = "同意了" if granted else "没有同意"
    said = f"{word}{who.called}的请假，已告诉本人。" if done else "先前已经批过了。"
    return lead_back(desk, said, number)


def find(desk: Desk, number: int) -> Meeting:
    """Find a meeting of the branch or below it. Raises PageRefusal for any other."""
    meeting = desk.session.get(Meeting, number)
    if meeting is None:
        raise PageRefusal(404, NOT_HERE)
    node = desk.session.get_one(Branch, meeting.branch_id)
    if not node.path.startswith(home(desk.session, desk.branch.id).path):
        raise PageRefusal(404, NOT_HERE)
    return meeting


def is_own(desk: Desk, meeting: Meeting) -> bool:
    """Tell whether it is the desk's own branch's: a body above has only figures."""
    mine = home(desk.session, desk.branch.id)
    return home(desk.session, meeting.branch_id).id == mine.id


def find_own(desk: Desk, number: int) -> Meeting:
    meeting = find(desk, number)
    if not is_own(desk, meeting):
        raise PageRefusal(403, FIGURES_ONLY)
    return meeting


def find_to_write(desk: Desk, number: int) -> Meeting:
    meeting = find_own(desk, number)
    minutes.check_writer(desk.session, meeting, desk.member)
    desk.check_unchanged(*state_of(meeting))
    return meeting


def _what_can_be_done(desk: Desk, meeting: Meeting) -> set[str]:
    can = set()
    leads = desk.member.id in (meeting.host_id, meeting.recorder_id)
    begun = desk.now >= meeting.starts_at
    writes = leads or desk.is_secretary
    if writes and begun and meeting.state in (State.CALLED, State.HELD):
        can |= {"write", "send"}
    if meeting.state == State.AWAITING_SIGNATURE and meeting.host_id == desk.member.id:
        can |= {"sign", "return"}
    if writes and meeting.state in (State.LOCKED, State.AWAITING_SIGNATURE):
        can |= {"reopen"}
    if desk.is_secretary:
        can |= {"decide"}
        can |= {"move"} if meeting.state == State.CALLED and not begun else set()
    return can


def _line(desk: Desk, meeting: Meeting) -> dict[str, object]:
    starts = meeting.starts_at.astimezone(desk.now.tzinfo)
    return {
        "number": meeting.id,
        "day": say_whole_day(starts.date()),
        "at": f"{starts:%H:%M}",
        "title": meeting.title,
        "place": meeting.place,
        "stage": STAGES[meetings.stage(meeting, desk.now)],
        "branch": desk.session.get_one(Branch, meeting.branch_id).name,
    }


def _asked_month(said: str, today: date) -> date:
    try:
        first = date.fromisoformat(f"{said}-01")
    except ValueError:
        return today.replace(day=1)
    return first if abs(first.year - today.year) < 50 else today.replace(day=1)


def _name(desk: Desk, number: int | None) -> str:
    return "" if number is None else desk.session.get_one(Member, number).called


def state_of(meeting: Meeting) -> list[object]:
    return [meeting.state, meeting.moves, meeting.starts_at, meeting.host_id]


def _mark(desk: Desk, meeting: Meeting) -> str:
    return desk.mark(*state_of(meeting))


def lead_back(desk: Desk, said: str, number: int) -> Response:
    return desk.done(said, "meetings-show_meeting", number=number)
