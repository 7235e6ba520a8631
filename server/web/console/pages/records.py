"""/console/records/: every kind of record: lists, sums, forms from its declaration."""

from dataclasses import replace
from datetime import date

from flask import Response as File
from flask import request
from werkzeug.wrappers import Response

from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.branch.people.tree import Branch, home
from bot.branch.records import book, intake, papers, search, sight, twins
from bot.branch.records.book import Teller
from bot.branch.records.declared import every_kind, find_kind
from bot.branch.records.fields import Amount, Choice, Day, Field, Words
from bot.branch.records.kind import Kind
from bot.branch.records.search import Query
from bot.branch.records.values import values_of_all
from bot.calendar.say import say_date
from bot.errors import Denied, Refusal
from bot.files.documents import MAX_BYTES
from bot.files.xlsx import write_book
from handlers.records.apart import APARTS
from server.web.console.charts import by_month, draw
from server.web.console.desk import Desk
from server.web.console.files import XLSX, send_as
from server.web.console.page import Page
from server.web.console.paging import turn_to
from server.web.pages.answers import PageRefusal

RECORDS = Page("records", "台账", order=50, role=Role.COMMITTEE)
NO_KIND, NOT_HERE = "没有这种台账。", "没有这条记录。"
IN_CHAT = "这一类有专门的办法（请对方确认、分步审核、不记内容等），请在聊天里说。"
MOST_COMPANIES = 20
FEW = 5000
"""Records whose charts are drawn unasked: those of more take a moment."""


@RECORDS.get("/")
def list_kinds(desk: Desk) -> str:
    kinds = []
    for kind in every_kind():
        counted = search.count(desk.session, query_of(desk, kind))
        kinds.append({"kind": kind, "count": counted})
    return desk.show("records.html", kinds=kinds)


@RECORDS.get("/<name>/", looks=True)
def list_records(desk: Desk, name: str) -> str:
    kind = _kind(name)
    query = _asked(desk, kind)
    session = desk.session
    rows = turn_to(
        search.count(session, query),
        lambda offset, limit: search.find(session, query, limit, offset),
    )
    drawn = rows.total <= FEW or "charts" in request.args
    details = kind.title
    audit.note(session, desk.member, "records.list", desk.now, details=details)
    sums = search.sum_up(session, query)
    return desk.show(
        "record_list.html",
        kind=kind,
        rows=rows,
        lines=_lines(desk, kind, rows.rows),
        titles=[each.title for each in kind.fields if not each.private],
        sums=search.say_figures(sums, kind),
        months=_months(desk, query) if drawn else None,
        companies=_companies(desk, query) if drawn else None,
        drawn=drawn,
        asked=_asked_for(),
        options=kind.choices,
        can_add=_may_tell(desk, kind),
        in_chat="" if _may_tell(desk, kind) else IN_CHAT,
    )


@RECORDS.get("/<name>/ledger.xlsx", looks=True)
def send_ledger(desk: Desk, name: str) -> File:
    kind = _kind(name)
    query = _asked(desk, kind)
    audit.note(
        desk.session, desk.member, "records.export", desk.now, details=kind.title
    )
    content = write_book(papers.sheets(desk.session, query, desk.now))
    return send_as(content, f"{kind.title}台账.xlsx", XLSX)


@RECORDS.get("/<name>/new")
def write_record(desk: Desk, name: str) -> str:
    kind = _kind(name)
    _check_tells(desk, kind)
    return desk.show("record_new.html", kind=kind, fields=list_inputs(desk, kind, {}))


@RECORDS.post("/<name>/new", again=write_record)
def add_record(desk: Desk, name: str) -> Response:
    kind = _kind(name)
    _check_tells(desk, kind)
    values = read_values(desk, kind)
    twin = twins.find_twin(desk.session, kind, values, place_of(desk))
    if twin is not None and "again" not in desk.sent:
        raise Refusal(
            f"和第 {twin.id} 条说的是同一件事，没有再记。真是两件，勾上“不是同一件”。"
        )
    row = book.record(desk.session, kind, values, teller_of(desk), desk.now)
    return desk.done(f"记下了，第 {row.id} 条。", "records-show_record", number=row.id)


@RECORDS.post("/<name>/upload", again=list_records, most=MAX_BYTES)
def take_file(desk: Desk, name: str) -> Response:
    """Take a spreadsheet in, all of it or nothing."""
    kind = _kind(name)
    _check_tells(desk, kind)
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal("还没有选文件。")
    taken = intake.take_in(
        desk.session, kind, file.read(), file.filename, teller_of(desk), desk.now
    )
    return desk.done(f"记下了 {len(taken)} 条。", "records-list_records", name=name)


def _kind(name: str) -> Kind:
    try:
        return find_kind(name)
    except Refusal:
        raise PageRefusal(404, NO_KIND) from None


def place_of(desk: Desk) -> Branch:
    return home(desk.session, desk.branch.id)


def teller_of(desk: Desk) -> Teller:
    return Teller(desk.member, place_of(desk))


def query_of(desk: Desk, kind: Kind) -> Query:
    alone = not sight.sees_all(kind, desk.member, desk.standing)
    return Query(kind, place_of(desk), only_of=desk.member.id if alone else None)


def _asked_for() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name != "page"}


def _asked(desk: Desk, kind: Kind) -> Query:
    """Narrow to what the address asks for; what cannot be read is passed over."""
    asked = _asked_for()
    query = query_of(desk, kind)
    choices = {
        each.name: [asked[each.name]]
        for each in kind.choices
        if asked.get(each.name) in each.values
    }
    states = [each.name for each in kind.states]
    year = asked.get("year", "")
    span = (
        (date(int(year), 1, 1), date(int(year), 12, 31))
        if year.isdecimal() and 1950 <= int(year) <= 2200
        else (None, None)
    )
    return replace(
        query,
        first=span[0],
        last=span[1],
        organisation=asked.get("organisation", "").strip(),
        choices=choices,
        states=[asked["state"]] if asked.get("state") in states else (),
    )


def has_form(kind: Kind) -> bool:
    """Whether nothing follows from one of these but that it is written down."""
    return not kind.own_commands and kind.name not in APARTS


def _may_tell(desk: Desk, kind: Kind) -> bool:
    return has_form(kind) and desk.may(kind.told_by)


def _check_tells(desk: Desk, kind: Kind) -> None:
    if not has_form(kind):
        raise Refusal(IN_CHAT)
    if not desk.may(kind.told_by):
        raise Denied(f"{kind.title}要由{kind.told_by.title}来记。")


def read_values(desk: Desk, kind: Kind) -> dict[str, object]:
    said = {
        each.name: " ".join(desk.sent.get(each.name, "").split())
        for each in kind.fields
    }
    return intake.read_form(desk.session, kind, place_of(desk), said, desk.now)


def list_inputs(
    desk: Desk, kind: Kind, values: dict[str, object]
) -> list[dict[str, object]]:
    """Describe a form's fields: what each is called, holds, and how it is filled."""
    found = []
    for each in kind.fields:
        if each.private:
            continue
        written = each.write(values[each.name]) if values.get(each.name) else ""
        found.append(
            {
                "name": each.name,
                "title": _title(each),
                "needed": each.needed,
                "kind": _sort(each),
                "options": each.values if isinstance(each, Choice) else (),
                "value": desk.field(each.name, written),
            }
        )
    return found


def _title(field: Field) -> str:
    if isinstance(field, Amount) and field.unit:
        return f"{field.title}（{field.unit}{'，每人' if field.each else ''}）"
    return field.title


def _sort(field: Field) -> str:
    match field:
        case Day():
            return "month" if field.month else "date"
        case Choice():
            return "choice"
        case Words():
            return "words"
    return "text"


def _lines(desk: Desk, kind: Kind, rows: object) -> list[dict[str, object]]:
    found = list(rows)  # type: ignore[call-overload]
    every = values_of_all(desk.session, found)
    return [
        {
            "number": row.id,
            "day": say_date(row.day) if row.day else "",
            "cells": [
                each.write(values[each.name]) if values.get(each.name) else ""
                for each in kind.fields
                if not each.private
            ],
            "state": kind.state_title(row.state),
        }
        for row, values in zip(found, every, strict=True)
    ]


def _months(desk: Desk, query: Query) -> object:
    """Draw the sums by month, in the first unit; None for nothing."""
    kind = query.kind
    if kind.day is None:
        return None
    counted: dict[str, float] = {}
    for each in search.sum_by(desk.session, query, "month"):
        counted[each.of] = counted.get(each.of, 0) + each.count(kind.sums[0])
    rows = list(counted.items())[-24:]
    unit = kind.sums[0].unit
    return by_month(f"每月{kind.title}（{unit}）", unit, rows) if rows else None


def _companies(desk: Desk, query: Query) -> object:
    """Draw the sums by company, in their first unit; None where there are none."""
    kind = query.kind
    if kind.organisation is None:
        return None
    unit = kind.sums[0].unit
    counted: dict[str, float] = {}
    for each in search.sum_by(desk.session, query, "organisation", MOST_COMPANIES):
        counted[each.of] = counted.get(each.of, 0) + each.count(kind.sums[0])
    title = f"按{kind.organisation.title}（{unit}）"
    head = kind.organisation.title
    return draw(title, (head, unit), list(counted.items())) if counted else None
