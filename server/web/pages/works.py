"""/m/works/<number>: the files of a work; /m/jury: blind; /m/gallery, /m/show: shown.

A chat makes pictures smaller, so the originals come by this page.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import IO, Any

from flask import Response as FlaskResponse
from flask import g, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from bot.branch.notices import enclosures
from bot.branch.notices.enclosures import MEGA
from bot.branch.people.members import Member, party_branch, standing
from bot.branch.people.tree import Branch
from bot.branch.records import book, parties
from bot.branch.records.kinds.work import WORK
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.works import entries, files, gallery, judging, showing
from bot.branch.works.files import WorkFile
from bot.branch.works.judging import Juror, Marks
from bot.branch.works.uploads import TAKES, Upload, most_of, read_upload, say_too_large
from bot.errors import Denied, Refusal
from bot.outbox.attachment_parts import keep_parts, read_parts
from bot.storage.database import Storage
from server.web.pages.answers import NOTHING, PageRefusal, drain
from server.web.pages.identity import (
    check_form,
    page_address,
    the_assistant,
    the_moment,
    the_reader,
)
from server.web.pages.uploads import admit, read_file
from server.web.pages.walk_in import open_door
from server.web.rooms import BEGAN

NOT_YOURS = "这件作品不是您的，打不开。"


def show_work(number: int) -> str:
    return _show(number)


def take_file(number: int) -> Response | tuple[str, int]:
    """Take one file in, or let one go; refused, the work is as it was."""
    began = began_at()
    admit(partial(_own, number=number))
    try:
        if request.args.get("drop"):
            check_form()
            with the_assistant().storage.write() as session:
                work, reader = _own(session, number)
                place = int(request.form.get("place", "0") or 0)
                files.drop(session, work, place, reader, began)
        else:
            _take(number, began)
    except PageRefusal:
        raise
    except (Refusal, ValueError) as refusal:
        told = str(refusal) if isinstance(refusal, Refusal) else NOTHING
        return _show(number, told), 400
    except RequestEntityTooLarge:
        drain()
        return _show(number, _say_too_large(number)), 413
    return redirect(page_address(request.path), 303)


def _take(number: int, began: datetime) -> None:
    with the_assistant().storage.read() as session:
        work, _ = _own(session, number)
        most = most_of(work, _film_most())
    file = read_file(most)
    with the_assistant().storage.read() as session:
        work, _ = _own(session, number)
        files.check_may_change(session, work, began)
    upload = read_upload(work, file.filename or "", file.stream)
    kept = None
    if upload.content is None:
        kept = _keep_film(number, upload, file.stream, began)
    try:
        with the_assistant().storage.write() as session:
            work, reader = _own(session, number)
            files.take_in(session, work, upload, reader, began, kept)
    except Refusal:
        if kept is not None:
            with the_assistant().storage.write() as session:
                enclosures.drop_unneeded(session, {kept})
        raise


def _keep_film(number: int, upload: Upload, stream: IO[bytes], began: datetime) -> int:
    """Keep a film part by part, once it is known that it may come in."""
    storage = the_assistant().storage
    with storage.read() as session:
        work, _ = _own(session, number)
        files.check_room(session, work, upload.digest)
        name = files.name_next(session, work, upload)
    source = f"work:{number}"
    return keep_parts(storage, name, upload.mime, stream, source, began)


def _film_most() -> int:
    return the_assistant().config.works.largest * MEGA


def _say_too_large(number: int) -> str:
    with the_assistant().storage.read() as session:
        work, _ = _own(session, number)
        return say_too_large(work, most_of(work, _film_most()))


def began_at() -> datetime:
    """Return when the request's first bytes came: what began in time is in time."""
    scope = request.environ.get("asgi.scope", {})
    told = scope.get(BEGAN)
    return told.astimezone(the_moment().tzinfo) if told else the_moment()


def _show(number: int, fault: str = "") -> str:
    with the_assistant().storage.read() as session:
        work, _ = _own(session, number)
        there = files.files_of(session, work)
        takes = TAKES[str(work.sort)]
        return render_template(
            "m/work.html",
            work=work,
            state=WORK.state_title(work.state),
            files=there,
            facts=[_fact(each) for each in there],
            takes=takes.told,
            most=most_of(work, _film_most()) // MEGA,
            accepted=",".join(f".{each}" for each in takes.endings),
            open=_is_open(session, work),
            fault=fault,
            form=g.form,
        )


def _fact(row: WorkFile) -> str:
    if not row.digest:
        return "聊天里发的（压缩过）"
    pixels = f"，{row.width}×{row.height} 像素" if row.width else ""
    return f"{row.size / 1024 / 1024:.1f} MB{pixels}，校验 {row.digest[:12]}"


def _is_open(session: Session, work: Record) -> bool:
    try:
        files.check_may_change(session, work, the_moment())
    except Refusal:
        return False
    return True


def _own(session: Session, number: int) -> tuple[Record, Member]:
    """Find a work of the reader's, or any for whoever looks them through.

    Raises PageRefusal for anybody else's.
    """
    reader = the_reader(session)
    try:
        work = book.get(session, number, party_branch(session, reader))
    except Refusal:
        raise PageRefusal(404, NOTHING) from None
    if work.kind != WORK.name or work.withdrawn_at:
        raise PageRefusal(404, NOTHING)
    office = gallery.sees_all(reader, standing(session, reader))
    if not office and not parties.is_about(session, work, reader):
        raise PageRefusal(403, NOT_YOURS)
    return work, reader


def show_jury(number: int) -> str:
    return _judge(number)


def take_marks(number: int) -> Response | tuple[str, int]:
    """Take a judge's marks of one work."""
    check_form()
    try:
        with the_assistant().storage.write() as session:
            call, juror, reader = _on_jury(session, number)
            work = entries.find_marked(session, call, _number("mark"))
            marks = None if request.form.get("recuse") else _marks()
            judging.score(session, call, work, juror, marks, reader, the_moment())
    except PageRefusal:
        raise
    except Refusal as refusal:
        return _judge(number, str(refusal)), 400
    return redirect(page_address(request.path), 303)


def _marks() -> Marks:
    comment = request.form.get("comment", "").strip()
    return Marks(_number("theme"), _number("art"), _number("fresh"), comment)


def _number(name: str) -> int:
    told = request.form.get(name, "")
    if not (told.isascii() and told.isdecimal() and len(told) <= 4):
        raise Refusal("每一项都要填一个整数。")
    return int(told)


def _judge(number: int, fault: str = "") -> str:
    with the_assistant().storage.read() as session:
        call, juror, _ = _on_jury(session, number)
        papers = judging.papers_for(session, call, juror)
        return render_template(
            "m/jury.html",
            call=call,
            papers=[
                {
                    "paper": each,
                    "statement": each.work.fields.get("statement", ""),
                    "files": _shown_files(session, each.work),
                }
                for each in papers
            ],
            left=sum(not each.is_done for each in papers),
            most=judging.MOST,
            titles=judging.TITLES,
            fault=fault,
            form=g.form,
        )


def _on_jury(session: Session, number: int) -> tuple[Record, Juror, Member]:
    reader = the_reader(session)
    try:
        call = book.get(session, number, party_branch(session, reader))
        juror = judging.find_juror(session, call, reader)
    except Denied as denied:
        raise PageRefusal(403, str(denied)) from None
    except Refusal:
        raise PageRefusal(404, NOTHING) from None
    if call.state != "judging":
        raise PageRefusal(410, "这次盲评已经结束了。")
    return call, juror, reader


def _shown_files(session: Session, work: Record) -> Sequence[dict[str, Any]]:
    """Tell of each file what a page needs: no name that its author gave it."""
    return [
        {
            "id": each.id,
            "picture": not (files.is_video(each) or files.is_text(each)),
            "what": "视频" if files.is_video(each) else "文字",
        }
        for each in files.files_of(session, work)
    ]


def show_gallery(number: int) -> str:
    with the_assistant().storage.read() as session:
        reader = the_reader(session)
        call = _call(session, number, party_branch(session, reader))
        return _hang(session, call, outside=False, door="")


def like(number: int) -> Response | tuple[str, int]:
    """Note a like from the gallery."""
    check_form()
    with the_assistant().storage.write() as session:
        reader = the_reader(session)
        call = _call(session, number, party_branch(session, reader))
        try:
            work = entries.find_marked(session, call, _number("mark"))
            showing.like(session, call, work, reader, the_moment())
        except Refusal as refusal:
            raise PageRefusal(409, str(refusal)) from None
    return redirect(page_address(request.path), 303)


def show_outside(door: str) -> str:
    """Show to whoever has the address what its authors let be seen in the net."""
    with the_assistant().storage.read() as session:
        page = open_door(session, "gallery", door)
        call = session.get_one(Record, page.record_id)
        return _hang(session, call, outside=True, door=door)


def _call(session: Session, number: int, branch: Branch) -> Record:
    try:
        call = book.get(session, number, branch)
    except Refusal:
        raise PageRefusal(404, NOTHING) from None
    if call.kind != "call" or call.withdrawn_at:
        raise PageRefusal(404, NOTHING)
    return call


def _hang(session: Session, call: Record, *, outside: bool, door: str) -> str:
    hung = gallery.hang(session, call, outside=outside)
    return render_template(
        "m/gallery.html",
        call=call,
        theme=values_of(session, call).get("theme", ""),
        hung=[
            {"one": each, "files": _shown_files(session, each.work)} for each in hung
        ],
        popular=gallery.is_popular(session, call) and not outside,
        door=door,
        form="" if outside else g.form,
    )


def send_shown(number: int) -> FlaskResponse:
    """Send what may be looked at of a file: to its author, a judge, or who visits."""
    with the_assistant().storage.read() as session:
        reader = the_reader(session)
        row = session.get(WorkFile, number)
        work = session.get(Record, row.record_id) if row else None
        if row is None or work is None or not _may_look(session, work, reader):
            raise PageRefusal(404, NOTHING)
        return _send(session, row)


def send_outside(door: str, number: int) -> FlaskResponse:
    with the_assistant().storage.read() as session:
        page = open_door(session, "gallery", door)
        call = session.get_one(Record, page.record_id)
        hung = {each.id for each in showing.shown(session, call, outside=True)}
        row = session.get(WorkFile, number)
        if row is None or row.record_id not in hung:
            raise PageRefusal(404, NOTHING)
        return _send(session, row)


def _may_look(session: Session, work: Record, reader: Member) -> bool:
    branch = party_branch(session, reader)
    if work.withdrawn_at or work.branch_id != branch.id:
        return False
    if parties.is_about(session, work, reader):
        return True
    call = entries.call_of(session, work)
    if gallery.sees_all(reader, standing(session, reader)):
        return True
    if call.state == "judging":
        jury = [each.number for each in judging.jury_of(session, call)]
        return reader.id in jury and work.state == "checked"
    return work in showing.shown(session, call, outside=False)


def _send(session: Session, row: WorkFile) -> FlaskResponse:
    """Send a copy under a name that says nothing; what is no picture is saved."""
    shown = files.open_shown(session, row)
    if shown is None:
        raise PageRefusal(404, "这个文件还在收，请过一会儿再看。")
    if not files.is_video(row):
        return FlaskResponse(shown.bytes_kept, mimetype=shown.mime)
    whole = shown.bytes_kept
    response = FlaskResponse(
        _read_film(the_assistant().storage, shown.id) if whole is None else whole,
        mimetype=shown.mime,
    )
    ending = row.name[-3:].lower()
    name = f'attachment; filename="{row.id}.{ending}"'
    response.headers["Content-Disposition"] = name
    response.content_length = row.size
    return response


def _read_film(storage: Storage, number: int) -> Iterator[bytes]:
    with storage.read() as session:
        yield from read_parts(session, number)
