"""One matter, said more than once: a notice and what corrects it.

What was said last stands. Receipts are the matter's: who answered one has answered all.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import enclosures, notices
from bot.branch.notices.notices import GOOD_FOR, NOTICE, Face, Notice, State

CORRECTED = "已有更正，没有再发"


def versions(session: Session, notice: Notice) -> Sequence[Notice]:
    """List all that was written in a notice's matter, the newest first."""
    return session.scalars(
        select(Notice)
        .where(or_(Notice.id == notice.matter, Notice.corrects == notice.matter))
        .order_by(Notice.id.desc())
    ).all()


def is_out(notice: Notice, now: datetime) -> bool:
    return notice.state == State.SENT and notice.goes_at <= now


def standing(session: Session, notice: Notice, now: datetime) -> Notice:
    """Return what stands now in a notice's matter: the last of it that is out."""
    every = versions(session, notice)
    return next((each for each in every if is_out(each, now)), notice)


def corrected_by(session: Session, notice: Notice, now: datetime) -> Notice | None:
    """Return what stands in place of a notice; None if it stands itself."""
    last = standing(session, notice, now)
    return last if last.id > notice.id else None


def fold(found: Iterable[Notice], now: datetime) -> list[Notice]:
    """Leave out, of notices with the newest first, what another of them corrects."""
    left, told = [], set[int]()
    for each in found:
        if each.matter not in told:
            left.append(each)
        if is_out(each, now):
            told.add(each.matter)
    return left


def show_face(
    session: Session, notice: Notice, now: datetime, word: str = NOTICE
) -> Face:
    """Gather what is shown with the words of a notice that was published."""
    carried = enclosures.enclosed_with(session, notice.enclosed_topic)
    pictures = sum(each.is_picture for each in carried)
    return Face(
        word,
        notices.say_corrected(session, notice.corrects, now),
        notices.count_enclosed(pictures, len(carried) - pictures),
    )


def groups_told(session: Session, notice: Notice) -> list[str]:
    """List the group chats that a notice went to."""
    return outbox.addresses(session, f"{notice.topic}:robot")


def stop_outdated(session: Session, now: datetime) -> None:
    """Stop the reminders that still wait with words that were corrected since."""
    recent = select(Notice).where(
        Notice.corrects.is_not(None),
        Notice.state == State.SENT,
        Notice.goes_at > now - GOOD_FOR,
        Notice.goes_at <= now,
    )
    for notice in session.scalars(recent).all():
        stop_earlier(session, notice, now)


def stop_earlier(session: Session, notice: Notice, now: datetime) -> None:
    """Stop the reminders that wait with the words of a notice's earlier versions."""
    for each in versions(session, notice):
        if each.id < notice.id:
            outbox.cancel(session, f"{each.topic}:nudge", CORRECTED, now)
