"""/m/visit/<door>: people outside ask for a visit; /m/confirm/<door>: a company's word.

No account is needed; whoever has the address may do this one thing.
"""

from datetime import timedelta

from flask import redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from bot.branch.people.tree import Branch
from bot.branch.records import confirmed, visits
from bot.branch.records.fields import Choice
from bot.branch.records.kinds.service import SERVICE
from bot.branch.records.kinds.visit import VISIT
from bot.branch.records.open_pages import OpenPage
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.records.visits import Asked
from bot.calendar.say import say_date
from bot.errors import Refusal
from bot.storage.encrypted import can_seal
from server.web.pages.answers import PageRefusal, drain
from server.web.pages.identity import page_address, the_assistant, the_moment
from server.web.pages.walk_in import admit_stranger, open_door

TOO_LONG = "写得太长了，请短一些。"
SORTS, PARTS = "sort", "part"


def show_visit(door: str) -> str:
    return _show(door)


def take_visit(door: str) -> Response | tuple[str, int]:
    """Take what is asked for, or what the visitors thought."""
    admit_stranger()
    try:
        with the_assistant().storage.write() as session:
            page = open_door(session, "visit", door)
            form = request.form
            if page.record_id is None:
                told = Asked(**{each: form.get(each, "") for each in FIELDS})
                _, page = visits.ask_for(session, page, told, the_moment())
            else:
                row = session.get_one(Record, page.record_id)
                visits.note_opinion(session, row, form.get("opinion", ""), the_moment())
            at = page.door
    except PageRefusal:
        raise
    except Refusal as refusal:
        return _show(door, str(refusal)), 400
    except RequestEntityTooLarge:
        drain()
        return _show(door, TOO_LONG), 413
    the_assistant().wake()
    return redirect(page_address(f"/m/visit/{at}"), 303)


FIELDS = ("company", "sort", "day", "part", "count", "what", "name", "phone")


def _show(door: str, fault: str = "") -> str:
    with the_assistant().storage.read() as session:
        page = open_door(session, "visit", door)
        branch = session.get_one(Branch, page.branch_id)
        if page.record_id is not None:
            return _show_one(session, page, branch.name, fault)
        today = the_moment().date()
        return render_template(
            "m/visit.html",
            branch=branch.name,
            sorts=_values(SORTS),
            parts=_values(PARTS),
            first=today + visits.AHEAD,
            last=today + visits.FARTHEST,
            kept=can_seal(session),
            told=request.form,
            fault=fault,
        )


def _show_one(session: Session, page: OpenPage, branch: str, fault: str) -> str:
    row = session.get_one(Record, page.record_id)
    values = values_of(session, row)
    today = the_moment().date()
    return render_template(
        "m/visit_one.html",
        branch=branch,
        values=values,
        day=say_date(row.day) if row.day else "",
        state=row.state,
        title=VISIT.state_title(row.state),
        people="、".join(name for _, name in values.get("people") or ()),
        over=bool(row.day and row.day <= today and row.state in ("booked", "received")),
        fault=fault,
    )


def _values(name: str) -> tuple[str, ...]:
    field = VISIT.by_name[name]
    assert isinstance(field, Choice)
    return field.values


def show_confirm(door: str) -> str:
    return _show_service(door)


def take_confirm(door: str) -> Response | str | tuple[str, int]:
    """Take what a company says of a service."""
    admit_stranger()
    try:
        with the_assistant().storage.write() as session:
            page = open_door(session, "service", door)
            form, so = request.form, request.form.get("so") == "1"
            confirmed.take_word(
                session,
                page,
                form.get("name", ""),
                form.get("opinion", ""),
                so=so,
                now=the_moment(),
            )
    except PageRefusal:
        raise
    except Refusal as refusal:
        return _show_service(door, str(refusal)), 400
    except RequestEntityTooLarge:
        drain()
        return _show_service(door, TOO_LONG), 413
    the_assistant().wake()
    thanks = "谢谢，记下了。" if so else "谢谢，已经转告，请他们核对后再请您确认。"
    return render_template("m/sentence.html", sentence=thanks)


def _show_service(door: str, fault: str = "") -> str:
    with the_assistant().storage.read() as session:
        page = open_door(session, "service", door)
        row = session.get_one(Record, page.record_id)
        values = values_of(session, row)
        branch = session.get_one(Branch, page.branch_id)
        hours = SERVICE.by_name["hours"]
        return render_template(
            "m/confirm.html",
            branch=branch.name,
            values=values,
            day=say_date(row.day) if row.day else "",
            people="、".join(name for _, name in values["people"]),
            hours=hours.say(values["hours"]),
            lasts=confirmed.OPEN_FOR // timedelta(days=1),
            told=request.form,
            fault=fault,
        )
