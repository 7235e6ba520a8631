"""The secret address of a member's calendar: who has it reads it, until it is revoked.

The database keeps a digest: the address is shown when it is made, and never again.
"""

from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.storage.database import Base, Id, put_row

LONGEST = 64


class CalendarAddress(Base):
    """digest: of the address's own part."""

    __tablename__ = "calendar_address"

    member_id: Mapped[int] = mapped_column(
        Id, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]


def make(session: Session, member: Member, now: datetime) -> str:
    """Make an address's own part; the one before is worth nothing from now on."""
    own_part = token_urlsafe(24)
    row = {"member_id": member.id, "digest": _digest(own_part), "made_at": now}
    put_row(session, CalendarAddress, row)
    return own_part


def revoke(session: Session, member: Member) -> None:
    mine = CalendarAddress.member_id == member.id
    session.execute(delete(CalendarAddress).where(mine))


def made_at(session: Session, member: Member) -> datetime | None:
    """Tell since when a member has an address; None: has none."""
    found = session.get(CalendarAddress, member.id)
    return found.made_at if found else None


def whose(session: Session, own_part: str) -> Member | None:
    """Tell whose calendar it is; None where nobody's, or of who has left."""
    mine = CalendarAddress.digest == _digest(own_part[:LONGEST])
    return session.scalar(
        select(Member)
        .join(CalendarAddress, CalendarAddress.member_id == Member.id)
        .where(mine, Member.state == "active")
    )


def _digest(own_part: str) -> str:
    return sha256(own_part.encode()).hexdigest()
