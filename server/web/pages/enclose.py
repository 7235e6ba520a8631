"""/m/enclose/<door>: a secretary puts a picture or file into the open draft.

WeCom brings no file that a member sends to an app (path/90239), so there is this page.
"""

from flask import g, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from bot.branch.notices import enclosures, previews, upload
from bot.branch.notices.notices import make_title
from bot.branch.notices.upload import Opened
from bot.errors import Denied, Refusal
from server.web.pages.answers import PageRefusal, drain
from server.web.pages.identity import (
    TOO_FAST,
    check_form,
    page_address,
    the_assistant,
    the_reader,
)
from server.web.rate_limit import the_gate

FORM = 64 * 1024  # what a form has besides the file
NOTHING_CHOSEN = "还没有选图片或文件。"


def show_door(door: str) -> str:
    return _show(door)


def take_in(door: str) -> Response | tuple[str, int]:
    """Take one file; where it is refused, say why and leave the draft as it was."""
    if not the_gate().uploads.take(g.userid):
        drain()
        raise PageRefusal(429, TOO_FAST)
    _check_door(door)
    try:
        file = _read_file()
        with the_assistant().storage.write() as session:
            opened = _open(session, door, lock=True)
            upload.enclose(session, opened, file.filename or "", file.read())
    except PageRefusal:
        raise
    except Refusal as refusal:
        return _show(door, str(refusal)), 400
    except RequestEntityTooLarge:
        drain()
        return _show(door, enclosures.TOO_LARGE), 413
    the_assistant().wake()
    return redirect(page_address(request.path), 303)


def _check_door(door: str) -> None:
    """Look before anything of the file is read."""
    try:
        with the_assistant().storage.read() as session:
            _open(session, door)
    except PageRefusal:
        drain()
        raise


def _read_file() -> FileStorage:
    """Read the form; what is larger than a file may be is read into nothing.

    Of what is read, werkzeug keeps half a megabyte in memory, the rest in a file.
    """
    request.max_content_length = enclosures.FILE_MOST + FORM
    check_form()
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refusal(NOTHING_CHOSEN)
    return file


def _show(door: str, fault: str = "") -> str:
    with the_assistant().storage.read() as session:
        opened = _open(session, door)
        draft = opened.draft
        return render_template(
            "m/enclose.html",
            title=make_title(draft.text) if draft.text else "",
            enclosed=previews.list_enclosed(session, draft),
            accepted=",".join([*enclosures.PICTURES, *sorted(enclosures.FILES)]),
            kinds=enclosures.KINDS,
            fault=fault,
            form=g.form,
        )


def _open(session: Session, door: str, *, lock: bool = False) -> Opened:
    the_reader(session)
    kept = the_assistant()
    try:
        return upload.open_door(
            session, door, g.userid, kept.config, kept.clock.now(), lock=lock
        )
    except Denied as denied:
        raise PageRefusal(403, str(denied)) from None
    except Refusal as refusal:
        raise PageRefusal(410, str(refusal)) from None
