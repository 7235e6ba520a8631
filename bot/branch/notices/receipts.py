"""Who has opened or answered which notice, when, how, and with what answer."""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Index, extract, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.database import Base, insert_new, take

LOOK = "look"
"""How a receipt came about that is none yet: the page was opened, and no more."""


class Receipt(Base):
    """That a member has acknowledged a notice. how: button, text, page, or a LOOK.

    told: the secretary noted what was said elsewhere; the note says so.

    notice_id: the first of its matter; note: the reason given with a choice.
    """

    __tablename__ = "receipt"

    notice_id: Mapped[int] = mapped_column(
        ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    at: Mapped[datetime]
    how: Mapped[str]
    choice: Mapped[str | None]
    note: Mapped[str | None]

    __table_args__ = (Index("ix_receipt_member_id", "member_id"),)


def last_of(session: Session, member_id: int) -> Receipt | None:
    """Find what a member answered last; a look is no answer."""
    return session.scalars(
        select(Receipt)
        .where(Receipt.member_id == member_id, Receipt.how != LOOK)
        .order_by(Receipt.at.desc(), Receipt.notice_id.desc())
        .limit(1)
    ).first()


def record(session: Session, receipt: Receipt) -> bool:
    """Write a receipt down; False if nothing new: the same was recorded before.

    Another choice replaces the earlier one, another reason the earlier reason; a mere
    look takes nothing away.
    """
    row = {
        "notice_id": receipt.notice_id,
        "member_id": receipt.member_id,
        "at": receipt.at,
        "how": receipt.how,
        "choice": receipt.choice,
        "note": receipt.note,
    }
    if insert_new(session, Receipt, row):
        return True
    known = session.get_one(Receipt, (receipt.notice_id, receipt.member_id))
    take(session, known)
    same = known.choice == receipt.choice
    first = known.how == LOOK != receipt.how
    if not first and (
        receipt.choice is None or (same and receipt.note in (None, known.note))
    ):
        return False
    known.choice, known.note = receipt.choice, receipt.note
    known.at, known.how = receipt.at, receipt.how
    session.flush()
    return True


def find(session: Session, matter: int, member_id: int) -> Receipt | None:
    """Find what a member answered to a matter; a look is no answer."""
    found = session.get(Receipt, (matter, member_id))
    return found if found and found.how != LOOK else None


def take_back(session: Session, receipt: Receipt) -> None:
    """Drop an answer as if none had been given: the notice waits for one again."""
    take(session, receipt)
    session.delete(receipt)
    session.flush()


def count_by_hour(session: Session, matter: int) -> list[tuple[datetime, int]]:
    """Count a matter's answers by the hour (UTC) in which they came."""
    parts = [extract(part, Receipt.at) for part in ("year", "month", "day", "hour")]
    rows = session.execute(
        select(*parts, func.count())
        .where(Receipt.notice_id == matter, Receipt.how != LOOK)
        .group_by(*parts)
        .order_by(*parts)
    )
    counted = []
    for row in rows:
        year, month, day, hour, number = map(int, row)
        counted.append((datetime(year, month, day, hour, tzinfo=UTC), number))
    return counted
