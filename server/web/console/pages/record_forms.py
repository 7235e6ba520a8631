"""/console/records/…/new: a record is told by a form, or many by a spreadsheet."""

from collections.abc import Mapping, Sequence

from flask import request
from werkzeug.wrappers import Response

from bot.branch.records import intake
from bot.branch.records.fields import Amount, Choice, Day, Field, Value, Words
from bot.errors import Refusal
from bot.files.documents import MAX_BYTES
from handlers.records import form
from server.web.console.asking import ask_of
from server.web.console.desk import Desk
from server.web.console.pages.records import (
    RECORDS,
    kind_of,
    list_records,
    place_of,
    teller_of,
)

LONG = 200
"""Characters from which on words are written in a field of several lines."""


@RECORDS.get("/<name>/new")
def write_record(desk: Desk, name: str) -> str:
    kind, ask = kind_of(name), ask_of(desk)
    form.check_tells(ask, kind, own=True)
    held = form.begin(ask, kind)
    inputs = [
        _input(each, desk.field(each.name, held.get(each.name, "")))
        for each in form.fields_of(kind)
    ]
    twin = bool(desk.field("again")) or isinstance(desk.refusal, form.SeemsSame)
    return desk.show("record_new.html", kind=kind, fields=inputs, twin=twin)


@RECORDS.post("/<name>/new", again=write_record)
def add_record(desk: Desk, name: str) -> Response:
    kind, ask = kind_of(name), ask_of(desk)
    row, told = form.take(
        ask,
        kind,
        read_said(desk, form.fields_of(kind)),
        again="again" in desk.sent,
        branch=place_of(desk),
        own=True,
    )
    return desk.done(told, "records-show_record", number=row.id)


@RECORDS.post("/<name>/upload", again=list_records, most=MAX_BYTES, long="导入台账")
def take_file(desk: Desk, name: str) -> Response:
    """Take a spreadsheet in, all of it or nothing."""
    kind = kind_of(name)
    form.check_tells(ask_of(desk), kind)
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal("还没有选文件。")
    taken = intake.take_in(
        desk.session, kind, file.read(), file.filename, teller_of(desk), desk.now
    )
    return desk.done(f"记下了 {len(taken)} 条。", "records-list_records", name=name)


def read_said(desk: Desk, fields: Sequence[Field]) -> dict[str, str]:
    """Return what stands in a form's fields, by their names."""
    return {each.name: desk.sent.get(each.name, "").strip() for each in fields}


def list_inputs(
    desk: Desk, fields: Sequence[Field], values: Mapping[str, Value], *, again: bool
) -> list[dict[str, object]]:
    """Describe a form's fields: what each is called, holds, and how it is filled.

    again: it is this form that was sent and refused, so that it holds what was typed.
    """
    return [
        _input(
            field,
            desk.field(field.name, held) if again else held,
        )
        for field in fields
        for held in [field.write(values[field.name]) if values.get(field.name) else ""]
    ]


def _input(field: Field, held: str) -> dict[str, object]:
    return {
        "name": field.name,
        "title": _title(field),
        "needed": field.is_always_needed,
        "kind": _sort(field),
        "options": field.values if isinstance(field, Choice) else (),
        "value": held,
    }


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
        case Words() if field.longest > LONG:
            return "lines"
        case Words():
            return "words"
    return "text"
