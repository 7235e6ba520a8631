"""/console/records/: every kind of record: lists, sums, forms from its declaration."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from flask import Response as File
from flask import request

from bot.branch.enrolment import roll
from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.branch.people.tree import Branch, home
from bot.branch.records import papers, search, sight
from bot.branch.records.book import Teller
from bot.branch.records.declared import every_kind, find_kind
from bot.branch.records.fields import Day, Field, Value
from bot.branch.records.kind import Kind
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of_all
from bot.errors import Refusal
from bot.files.xlsx import write_book
from handlers.records import form
from handlers.records.special import Overview
from server.web.console.asking import ask_of
from server.web.console.charts import by_month, draw
from server.web.console.desk import Desk
from server.web.console.files import XLSX, send_as
from server.web.console.matrix import Matrix, draw_matrix
from server.web.console.page import Page
from server.web.console.paging import turn_to
from server.web.pages.answers import PageRefusal

RECORDS = Page("records", "台账", order=50, role=Role.COMMITTEE)
NO_KIND, NOT_HERE = "没有这种台账。", "没有这条记录。"
MOST_COMPANIES = 20
LONG = 60
"""Characters of a cell; the whole stands on the record's own page."""
FEW_PEOPLE = 1000
FEW = 5000
"""Records, and people, whose charts are drawn unasked: those of more take a moment."""


@RECORDS.get("/")
def list_kinds(desk: Desk) -> str:
    kinds = []
    for kind in every_kind():
        counted = search.count(desk.session, query_of(desk, kind))
        kinds.append({"kind": kind, "count": counted})
    return desk.show("records.html", kinds=kinds)


@RECORDS.get("/<name>/", looks=True)
def list_records(desk: Desk, name: str) -> str:
    kind = kind_of(name)
    query = _asked(desk, kind)
    session = desk.session
    rows = turn_to(
        search.count(session, query),
        lambda offset, limit: search.find(session, query, limit, offset),
    )
    people = sum(number for _, number in roll.count_by_category(session, desk.branch))
    few = rows.total <= FEW and people <= FEW_PEOPLE
    drawn = few or "charts" in request.args
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
        can_add=desk.may(kind.told_by),
        can_upload=desk.may(kind.told_by) and not kind.own_commands,
        overviews=_overviews(desk, kind) if drawn else [],
    )


@RECORDS.get("/<name>/ledger.xlsx", looks=True, long="导出台账")
def send_ledger(desk: Desk, name: str) -> File:
    kind = kind_of(name)
    query = _asked(desk, kind)
    audit.note(
        desk.session, desk.member, "records.export", desk.now, details=kind.title
    )
    content = write_book(papers.sheets(desk.session, query, desk.now))
    return send_as(content, f"{kind.title}台账.xlsx", XLSX)


def kind_of(name: str) -> Kind:
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


def _lines(desk: Desk, kind: Kind, rows: Sequence[Record]) -> list[dict[str, object]]:
    ask, every = ask_of(desk), values_of_all(desk.session, rows)
    return [
        {
            "number": row.id,
            "cells": _cells(kind, form.shown_of(ask, row, values)),
            "state": kind.state_title(row.state),
        }
        for row, values in zip(rows, every, strict=True)
    ]


def _cells(kind: Kind, values: Mapping[str, Value]) -> list[str]:
    """Write what a record says into cells; of long words, how they begin."""
    told = [
        _write(each, values[each.name]) if values.get(each.name) else ""
        for each in kind.fields
        if not each.private
    ]
    return [f"{each[:LONG]}……" if len(each) > LONG else each for each in told]


def _write(field: Field, value: Value) -> str:
    whole_month = isinstance(field, Day) and field.month
    return field.say(value) if whole_month else field.write(value)


def _overviews(desk: Desk, kind: Kind) -> list[tuple[Overview, Matrix | None]]:
    """Lay out what is had and lacking, beside the first page of a whole list."""
    if not set(request.args) <= {"charts", "done"}:
        return []
    found = form.survey(ask_of(desk), kind)
    return [(each, draw_matrix(each) if each.drawn else None) for each in found]


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
