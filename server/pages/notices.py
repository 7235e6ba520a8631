"""/m/notices/<id>: a notice in full; opening it is a receipt."""

import re
from dataclasses import dataclass
from datetime import datetime

from flask import g, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from bot.branch import members, notices
from bot.branch.members import Member
from bot.branch.notices import Notice, State
from bot.branch.receipts import Receipt
from bot.branch.tree import Branch
from bot.errors import Refusal
from server.pages.answers import PageRefusal
from server.pages.identity import STRANGER, the_assistant
from server.pages.links import link_up

NUMBER = re.compile("[0-9]{1,18}")  # what a database takes as a number
# One sentence for all: whether a notice exists is none of a stranger's business.
NOT_HERE = "没有找到这条通知：可能已经撤回，或者不是发给您的。"


@dataclass(frozen=True)
class Sheet:
    """What a reader sees of a notice."""

    word: str
    title: str
    text: Markup
    author: str
    branch: str
    at: str
    answers: tuple[str, ...]
    choice: str | None


def show_notice(number: str) -> str:
    assistant = the_assistant()
    now = assistant.clock.now()
    with assistant.storage.write() as session:
        member = members.find(session, g.userid)
        if member is None:
            raise PageRefusal(403, STRANGER)
        try:
            notice = _open_notice(session, number, member, now)
        except Refusal:
            raise PageRefusal(404, NOT_HERE) from None
        receipt = session.get_one(Receipt, (notice.id, member.id))
        at = notice.goes_at.astimezone(assistant.config.timezone)
        sheet = _fill_sheet(session, notice, receipt, at)
    return render_template("m/notice.html", notice=sheet)


def _open_notice(
    session: Session, number: str, member: Member, now: datetime
) -> Notice:
    """Find a notice that went to the member, and record that it is read."""
    if not NUMBER.fullmatch(number):
        raise Refusal(NOT_HERE)
    notice = notices.find(session, int(number))
    if notice.state != State.SENT or notice.goes_at > now:
        raise Refusal(NOT_HERE)
    receipt = Receipt(notice_id=notice.id, member_id=member.id, at=now, how="page")
    notices.acknowledge(session, notice, receipt)
    return notice


def _fill_sheet(
    session: Session, notice: Notice, receipt: Receipt, at: datetime
) -> Sheet:
    return Sheet(
        word="更正" if notice.corrects else "通知",
        title=notice.title,
        text=link_up(notice.text),
        author=session.get_one(Member, notice.author_id).name,
        branch=session.get_one(Branch, notice.branch_id).name,
        at=f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}",
        answers=tuple(notice.choices["offered"]),
        choice=receipt.choice,
    )
