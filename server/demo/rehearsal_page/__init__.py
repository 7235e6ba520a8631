"""The demo's page of the days to come: what would be sent to whom, and what collides.

It lives the days through as `xiangyang rehearse` does, on a copy of the demo's books.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select

from bot.assistant.answering import Assistant
from bot.branch.people.members import Member
from bot.calendar.say import say_day, say_whole_day
from bot.calendar.workdays import is_workday
from bot.outbox.kinds import NAMES
from server.rehearsal.rehearse import MARKS, Play, Sending, rehearse
from server.twin.page import POLICY, guard, harden

SPANS = {7: "一周", 14: "两周", 31: "一个月", 92: "三个月", 365: "一年"}
USUAL_SPAN = 14
NAMES_SHOWN = 6


@dataclass(frozen=True)
class Entry:
    """A message as the page shows it. more: what of it follows the first line."""

    at: str
    kind: str
    people: str
    first: str
    more: str
    card: str | None
    marks: Sequence[str]


@dataclass(frozen=True)
class PageDay:
    name: str
    rests: bool
    entries: Sequence[Entry]


def create_rehearsal(assistant: Assistant, now: Callable[[], datetime]) -> Blueprint:
    """Build `/rehearsal`, for this machine only."""
    page = Blueprint(
        "rehearsal",
        __name__,
        url_prefix="/rehearsal",
        template_folder="templates",
        static_folder="static",
    )
    page.before_request(guard)
    page.after_request(_let_ask)
    page.after_request(harden)

    @page.get("/")
    def show() -> str:
        today = now().date()
        first = _asked_day(request.args.get("from", ""), today)
        days = request.args.get("days", USUAL_SPAN, type=int)
        days = days if days in SPANS else USUAL_SPAN
        asked = "days" in request.args
        told = _live(assistant, first, days, now()) if asked else {}
        form = {"first": first, "today": today, "days": days, "spans": SPANS}
        return render_template("rehearsal.html", asked=asked, **form, **told)

    return page


def _let_ask(response: Response) -> Response:
    policy = POLICY.replace("form-action 'none'", "form-action 'self'")
    response.headers["Content-Security-Policy"] = policy
    return response


def _asked_day(text: str, today: date) -> date:
    """Read a day to come; what is none is today."""
    with suppress(ValueError):
        return max(date.fromisoformat(text), today)
    return today


def _live(
    assistant: Assistant, first: date, days: int, now: datetime
) -> dict[str, object]:
    start = datetime.combine(first, time(), assistant.config.timezone)
    play = rehearse(assistant.config, assistant.storage, start, days, now)
    with assistant.storage.read() as session:
        pairs = session.execute(select(Member.userid, Member.called)).all()
    names = {userid: name for userid, name in pairs if userid}
    marked = [mark for each in play.sendings for mark in each.marks]
    return {
        "plan": _by_day(play.sendings, names),
        "number": sum(len(each.users) for each in play.sendings),
        "collisions": [(MARKS[each], marked.count(each)) for each in MARKS],
        "unsent": _unsent(play, names),
    }


def _by_day(sendings: Sequence[Sending], names: Mapping[str, str]) -> list[PageDay]:
    return [
        PageDay(
            say_whole_day(day),
            not is_workday(day),
            [_entry(each, names) for each in sendings],
        )
        for day, sendings in groupby(sendings, lambda each: each.at.date())
    ]


def _entry(sending: Sending, names: Mapping[str, str]) -> Entry:
    first, _, more = sending.text.partition("\n")
    return Entry(
        f"{sending.at:%H:%M}",
        NAMES.get(sending.kind, "其他"),
        _people(sending.users, names),
        first,
        more,
        sending.card,
        [MARKS[each] for each in sending.marks],
    )


def _people(users: Sequence[str], names: Mapping[str, str]) -> str:
    told = "、".join(names.get(each, each) for each in users[:NAMES_SHOWN])
    return told if len(users) <= NAMES_SHOWN else f"{told} 等 {len(users)} 人"


def _unsent(play: Play, names: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """List (when, kind, whom, why) of what would not go, or not yet."""
    return [
        (
            f"{say_day(each.at.date())}{each.at:%H:%M}",
            NAMES.get(each.kind, "其他"),
            names.get(each.user or "", each.user or "没有账号的人"),
            each.reason,
        )
        for each in play.unsent
    ]
