"""A branch's notices, and one notice's people, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session

from bot.branch.notices.notices import Notice, State
from bot.branch.notices.reach import LINE, Line, counts, owes, planned
from bot.branch.notices.receipts import LOOK, Receipt
from bot.branch.people.tree import Branch
from bot.outbox import Letter, Recipient


@dataclass(frozen=True)
class Listed:
    """A notice in the history. answered: how many answered it or what corrects it."""

    notice: Notice
    planned: int
    answered: int


def count(session: Session, branch: Branch, words: str = "") -> int:
    return session.scalar(_within(branch, words, func.count())) or 0


def count_sent(
    session: Session, branch: Branch, first: datetime, end: datetime, now: datetime
) -> int:
    """Count the notices of a branch and below that went out in a span of time."""
    gone = _within(branch, "", func.count()).where(
        Notice.state == State.SENT,
        Notice.goes_at >= first,
        Notice.goes_at < end,
        Notice.goes_at <= now,
    )
    return session.scalar(gone) or 0


def turn(
    session: Session, branch: Branch, words: str, offset: int, limit: int
) -> list[Listed]:
    """List notices of a branch and below, the newest first. words: in the text."""
    planned = (
        select(func.coalesce(func.sum(Letter.planned), 0))
        .where(Letter.topic == func.concat("notice:", Notice.id))
        .scalar_subquery()
    )
    answered = (
        select(func.count())
        .select_from(Receipt)
        .where(
            Receipt.notice_id == func.coalesce(Notice.corrects, Notice.id),
            Receipt.how != LOOK,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        _within(branch, words, Notice, planned, answered)
        .order_by(Notice.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [Listed(*row) for row in rows]


def people(
    session: Session, notice: Notice, which: str, offset: int, limit: int
) -> list[Line]:
    """List some of the planned: which says who, as `WHICH` names them."""
    rows = session.execute(
        _planned(session, notice, which, *LINE)
        .order_by(Recipient.id)
        .offset(offset)
        .limit(limit)
    )
    return [Line(*row) for row in rows]


def count_people(session: Session, notice: Notice, which: str) -> int:
    return session.scalar(_planned(session, notice, which, func.count())) or 0


def opened_at(
    session: Session, notice: Notice, people: Sequence[int]
) -> dict[int, datetime]:
    """Tell when those who only looked opened the page."""
    looks = (
        Receipt.notice_id == notice.matter,
        Receipt.member_id.in_(people),
        Receipt.how == LOOK,
    )
    rows = session.execute(select(Receipt.member_id, Receipt.at).where(*looks))
    return dict(rows.all())


ALL, SILENT, OPENED, REFUSED, ANSWERED = "", "silent", "opened", "refused", "answered"
CHOICE = "choice:"
WHICH = {
    ALL: "全部",
    SILENT: "还没回复",
    OPENED: "打开了没回复",
    ANSWERED: "已回复",
    REFUSED: "没送到",
}


def _planned(
    session: Session, notice: Notice, which: str, *columns: Any
) -> Select[Any]:
    return planned(session, notice, *columns).where(*_who(notice, which))


def _who(notice: Notice, which: str) -> list[ColumnElement[bool]]:
    looked = Receipt.how == LOOK
    match which:
        case "silent":
            return [~func.coalesce(counts(notice), false()), owes(notice)]
        case "opened":
            return [looked, owes(notice)]
        case "answered":
            return [counts(notice)]
        case "refused":
            return [Recipient.state == "refused"]
    if which.startswith(CHOICE):
        return [Receipt.choice == which.removeprefix(CHOICE), Receipt.how != LOOK]
    return []


def _within(branch: Branch, words: str, *columns: Any) -> Select[Any]:
    found = (
        select(*columns)
        .select_from(Notice)
        .join(Branch, Branch.id == Notice.branch_id)
        .where(Branch.path.startswith(branch.path))
    )
    if words:
        said = Notice.text.contains(words, autoescape=True)
        found = found.where(or_(said, Notice.title.contains(words, autoescape=True)))
    return found


def say_stand(notice: Notice, now: datetime) -> str:
    """Say in a word where a notice stands."""
    if notice.state == State.AWAITING:
        return "等审批"
    if notice.state == State.WITHDRAWN:
        return "已撤回"
    return "待发" if notice.goes_at > now else "已发出"
