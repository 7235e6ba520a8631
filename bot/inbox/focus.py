"""What somebody spoke of last, in one conversation: 刚才那个, 同样的再发一份, 第一个.

One thing of each kind, for a while; the kinds are the topics' own words.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.database import Base, put_row

LASTS = timedelta(hours=12)
LIST = "list"


class Focus(Base):
    __tablename__ = "focus"

    thread: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    details: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]


@dataclass(frozen=True)
class Spoken:
    """What was spoken of, and how long ago."""

    kind: str
    kept: dict[str, Any]
    age: timedelta


def note(
    session: Session, thread: str, kind: str, details: dict[str, Any], now: datetime
) -> None:
    """Remember what was spoken of; it takes the place of the last of that kind."""
    row = {"thread": thread, "kind": kind, "details": details}
    put_row(session, Focus, {**row, "expires_at": now + LASTS})


def find(
    session: Session, thread: str, kind: str, now: datetime
) -> dict[str, Any] | None:
    found = select(Focus.details).where(
        Focus.thread == thread, Focus.kind == kind, Focus.expires_at > now
    )
    return session.scalar(found)


def every(session: Session, thread: str, now: datetime) -> list[Spoken]:
    """List what was spoken of, the last first."""
    found = (
        select(Focus.kind, Focus.details, Focus.expires_at)
        .where(Focus.thread == thread, Focus.expires_at > now)
        .order_by(Focus.expires_at.desc(), Focus.kind)
    )
    rows = session.execute(found)
    return [Spoken(kind, kept, LASTS - (until - now)) for kind, kept, until in rows]


def drop(session: Session, thread: str, kind: str) -> None:
    """Forget what was spoken of last of a kind: it is taken up again."""
    mine = (Focus.thread == thread, Focus.kind == kind)
    session.execute(delete(Focus).where(*mine))


def drop_all(session: Session, thread: str) -> None:
    """Forget a conversation, in whatever case its account is written."""
    session.execute(delete(Focus).where(func.lower(Focus.thread) == thread))


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(Focus).where(Focus.expires_at <= now))
