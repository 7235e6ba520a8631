"""/console/rehearsal/: what would be sent in the days to come; nothing is."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time

from flask import request
from sqlalchemy import select

from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Member
from server.rehearsal.rehearse import Play, rehearse
from server.rehearsal.shown import show_play
from server.web.console.desk import Desk
from server.web.console.page import Page

REHEARSAL = Page("rehearsal", "预演", order=100)
SPANS = {3: "三天", 7: "一周", 14: "两周"}
USUAL = 7


@REHEARSAL.get("/", long="预演")
def show_rehearsal(desk: Desk) -> str:
    today = desk.now.date()
    first = _asked_day(request.args.get("from", ""), today)
    days = request.args.get("days", USUAL, type=int)
    days = days if days in SPANS else USUAL
    asked = "days" in request.args
    told = _live(desk, first, days) if asked else {}
    return desk.show(
        "rehearsal.html", first=first, days=days, spans=SPANS, asked=asked, **told
    )


def _asked_day(said: str, today: date) -> date:
    with suppress(ValueError):
        day = date.fromisoformat(said)
        if (day - today).days <= 366:
            return max(day, today)
    return today


def _live(desk: Desk, first: date, days: int) -> dict[str, object]:
    """Live the days through on a copy; keep what the desk's own people would get."""
    start = datetime.combine(first, time(), desk.config.timezone)
    play = rehearse(desk.config, desk.assistant.storage, start, days, desk.now)
    everybody = Audience(desk.branch.id, categories=None)
    here = select_people(desk.session, everybody).subquery()
    rows = select(Member.userid, Member.called).join(here, here.c.id == Member.id)
    names = {user: name for user, name in desk.session.execute(rows) if user}
    return show_play(_of(play, names), names)


def _of(play: Play, names: dict[str, str]) -> Play:
    """Leave of a play what is for some people; others' is none of the desk's."""
    sendings = [
        replace(each, users=tuple(user for user in each.users if user in names))
        for each in play.sendings
    ]
    return replace(
        play,
        sendings=[each for each in sendings if each.users],
        unsent=[each for each in play.unsent if each.user in names],
    )
