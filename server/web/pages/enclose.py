"""/m/enclose/<door>: a secretary puts a picture or file into the open draft.

WeCom brings no file that a member sends to an app (path/90239), so there is this page.
"""

from functools import partial

from flask import g, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from bot.branch.notices import enclosures, previews, upload
from bot.branch.notices.notices import make_title
from bot.branch.notices.upload import Opened
from bot.errors import Denied, Refusal
from server.web.pages.answers import PageRefusal, drain
from server.web.pages.identity import page_address, the_assistant, the_reader
from server.web.pages.uploads import admit, read_file

NOTHING_CHOSEN = "还没有选图片或文件。"


def show_door(door: str) -> str:
    return _show(door)


def take_in(door: str) -> Response | tuple[str, int]:
    """Take one file; where it is refused, say why and leave the draft as it was."""
    admit(partial(_open, door=door))
    try:
        file = read_file(enclosures.FILE_MOST, NOTHING_CHOSEN)
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
