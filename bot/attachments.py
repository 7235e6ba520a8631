"""Pictures and files that letters carry, kept once each."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage import Base, Id


class Attachment(Base):
    """A picture or file. content None: still to be fetched, by the media id source."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    mime: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    source: Mapped[str | None] = mapped_column(String(255))
    kept_at: Mapped[datetime]


def keep(session: Session, name: str, mime: str, content: bytes, now: datetime) -> int:
    """Keep a file; the same bytes under the same name are kept once. Return its id."""
    digest = sha256(name.encode() + b"\0" + content).hexdigest()
    known = session.scalar(select(Attachment.id).where(Attachment.digest == digest))
    if known:
        return known
    row = Attachment(digest=digest, name=name, mime=mime, content=content, kept_at=now)
    session.add(row)
    session.flush()
    return row.id


def promise(session: Session, name: str, media_id: str, now: datetime) -> int:
    """Note a picture that a member sent; it is fetched when it is to go out."""
    digest = sha256(f"media:{media_id}".encode()).hexdigest()
    known = session.scalar(select(Attachment.id).where(Attachment.digest == digest))
    if known:
        return known
    row = Attachment(
        digest=digest, name=name, mime="image/jpeg", source=media_id, kept_at=now
    )
    session.add(row)
    session.flush()
    return row.id


def forget(session: Session, ids: Collection[int]) -> None:
    session.execute(delete(Attachment).where(Attachment.id.in_(ids)))
