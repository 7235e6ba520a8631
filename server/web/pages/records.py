"""/m/records/<kind>: a form for a record, from its declaration; then what shows it."""

from functools import partial

from flask import g, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from bot.branch.notices import enclosures
from bot.branch.people.members import Member, Speaker, party_branch, standing
from bot.branch.records import book, parties
from bot.branch.records.book import Teller
from bot.branch.records.declared import find_kind
from bot.branch.records.evidence import add_evidence, list_evidence
from bot.branch.records.fields import Amount, Choice, Day, Field
from bot.branch.records.kind import Kind
from bot.branch.records.kinds.work import WORK
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.command import Ask
from bot.errors import Denied, Refusal
from bot.message import Message
from bot.outbox.ways import PEOPLE
from handlers.records import form
from server.web.pages.answers import NOTHING, PageRefusal, drain
from server.web.pages.identity import (
    check_form,
    page_address,
    the_assistant,
    the_moment,
    the_reader,
)
from server.web.pages.uploads import admit, read_file

NOT_YOURS = "这一条现在只有书记能改。"


def list_kinds() -> str:
    with the_assistant().storage.read() as session:
        return render_template("m/records.html", kinds=form.list_forms(_ask(session)))


def write_record(name: str) -> str:
    return _show_form(name)


def take_record(name: str) -> Response | tuple[str, int]:
    """Write down what the form says; refused, it is shown again as it was filled."""
    check_form()
    said = {key: " ".join(value.split())[:2000] for key, value in request.form.items()}
    try:
        with the_assistant().storage.write() as session:
            again = "again" in request.form
            row, _ = form.take(_ask(session), _kind(name), said, again=again)
            number = row.id
    except PageRefusal:
        raise
    except Denied as denied:
        raise PageRefusal(403, str(denied)) from None
    except Refusal as refusal:
        return _show_form(name, said, refusal), 400
    the_assistant().wake()
    page = f"/m/works/{number}" if name == WORK.name else f"{request.path}/{number}"
    return redirect(page_address(page), 303)


def show_record(name: str, number: int) -> str:
    return _show(name, number)


def take_evidence(name: str, number: int) -> Response | tuple[str, int]:
    """Take one file that shows a record; refused, the record is as it was."""
    admit(partial(_find, name=name, number=number))
    try:
        file = read_file(enclosures.FILE_MOST)
        with the_assistant().storage.write() as session:
            row, reader = _find(session, name, number)
            if not _may_add(session, row, reader):
                raise Refusal(NOT_YOURS)
            now, source = the_moment(), f"evidence:{row.id}"
            taken = enclosures.take_upload(
                session, file.filename or "", file.read(), source, now
            )
            teller = Teller(reader, party_branch(session, reader))
            add_evidence(session, row, taken.number, taken.name, teller, now)
    except PageRefusal:
        raise
    except Refusal as refusal:
        return _show(name, number, str(refusal)), 400
    except RequestEntityTooLarge:
        drain()
        return _show(name, number, enclosures.TOO_LARGE), 413
    return redirect(page_address(request.path), 303)


def _ask(session: Session) -> Ask:
    """Speak for the reader, as if she told it in chat."""
    reader, assistant = the_reader(session), the_assistant()
    return Ask(
        speaker=Speaker(reader.id, reader.name),
        standing=standing(session, reader),
        message=Message(
            PEOPLE, reader.userid or "", "", conversation=f"page:{reader.id}"
        ),
        words="",
        now=the_moment(),
        session=session,
        commands=assistant.commands,
        config=assistant.config,
    )


def _kind(name: str) -> Kind:
    try:
        return find_kind(name)
    except Refusal:
        raise PageRefusal(404, NOTHING) from None


def _show_form(
    name: str, said: dict[str, str] | None = None, why: Refusal | None = None
) -> str:
    """Show a form, empty or as it was filled and refused."""
    kind = _kind(name)
    with the_assistant().storage.read() as session:
        ask = _ask(session)
        try:
            form.check_tells(ask, kind)
        except Denied as denied:
            raise PageRefusal(403, str(denied)) from None
        except Refusal as refusal:
            raise PageRefusal(404, str(refusal)) from None
        held = form.begin(ask, kind) if said is None else said
        return render_template(
            "m/record_new.html",
            kind=kind,
            fields=[_input(each, held) for each in form.fields_of(kind)],
            fault=str(why or ""),
            twin="again" in (said or {}) or isinstance(why, form.SeemsSame),
            form=g.form,
        )


def _input(field: Field, held: dict[str, str]) -> dict[str, object]:
    """Describe an input: what it is called, holds, and how it is filled."""
    title, sort = field.title, "text"
    if isinstance(field, Amount) and field.unit:
        title = f"{title}（{field.unit}{'，每人' if field.each else ''}）"
    if isinstance(field, Day):
        sort = "month" if field.month else "date"
    told = held.get(field.name, "")
    return {
        "name": field.name,
        "title": title,
        "needed": field.is_always_needed,
        "sort": sort,
        "options": field.values if isinstance(field, Choice) else (),
        "value": told[:7] if sort == "month" else told,
    }


def _show(name: str, number: int, fault: str = "") -> str:
    with the_assistant().storage.read() as session:
        row, reader = _find(session, name, number)
        kind, values = find_kind(row.kind), values_of(session, row)
        return render_template(
            "m/record.html",
            kind=kind,
            row=row,
            said=[
                (each.title, each.say(values[each.name]))
                for each in form.fields_of(kind)
                if values.get(each.name)
            ],
            state=kind.state_title(row.state),
            evidence=list_evidence(session, row),
            may=_may_add(session, row, reader),
            kinds=enclosures.KINDS,
            fault=fault,
            form=g.form,
        )


def _may_add(session: Session, row: Record, reader: Member) -> bool:
    """Tell whether somebody may show what a record says: she told it, or may change it.

    What she sends may settle it, and there is more to send, or the same once more
    because its answer never came.
    """
    told = row.recorded_by == reader.id
    may = told or book.may_change(session, row, reader, standing(session, reader))
    return may and not row.withdrawn_at


def _find(session: Session, name: str, number: int) -> tuple[Record, Member]:
    """Find a record that the reader may see. Raises PageRefusal for any other."""
    ask = _ask(session)
    try:
        row = book.get(session, number, party_branch(session, ask.member))
    except Refusal:
        raise PageRefusal(404, NOTHING) from None
    mine = form.may_see(ask, find_kind(row.kind), row)
    if row.kind != name or not (mine or parties.is_about(session, row, ask.member)):
        raise PageRefusal(404, NOTHING)
    return row, ask.member
