"""Who has acknowledged which notice, when, how, and with what answer."""

from collections import Counter
from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage import Base, insert_new, take


class Receipt(Base):
    """That a member has acknowledged a notice. how: button, text or page."""

    __tablename__ = "receipt"

    notice_id: Mapped[int] = mapped_column(
        ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    at: Mapped[datetime]
    how: Mapped[str]
    choice: Mapped[str | None]

    __table_args__ = (Index("ix_receipt_member_id", "member_id"),)


def record(session: Session, receipt: Receipt) -> bool:
    """Write a receipt down; False if nothing new: the same was recorded before.

    Another choice replaces the earlier one; a mere look takes no choice away.
    """
    row = {
        "notice_id": receipt.notice_id,
        "member_id": receipt.member_id,
        "at": receipt.at,
        "how": receipt.how,
        "choice": receipt.choice,
    }
    if insert_new(session, Receipt, row):
        return True
    known = session.get_one(Receipt, (receipt.notice_id, receipt.member_id))
    take(session, known)
    if receipt.choice is None or known.choice == receipt.choice:
        return False
    known.choice, known.at, known.how = receipt.choice, receipt.at, receipt.how
    session.flush()
    return True


def count(session: Session, notice_id: int, *, chosen: bool) -> int:
    """Count the receipts; `chosen`: only those with an answer, a look is none."""
    found = select(func.count()).where(Receipt.notice_id == notice_id)
    if chosen:
        found = found.where(Receipt.choice.is_not(None))
    return session.scalar(found) or 0


def count_choices(session: Session, notice_id: int) -> Counter[str]:
    """Count the answers to a notice that asked a question."""
    rows = session.execute(
        select(Receipt.choice, func.count())
        .where(Receipt.notice_id == notice_id, Receipt.choice.is_not(None))
        .group_by(Receipt.choice)
    )
    return Counter({choice: number for choice, number in rows if choice})
