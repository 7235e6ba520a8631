"""/console/records/entry/…: one record: what it says, shows, became; its changes."""

from flask import Response as File
from flask import request
from werkzeug.wrappers import Response

from bot.branch.notices import enclosures
from bot.branch.people import audit
from bot.branch.people.members import Role
from bot.branch.records import book, search
from bot.branch.records.declared import find_kind
from bot.branch.records.evidence import add_evidence, list_evidence
from bot.branch.records.kind import Kind
from bot.branch.records.tables import Evidence, Record
from bot.branch.records.values import values_of
from bot.calendar.say import say_moment
from bot.errors import Denied, Refusal
from server.web.console.desk import Desk
from server.web.console.files import send_as, show_picture
from server.web.console.pages.records import (
    IN_CHAT,
    NOT_HERE,
    RECORDS,
    has_form,
    list_inputs,
    place_of,
    query_of,
    read_values,
    teller_of,
)
from server.web.pages.answers import PageRefusal

NOT_YOURS = "这一条现在只有书记能改。"
ACTS = {
    "record": "记下",
    "correct": "更正",
    "move": "改状态",
    "withdraw": "撤销",
    "evidence": "加佐证",
}


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
        fields=list_inputs(desk, kind, values) if may and has_form(kind) else [],
        may=may and has_form(kind) and row.withdrawn_at is None,
        seen=_mark(desk, row),
        kinds=enclosures.KINDS,
    )


@RECORDS.post("/entry/<int:number>", again=show_record)
def correct(desk: Desk, number: int) -> Response:
    row = _to_change(desk, number)
    values = read_values(desk, find_kind(row.kind))
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
        desk.session, row, taken.number, taken.name, teller_of(desk), desk.now
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


def _find(desk: Desk, number: int) -> Record:
    """Find a record that the desk may see. Raises PageRefusal for any other."""
    try:
        row = book.get(desk.session, number, place_of(desk))
    except Refusal:
        raise PageRefusal(404, NOT_HERE) from None
    query = query_of(desk, find_kind(row.kind))
    if query.only_of is not None and not search.holds(desk.session, query, row):
        raise PageRefusal(404, NOT_HERE)
    return row


def _to_change(desk: Desk, number: int) -> Record:
    row = _find(desk, number)
    if not has_form(find_kind(row.kind)):
        raise Refusal(IN_CHAT)
    if not book.may_change(desk.session, row, desk.member, desk.standing):
        raise Denied(NOT_YOURS)
    desk.check_unchanged(*_state(row))
    return row


def _state(row: Record) -> list[object]:
    return [row.id, row.state, row.day, row.title, row.amount, row.heads, row.fields]


def _mark(desk: Desk, row: Record) -> str:
    return desk.mark(*_state(row))


def _moves(desk: Desk, kind: Kind, row: Record) -> list[tuple[str, str]]:
    if not has_form(kind) or row.withdrawn_at is not None:
        return []
    return [
        (each.to, kind.state_title(each.to))
        for each in kind.moves
        if row.state in each.come_from
        and not each.evidence
        and desk.may(max(each.by, Role.COMMITTEE))
    ]


def _say_all(kind: Kind, values: dict[str, object]) -> list[tuple[str, str]]:
    return [
        (each.title, each.say(values[each.name]))
        for each in kind.fields
        if values.get(each.name) and not each.private
    ]


def _done(desk: Desk, said: str, number: int) -> Response:
    return desk.done(said, "records-show_record", number=number)
