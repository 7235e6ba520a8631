"""A form of the console is sent once: pressed twice, or after 后退, it is done once.

A form carries a key of its own. The key is written down in the transaction that does
what the form says; whoever brings it again is led to where the first one led.
"""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.storage.database import Base, Id, insert_new

REMEMBERED_FOR = timedelta(days=2)
LONGEST_KEY = 64


class ConsoleSending(Base):
    """went_to: the page that showed what came of it; said: the sentence there."""

    __tablename__ = "console_sending"

    key: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(
        Id, ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(index=True)
    went_to: Mapped[str] = mapped_column(default="", server_default="")
    said: Mapped[str] = mapped_column(default="", server_default="")


def take(session: Session, key: str, member: Member, now: datetime) -> bool:
    """Take a form's key; False where it was taken before: all is done already."""
    row = {"key": key, "member_id": member.id, "at": now, "went_to": "", "said": ""}
    return insert_new(session, ConsoleSending, row)


def find(session: Session, key: str, member: Member) -> ConsoleSending | None:
    """Find what came of a form of somebody's."""
    found = session.get(ConsoleSending, key)
    return found if found and found.member_id == member.id else None


def forget_old(session: Session, now: datetime) -> None:
    old = ConsoleSending.at <= now - REMEMBERED_FOR
    session.execute(delete(ConsoleSending).where(old))
