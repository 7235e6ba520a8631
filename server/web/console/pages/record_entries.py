"""/console/records/entry/…: one record: what it says, shows, became; its changes."""

from collections.abc import Mapping

from flask import Response as File
from flask import request
from werkzeug.wrappers import Response

from bot.branch.notices import enclosures
from bot.branch.people import audit
from bot.branch.records import book, search
from bot.branch.records.declared import find_kind
from bot.branch.records.evidence import add_evidence, list_evidence
from bot.branch.records.fields import Value
from bot.branch.records.kind import Kind, Sees
from bot.branch.records.tables import Evidence, Record
from bot.branch.records.values import private_of, values_of
from bot.calendar.say import say_moment
from bot.errors import Denied, Refusal
from bot.storage.encrypted import can_seal
from handlers.records import form
from server.web.console.asking import ask_of
from server.web.console.desk import Desk
from server.web.console.files import send_as, show_picture
from server.web.console.page import POST
from server.web.console.pages.record_forms import list_inputs, read_said
from server.web.console.pages.records import (
    NOT_HERE,
    RECORDS,
    place_of,
    query_of,
    teller_of,
)
from server.web.pages.answers import PageRefusal

ACTS = {
    "record": "记下",
    "correct": "更正",
    "move": "改状态",
    "withdraw": "撤销",
    "evidence": "加佐证",
    "confirm": "本人确认",
}


@RECORDS.get("/entry/<int:number>", looks=True)
def show_record(desk: Desk, number: int) -> str:
    row = _find(desk, number)
    kind, session, ask = find_kind(row.kind), desk.session, ask_of(desk)
    details = kind.title
    audit.note(session, desk.member, "records.view", desk.now, details=details)
    values = form.shown_of(ask, row, values_of(session, row))
    may = form.may_correct(ask, row)
    return desk.show(
        "record.html",
        kind=kind,
        row=row,
        said=_say_all(desk, kind, row, values),
        state=kind.state_title(row.state),
        evidence=list_evidence(session, row),
        trace=[
            (say_moment(each.at, desk.now), ACTS.get(each.act, each.act))
            for each in book.trace(session, row)
        ],
        moves=form.list_moves(ask, row),
        steps=[
            (each, list_inputs(desk, each.asks, {}, again=_is_sent(each.name)))
            for each in form.list_steps(ask, row)
        ],
        fields=list_inputs(
            desk, form.fields_of(kind), values, again=_is_sent(str(number))
        )
        if may
        else [],
        may=may,
        may_show=book.may_change(session, row, desk.member, desk.standing),
        seen=_mark(desk, row),
        kinds=enclosures.KINDS,
    )


@RECORDS.post("/entry/<int:number>", again=show_record)
def correct(desk: Desk, number: int) -> Response:
    row = _to_change(desk, number)
    said = read_said(desk, form.fields_of(find_kind(row.kind)))
    return _done(desk, form.correct(ask_of(desk), row, said, place_of(desk)), number)


@RECORDS.post("/entry/<int:number>/withdraw", again=show_record)
def withdraw(desk: Desk, number: int) -> Response:
    row = _to_change(desk, number)
    told = form.withdraw(ask_of(desk), row)
    return desk.done(told, "records-list_records", name=row.kind)


@RECORDS.post("/entry/<int:number>/moves/<state>", again=show_record)
def move(desk: Desk, number: int, state: str) -> Response:
    row = _find(desk, number)
    desk.check_unchanged(*_state(row))
    return _done(desk, form.move(ask_of(desk), row, state), number)


@RECORDS.post("/entry/<int:number>/steps/<name>", again=show_record)
def take_step(desk: Desk, number: int, name: str) -> Response:
    """Do what is special to the kind, with what the step's own fields say."""
    row = _find(desk, number)
    desk.check_unchanged(*_state(row))
    ask = ask_of(desk)
    asked = [each for step in form.list_steps(ask, row) for each in step.asks]
    said = read_said(desk, asked)
    told = form.take_step(ask, row, name, said, place_of(desk))
    if row.withdrawn_at is not None:
        return desk.done(told, "records-list_records", name=row.kind)
    return _done(desk, told, number)


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


def _is_sent(end: str) -> bool:
    """Tell whether what was sent, and is shown again, went to this form's address."""
    return request.method == POST and request.path.endswith(f"/{end}")


def _to_change(desk: Desk, number: int) -> Record:
    """Find a record that the form was made from as it is. Raises Denied, Refusal."""
    row = _find(desk, number)
    if not book.may_change(desk.session, row, desk.member, desk.standing):
        raise Denied(form.ONLY_SECRETARY)
    desk.check_unchanged(*_state(row))
    return row


def _state(row: Record) -> list[object]:
    return [row.id, row.state, row.day, row.title, row.amount, row.heads, row.fields]


def _mark(desk: Desk, row: Record) -> str:
    return desk.mark(*_state(row))


def _say_all(
    desk: Desk, kind: Kind, row: Record, values: Mapping[str, Value]
) -> list[tuple[str, str]]:
    """Say each field; what is sealed too, where nobody but the two sees the record."""
    if kind.sees is Sees.ALONE and can_seal(desk.session):
        values = {**values, **private_of(desk.session, row)}
    return [
        (each.title, each.say(values[each.name]))
        for each in kind.fields
        if values.get(each.name) and (not each.private or kind.sees is Sees.ALONE)
    ]


def _done(desk: Desk, said: str, number: int) -> Response:
    return desk.done(said, "records-show_record", number=number)
