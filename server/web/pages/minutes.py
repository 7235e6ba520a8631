"""/m/minutes/<page>: minutes written in Word are taken into a meeting's draft.

WeCom brings no file that a member sends to an app (path/90239), so there is this page.
"""

from functools import partial

from flask import g, render_template
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from bot.branch.meetings import codes, minutes
from bot.branch.meetings.meetings import Meeting, say
from bot.branch.meetings.minutes_paper import read_paper
from bot.branch.people.members import Member
from bot.branch.people.tree import home
from bot.errors import Denied, Refusal
from bot.files.documents import MAX_BYTES, TOO_LARGE
from bot.understanding.slots.scope import Scope
from handlers.meetings.taking_in import TakenIn, take_in
from server.web.pages.answers import PageRefusal, drain
from server.web.pages.identity import the_assistant, the_moment, the_reader
from server.web.pages.uploads import admit, read_file

NOT_HERE = "没有找到这次会，请在聊天里重新说“上传会议记录”。"


def show_minutes(page: str) -> str:
    return _show(page)


def take_minutes(page: str) -> str | tuple[str, int]:
    """Take one file in; where it is refused, say why and leave the draft as it was."""
    admit(partial(_open, page=page))
    try:
        file = read_file(MAX_BYTES)
        paper = read_paper(file.filename or "", file.read())
        with the_assistant().storage.write() as session:
            meeting, reader = _open(session, page)
            scope = Scope(session, home(session, meeting.branch_id))
            taken = take_in(scope, meeting, paper, reader, the_moment())
    except PageRefusal:
        raise
    except Refusal as refusal:
        return _show(page, fault=str(refusal)), 400
    except RequestEntityTooLarge:
        drain()
        return _show(page, fault=TOO_LARGE), 413
    return _show(page, taken)


def _show(page: str, taken: TakenIn | None = None, fault: str = "") -> str:
    with the_assistant().storage.read() as session:
        meeting, _ = _open(session, page)
        return render_template(
            "m/minutes.html",
            title=meeting.title,
            said=say(meeting, the_moment()),
            taken=taken,
            fault=fault,
            form=g.form,
        )


def _open(session: Session, page: str) -> tuple[Meeting, Member]:
    """Find the meeting of a page, and its writer. Raises PageRefusal."""
    reader = the_reader(session)
    meeting = codes.find_page(session, page, "minutes")
    if meeting is None:
        raise PageRefusal(404, NOT_HERE)
    try:
        minutes.check_writer(session, meeting, reader)
    except Denied as denied:
        raise PageRefusal(403, str(denied)) from None
    return meeting, reader
