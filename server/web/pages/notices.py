"""/m/notices/<id>: a notice in full, with what it carries, and its answer.

Opening it is a look; only what is pressed answers, as it does on the card.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from flask import Response, g, redirect, render_template, request
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from bot.branch.notices import corrections, enclosures, notices, replies
from bot.branch.notices.enclosures import Enclosure
from bot.branch.notices.notices import Notice, State
from bot.branch.notices.receipts import LOOK, Receipt
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.say import say_moment
from bot.errors import Refusal
from server.web.pages.answers import PageRefusal
from server.web.pages.identity import (
    check_form,
    page_address,
    the_assistant,
    the_reader,
)
from server.web.pages.links import link_up

NUMBER = re.compile("[0-9]{1,18}")  # what a database takes as a number
# One sentence for all: whether a notice exists is none of a stranger's business.
NOT_HERE = "没有找到这条通知：可能已经撤回，或者不是发给您的。"
LONGEST_NOTE = 60
NO_FILE = "没有找到这个文件，请从通知里打开。"
NO_CHOICE = "这个选项已经没有了，请回到通知重新选。"


@dataclass(frozen=True)
class Said:
    """Another version of the same matter, and what it carries."""

    number: int
    title: str
    text: Markup
    at: str
    enclosed: list[Enclosure]


@dataclass(frozen=True)
class Sheet:
    """What a reader sees of a notice.

    heard: it was answered. until: by when to answer; closed: it is past.
    corrections: what corrects it, the last first; original: what it corrects itself.
    """

    number: int
    word: str
    corrected: str
    corrections: list["Said"]
    original: "Said | None"
    title: str
    text: Markup
    author: str
    branch: str
    at: str
    answers: tuple[str, ...]
    choice: str | None
    heard: bool
    note: str | None
    until: str
    closed: bool
    too_late: str
    enclosed: list[Enclosure]
    carries: str


def show_notice(number: str) -> str:
    assistant = the_assistant()
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        notice, member = _open_notice(session, number, now)
        receipt = Receipt(
            notice_id=notice.matter, member_id=member.id, at=now, how=LOOK
        )
        _acknowledge(session, notice, receipt)
        kept = session.get_one(Receipt, (notice.matter, member.id))
        sheet = _fill_sheet(
            session, notice, kept, now.astimezone(assistant.config.timezone)
        )
    return render_template("m/notice.html", notice=sheet, form=g.form)


def choose(number: str) -> AnyResponse:
    """Record the answer that was pressed, as the card's button would."""
    check_form()
    assistant = the_assistant()
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        notice, member = _open_notice(session, number, now)
        choice = request.form.get("choice") or None
        last = corrections.standing(session, notice, now)
        offered = last.answers if last.asking else (None,)
        if choice not in offered:
            raise PageRefusal(400, NO_CHOICE)
        receipt = Receipt(
            notice_id=notice.matter,
            member_id=member.id,
            at=now,
            how="page",
            choice=choice,
            note=request.form.get("note", "").strip()[:LONGEST_NOTE] or None,
        )
        _acknowledge(session, notice, receipt)
    return redirect(page_address(request.path), 303)


def send_file(number: str, file: int) -> Response:
    """Send a picture or file of a notice to whom the notice went."""
    assistant = the_assistant()
    with assistant.storage.read() as session:
        notice, member = _open_notice(session, number, assistant.clock.now())
        if not replies.is_planned(session, notice, member.id):
            raise PageRefusal(404, NOT_HERE)
        carried = enclosures.enclosed_with(session, notice.enclosed_topic)
        found = [each for each in carried if each.number == file and each.ready]
        if not found:
            raise PageRefusal(404, NO_FILE)
        kept = enclosures.open_content(session, file)
        response = Response(kept.content, content_type=kept.mime)
    if not found[0].is_picture:
        name = quote(found[0].name, safe="")
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _open_notice(session: Session, number: str, now: datetime) -> tuple[Notice, Member]:
    """Find a notice that is out, and who asks for it."""
    member = the_reader(session)
    try:
        notice = (
            notices.find(session, int(number)) if NUMBER.fullmatch(number) else None
        )
    except Refusal:
        notice = None
    if notice is None or notice.state != State.SENT or notice.goes_at > now:
        raise PageRefusal(404, NOT_HERE)
    return notice, member


def _acknowledge(session: Session, notice: Notice, receipt: Receipt) -> None:
    """Write a receipt down; what is not meant for a member is not there for her."""
    try:
        replies.acknowledge(session, notice, receipt)
    except replies.NotMeant:
        raise PageRefusal(404, NOT_HERE) from None
    except Refusal as refusal:
        raise PageRefusal(409, str(refusal)) from None


def _fill_sheet(
    session: Session, notice: Notice, receipt: Receipt, now: datetime
) -> Sheet:
    every = corrections.versions(session, notice)
    last = corrections.standing(session, notice, now)
    out = [each for each in every if corrections.is_out(each, now)]
    first = next((each for each in out if each.id == notice.corrects), None)
    if first and not replies.is_planned(session, first, receipt.member_id):
        first = None
    return Sheet(
        number=notice.id,
        word="更正" if notice.corrects else "通知",
        corrected=notices.say_corrected(session, notice.corrects, now),
        corrections=[
            _repeat(session, each, now) for each in out if each.id > notice.id
        ],
        original=_repeat(session, first, now) if first else None,
        title=notice.title,
        text=link_up(notice.text),
        author=session.get_one(Member, notice.author_id).called,
        branch=session.get_one(Branch, notice.branch_id).name,
        at=say_moment(notice.goes_at, now),
        answers=tuple(last.choices["offered"]),
        choice=receipt.choice,
        heard=receipt.how != LOOK,
        note=receipt.note,
        until=say_moment(last.deadline, now) if last.deadline else "",
        closed=last.deadline is not None and now > last.deadline,
        too_late=replies.too_late(session, receipt.member_id),
        enclosed=enclosures.enclosed_with(session, notice.enclosed_topic),
        carries=corrections.show_face(session, notice, now).carries,
    )


def _repeat(session: Session, notice: Notice, now: datetime) -> Said:
    enclosed = enclosures.enclosed_with(session, notice.enclosed_topic)
    return Said(
        notice.id,
        notice.title,
        link_up(notice.text),
        say_moment(notice.goes_at, now),
        enclosed,
    )
