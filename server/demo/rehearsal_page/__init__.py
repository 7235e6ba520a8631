"""The demo's page of the days to come: what would be sent to whom, and what collides.

It lives the days through as `xiangyang rehearse` does, on a copy of the demo's books.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select

from bot.assistant.answering import Assistant
from bot.branch.people.members import Member
from server.rehearsal.rehearse import rehearse
from server.rehearsal.shown import show_play
from server.twin.page import POLICY, guard, harden

SPANS = {7: "一周", 14: "两周", 31: "一个月", 92: "三个月", 365: "一年"}
USUAL_SPAN = 14


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
    return show_play(play, names)
