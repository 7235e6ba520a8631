"""Members' phone numbers, for whom WeCom does not reach: sealed, and only if wanted.

Kept only where [roster] phones is on. Who looks at one is written in the audit.
"""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people import audit
from bot.branch.people.members import Member
from bot.storage.database import Base, Id, put_row
from bot.storage.encrypted import Sealed

LOOKED_UP = "phone.view"


class Phone(Base):
    __tablename__ = "phone"

    member_id: Mapped[int] = mapped_column(
        Id, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[str] = mapped_column(Sealed)
    at: Mapped[datetime]


def keep(session: Session, member: Member, number: str, now: datetime) -> bool:
    """Keep a number; False if it was the same before."""
    known = session.get(Phone, member.id)
    if known and known.number == number:
        return False
    put_row(session, Phone, {"member_id": member.id, "number": number, "at": now})
    return True


def look_up(
    session: Session, member: Member, actor: Member | None, now: datetime
) -> str | None:
    """Return a member's number, and write down who saw it."""
    known = session.get(Phone, member.id)
    if known is None:
        return None
    audit.note(session, actor, LOOKED_UP, now, subjects=[member.id])
    return known.number


def own(session: Session, member: Member) -> str | None:
    """Return a member's own number, the middle hidden: a screen has bystanders."""
    known = session.get(Phone, member.id)
    return f"{known.number[:3]}****{known.number[-4:]}" if known else None
