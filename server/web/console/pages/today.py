"""/console/: what waits, what is due, what went wrong, how many of what."""

from datetime import date, timedelta

from flask import url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from bot.branch.birthdays import greetings
from bot.branch.duties import deadlines
from bot.branch.enrolment import roll
from bot.branch.knowledge import questions
from bot.branch.meetings import meetings, turnout
from bot.branch.meetings.meetings import STAGES
from bot.branch.notices import chasing, corrections, notices, reach, withdrawal
from bot.branch.notices.notices import Notice, State
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Role
from bot.branch.people.tree import home
from bot.branch.study import day_totals
from bot.calendar.say import say_day, say_moment
from bot.outbox import failures
from bot.outbox.kinds import say_kind
from server.web.console.desk import Desk
from server.web.console.page import Page
from server.web.pages.answers import PageRefusal

TODAY = Page("", "今天", order=0, role=Role.COMMITTEE)
A_WEEK, SOON = timedelta(days=7), timedelta(days=30)
MOST = 10


@TODAY.get("/")
def show_today(desk: Desk) -> str:
    found, today = notices.latest(desk.session, desk.branch), desk.now.date()
    shown = {
        "awaiting": [each for each in found if each.state == State.AWAITING],
        "meetings": _meetings(desk),
        "figures": _figures(desk),
    }
    if desk.is_secretary:
        week = greetings.days_between(desk.session, desk.branch, today, today + A_WEEK)
        shown |= {
            "open": _open(desk, found),
            "waiting": [
                (each, say_moment(each.goes_at, desk.now))
                for each in notices.waiting(desk.session, desk.branch, desk.now)
                if each.state == State.SENT
            ],
            "questions": len(questions.waiting(desk.session, desk.member)),
            "deadlines": _deadlines(desk),
            "failures": _failures(desk),
            "birthdays": [
                (each.called, say_day(each.day, today), each.years)
                for each in greetings.complete(desk.session, week[:MOST])
            ],
            "more_birthdays": len(week[MOST:]),
        }
    return desk.show("today.html", **shown)


@TODAY.post("/approvals/<int:number>/<word>", again=show_today)
def decide(desk: Desk, number: int, word: str) -> Response:
    """Let a notice go that waits for a second person, or do not."""
    notice = desk.session.get(Notice, number)
    here = notice and notice.branch_id == desk.branch.id
    if notice is None or not here or notice.author_id == desk.member.id:
        raise PageRefusal(404, "没有等您审批的这条通知。")
    if word == "yes":
        withdrawal.approve(desk.session, notice, desk.now)
        said = "审批通过，正在发出"
    else:
        withdrawal.reject(desk.session, notice, desk.now)
        said = "审批没有通过，没有发"
    withdrawal.tell_author(desk.session, notice, said, desk.now)
    return desk.done(f"“{notice.title}”{said}。", "today-show_today")


def _open(desk: Desk, found: object) -> list[dict[str, object]]:
    """List the notices whose answers are still awaited."""
    folded = corrections.fold(found, desk.now)  # type: ignore[arg-type]
    every = chasing.open_to_nudge(desk.session, folded, desk.now)
    return [
        {
            "number": each.id,
            "title": each.title,
            "silent": reach.silent(desk.session, each, 0).number,
            "until": say_moment(each.deadline, desk.now) if each.deadline else "",
        }
        for each in every[:MOST]
    ]


def _meetings(desk: Desk) -> list[dict[str, object]]:
    """List the meetings of the week, and those whose minutes are open."""
    place = home(desk.session, desk.branch.id)
    found = meetings.own_within(desk.session, place, desk.now - SOON, desk.now + A_WEEK)
    lines = []
    for each in found:
        stage = meetings.stage(each, desk.now)
        if each.starts_at < desk.now - A_WEEK and stage == "locked":
            continue
        leaves = sum(
            person.leave == "asked"
            for person in turnout.list_people(desk.session, each, desk.now)
        )
        said = meetings.say(each, desk.now)
        line = {"number": each.id, "said": said, "stage": STAGES[stage]}
        lines.append({**line, "leaves": leaves})
    return lines[-MOST:]


def _figures(desk: Desk) -> list[tuple[str, int, str]]:
    today = desk.now.date()
    people = sum(n for _, n in roll.count_by_category(desk.session, desk.branch))
    days = day_totals.count_by_day(desk.session, desk.branch, today, today)
    address = url_for("console.people-list_people") if desk.is_secretary else ""
    return [("名册", people, address), ("今天打卡", sum(days.values()), "")]


def _deadlines(desk: Desk) -> list[tuple[str, str, bool]]:
    """List what is due in a month: who, by when, whether it is over."""
    today = desk.now.date()
    found = deadlines.survey(desk.session, today, desk.branch).deadlines
    near = [each for each in found if each.day <= today + SOON]
    return [
        (f"{each.subject}：{each.todo}", _day(each.day, today), each.day < today)
        for each in near[:MOST]
    ]


def _day(day: date, today: date) -> str:
    return say_day(day, today)


def _failures(desk: Desk) -> list[tuple[str, str, int]]:
    everybody = Audience(desk.branch.id, categories=None)
    people = select_people(desk.session, everybody).subquery()
    since = desk.now - A_WEEK
    found = failures.refused_since(desk.session, select(people.c.id), since)
    return [(say_kind(each.kind), each.reason, each.number) for each in found]
