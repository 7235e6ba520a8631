"""/m/sign-in/<page>: who scans the code at the door signs in, each for oneself.

WeCom tells who it is; where somebody stands is neither asked nor kept.
"""

from datetime import datetime

from flask import g, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from bot.branch.meetings import attendees, codes, doors
from bot.branch.meetings.meetings import Meeting, say
from bot.errors import Refusal
from server.web.pages.answers import PageRefusal
from server.web.pages.identity import (
    check_form,
    page_address,
    the_assistant,
    the_moment,
    the_reader,
)

NOT_HERE = "没有找到这次会，请重新扫会场上的二维码。"


def show_meeting(page: str) -> str:
    with the_assistant().storage.read() as session:
        return _show(session, page)


def sign(page: str) -> Response | tuple[str, int]:
    """Sign in who is recognised; where that is refused, say why."""
    check_form()
    try:
        with the_assistant().storage.write() as session:
            reader, meeting = the_reader(session), _open(session, page)
            doors.sign_in(session, meeting, reader, "page", the_moment())
    except PageRefusal:
        raise
    except Refusal as refusal:
        with the_assistant().storage.read() as session:
            return _show(session, page, str(refusal)), 409
    return redirect(page_address(request.path), 303)


def _show(session: Session, page: str, fault: str = "") -> str:
    reader, meeting, now = the_reader(session), _open(session, page), the_moment()
    row = attendees.find(session, meeting, reader.id)
    came = row.came_at if row else None
    at = came.astimezone(now.tzinfo).strftime("%H:%M") if came else ""
    if not came and not fault:
        fault = _closed(meeting, now)
    return render_template(
        "m/sign_in.html",
        title=meeting.title,
        said=say(meeting, now),
        name=reader.called,
        at=at,
        late=bool(row and row.late),
        fault=fault,
        form=g.form,
    )


def _closed(meeting: Meeting, now: datetime) -> str:
    """Say why nobody signs in now; "" where the door is open."""
    try:
        doors.check_open(meeting, now)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _open(session: Session, page: str) -> Meeting:
    """Find the meeting whose page it is. Raises PageRefusal for any other address."""
    meeting = codes.find_page(session, page)
    if meeting is None:
        raise PageRefusal(404, NOT_HERE)
    return meeting
