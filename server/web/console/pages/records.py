"""/console/records/: every kind of record: lists, sums, forms from its declaration."""

from dataclasses import replace
from datetime import date

from flask import Response as File
from flask import request
from werkzeug.wrappers import Response

from bot.branch.notices import enclosures
from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.branch.people.tree import Branch, home
from bot.branch.records import book, intake, papers, search, sight, twins
from bot.branch.records.book import Teller
from bot.branch.records.declared import every_kind, find_kind
from bot.branch.records.evidence import add_evidence, list_evidence
from bot.branch.records.fields import Amount, Choice, Day, Field, Words
from bot.branch.records.kind import Kind
from bot.branch.records.search import Query
from bot.branch.records.tables import Evidence, Record
from bot.branch.records.values import values_of, values_of_all
from bot.calendar.say import say_date, say_moment
from bot.errors import Denied, Refusal
from bot.files.documents import MAX_BYTES
from bot.files.xlsx import write_book
from handlers.records.apart import APARTS
from server.web.console.charts import by_month, draw
from server.web.console.desk import Desk
from server.web.console.files import XLSX, send_as, show_picture
from server.web.console.page import Page
from server.web.console.paging import turn_to
from server.web.pages.answers import PageRefusal

RECORDS = Page("records", "台账", order=50, role=Role.COMMITTEE)
NO_KIND, NOT_HERE = "没有这种台账。", "没有这条记录。"
IN_CHAT = "这一类有专门的办法（请对方确认、分步审核、不记内容等），请在聊天里说。"
NOT_YOURS = "这一条现在只有书记能改。"
MOST_COMPANIES = 20
ACTS = {
    "record": "记下",
    "correct": "更正",
    "move": "改状态",
    "withdraw": "撤销",
    "evidence": "加佐证",
}


@RECORDS.get("/")
def list_kinds(desk: Desk) -> str:
    kinds = []
    for kind in every_kind():
        counted = search.count(desk.session, _query(desk, kind))
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
        months=_months(desk, query),
        companies=_companies(desk, query),
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
    return desk.show("record_new.html", kind=kind, fields=_inputs(desk, kind, {}))


@RECORDS.post("/<name>/new", again=write_record)
def add_record(desk: Desk, name: str) -> Response:
    kind = _kind(name)
    _check_tells(desk, kind)
    values = _read(desk, kind)
    twin = twins.find_twin(desk.session, kind, values, _place(desk))
    if twin is not None and "again" not in desk.sent:
        raise Refusal(
            f"和第 {twin.id} 条说的是同一件事，没有再记。真是两件，勾上“不是同一件”。"
        )
    row = book.record(desk.session, kind, values, _teller(desk), desk.now)
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
        desk.session, kind, file.read(), file.filename, _teller(desk), desk.now
    )
    return desk.done(f"记下了 {len(taken)} 条。", "records-list_records", name=name)


@RECORDS.get("/entry/<int:number>", looks=True)
def show_record(desk: Desk, number: int) -> str:
    row = _find(desk, number)
    kind, session = find_kind(row.kind), desk.session
    details = kind.title
    audit.note(session, desk.member, "records.view", desk.now, details=details)
    values = values_of(session, row)
    may = book.may_change(session, row, desk.member, desk.standing)
    return desk.show(
        "record.html",
        kind=kind,
        row=row,
        said=_say_all(kind, values),
        state=kind.state_title(row.state),
        evidence=list_evidence(session, row),
        trace=[
            (say_moment(each.at, desk.now), ACTS.get(each.act, each.act))
            for each in book.trace(session, row)
        ],
        moves=_moves(desk, kind, row),
        fields=_inputs(desk, kind, values) if may and _by_form(kind) else [],
        may=may and _by_form(kind) and row.withdrawn_at is None,
        seen=_mark(desk, row),
        kinds=enclosures.KINDS,
    )


@RECORDS.post("/entry/<int:number>", again=show_record)
def correct(desk: Desk, number: int) -> Response:
    row = _to_change(desk, number)
    values = _read(desk, find_kind(row.kind))
    book.correct(desk.session, row, values, desk.member.id, desk.now)
    return _done(desk, "更正好了，原来写的留在经过里。", number)


@RECORDS.post("/entry/<int:number>/withdraw", again=show_record)
def withdraw(desk: Desk, number: int) -> Response:
    row = _to_change(desk, number)
    book.withdraw(desk.session, row, desk.member.id, desk.now)
    return desk.done(
        f"撤销好了，第 {number} 条不再计数。", "records-list_records", name=row.kind
    )


@RECORDS.post("/entry/<int:number>/moves/<state>", again=show_record)
def move(desk: Desk, number: int, state: str) -> Response:
    row = _find(desk, number)
    kind = find_kind(row.kind)
    desk.check_unchanged(*_state(row))
    if state not in [to for to, _ in _moves(desk, kind, row)]:
        raise Denied(NOT_YOURS)
    book.move(desk.session, row, state, desk.member.id, desk.now)
    return _done(desk, f"现在是“{kind.state_title(row.state)}”。", number)


@RECORDS.post(
    "/entry/<int:number>/evidence/upload",
    again=show_record,
    most=enclosures.FILE_MOST,
)
def take_evidence(desk: Desk, number: int) -> Response:
    row = _to_change(desk, number)
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal("还没有选文件。")
    source = f"evidence:{row.id}"
    taken = enclosures.take_upload(
        desk.session, file.filename, file.read(), source, desk.now
    )
    found = add_evidence(
        desk.session, row, taken.number, taken.name, _teller(desk), desk.now
    )
    return _done(desk, f"收下了，佐证是 {found.number} 号。", number)


@RECORDS.get("/entry/<int:number>/evidence/<int:place>", looks=True)
def send_evidence(desk: Desk, number: int, place: int) -> File:
    row = _find(desk, number)
    found = desk.session.get(Evidence, place)
    if found is None or found.record_id != row.id:
        raise PageRefusal(404, NOT_HERE)
    kept = enclosures.open_content(desk.session, found.attachment_id)
    if kept.content is None:
        raise PageRefusal(404, "这个佐证还没有取到，过一会儿再看。")
    if kept.mime in enclosures.PICTURES.values():
        return show_picture(kept.content, kept.mime)
    return send_as(kept.content, kept.name, kept.mime)


def _kind(name: str) -> Kind:
    try:
        return find_kind(name)
    except Refusal:
        raise PageRefusal(404, NO_KIND) from None


def _place(desk: Desk) -> Branch:
    return home(desk.session, desk.branch.id)


def _teller(desk: Desk) -> Teller:
    return Teller(desk.member, _place(desk))


def _query(desk: Desk, kind: Kind) -> Query:
    alone = not sight.sees_all(kind, desk.member, desk.standing)
    return Query(kind, _place(desk), only_of=desk.member.id if alone else None)


def _asked_for() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name != "page"}


def _asked(desk: Desk, kind: Kind) -> Query:
    """Narrow to what the address asks for; what cannot be read is passed over."""
    asked = _asked_for()
    query = _query(desk, kind)
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


def _find(desk: Desk, number: int) -> Record:
    """Find a record that the desk may see. Raises PageRefusal for any other."""
    try:
        row = book.get(desk.session, number, _place(desk))
    except Refusal:
        raise PageRefusal(404, NOT_HERE) from None
    query = _query(desk, find_kind(row.kind))
    if query.only_of is not None and not search.holds(desk.session, query, row):
        raise PageRefusal(404, NOT_HERE)
    return row


def _to_change(desk: Desk, number: int) -> Record:
    row = _find(desk, number)
    if not _by_form(find_kind(row.kind)):
        raise Refusal(IN_CHAT)
    if not book.may_change(desk.session, row, desk.member, desk.standing):
        raise Denied(NOT_YOURS)
    desk.check_unchanged(*_state(row))
    return row


def _state(row: Record) -> list[object]:
    return [row.id, row.state, row.day, row.title, row.amount, row.heads, row.fields]


def _mark(desk: Desk, row: Record) -> str:
    return desk.mark(*_state(row))


def _by_form(kind: Kind) -> bool:
    """Whether nothing follows from one of these but that it is written down."""
    return not kind.own_commands and kind.name not in APARTS


def _may_tell(desk: Desk, kind: Kind) -> bool:
    return _by_form(kind) and desk.may(kind.told_by)


def _check_tells(desk: Desk, kind: Kind) -> None:
    if not _by_form(kind):
        raise Refusal(IN_CHAT)
    if not desk.may(kind.told_by):
        raise Denied(f"{kind.title}要由{kind.told_by.title}来记。")


def _moves(desk: Desk, kind: Kind, row: Record) -> list[tuple[str, str]]:
    if not _by_form(kind) or row.withdrawn_at is not None:
        return []
    return [
        (each.to, kind.state_title(each.to))
        for each in kind.moves
        if row.state in each.come_from
        and not each.evidence
        and desk.may(max(each.by, Role.COMMITTEE))
    ]


def _read(desk: Desk, kind: Kind) -> dict[str, object]:
    said = {
        each.name: " ".join(desk.sent.get(each.name, "").split())
        for each in kind.fields
    }
    return intake.read_form(desk.session, kind, _place(desk), said, desk.now)


def _inputs(
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


def _say_all(kind: Kind, values: dict[str, object]) -> list[tuple[str, str]]:
    return [
        (each.title, each.say(values[each.name]))
        for each in kind.fields
        if values.get(each.name) and not each.private
    ]


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


def _done(desk: Desk, said: str, number: int) -> Response:
    return desk.done(said, "records-show_record", number=number)
