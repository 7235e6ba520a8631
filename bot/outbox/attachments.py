"""Pictures and files that letters carry, kept once each."""

from base64 import b64decode, b64encode
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from sqlalchemy import LargeBinary, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.outbox.ways import CHANNELS, PEOPLE
from bot.storage.database import Base, Id, add_new
from bot.storage.encrypted import Sealed, can_seal
from bot.storage.prepared import Prepared

# How a JPG and a PNG begin: all that WeCom takes as a picture (path/90253, 99110).
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class Attachment(Base):
    """A picture or file. content None: still to be fetched, by the media id source.

    sealed: the bytes, in base64, of what must not be readable where it is kept.
    """

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    mime: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    source: Mapped[str | None]
    kept_at: Mapped[datetime]
    sealed: Mapped[str | None] = mapped_column(Sealed)

    @property
    def bytes_kept(self) -> bytes | None:
        """What it holds; None if it is still to be fetched."""
        return self.content if self.sealed is None else b64decode(self.sealed)


_KNOWN = Prepared(select(Attachment.id).where(Attachment.digest == bindparam("mark")))


def find(session: Session, mark: str) -> int | None:
    """Return the id of what was kept under a mark of the caller's own."""
    number: int | None = _KNOWN.value(session, mark=mark)
    return number


def is_file(session: Session, number: int) -> bool:
    """Tell whether it is sent as a file: it is no picture that a chat shows."""
    return not session.get_one(Attachment, number).mime.startswith("image/")


def keep(  # noqa: PLR0913  # a file has a name, a type and a mark
    session: Session,
    name: str,
    mime: str,
    content: bytes,
    now: datetime,
    mark: str | None = None,
) -> int:
    """Keep a file; the same bytes under the same name are kept once. Return its id.

    mark: a digest of what it was made from, to find it by without making it again.
    """
    digest = mark or sha256(name.encode() + b"\0" + content).hexdigest()
    row = {
        "digest": digest,
        "name": name,
        "mime": mime,
        "content": content,
        "kept_at": now,
    }
    return _keep(session, row)


def keep_private(  # noqa: PLR0913  # a file has a name, a type and an origin
    session: Session,
    name: str,
    mime: str,
    content: bytes,
    now: datetime,
    source: str | None = None,
) -> int:
    """Keep a file sealed, where there is a key; return its id.

    source: for what it was taken in; what is never asked for is let go.
    """
    if not can_seal(session) and source is None:
        return keep(session, name, mime, content, now)
    row: dict[str, Any] = {
        "digest": sha256(f"private:{uuid4()}".encode()).hexdigest(),
        "name": name,
        "mime": mime,
        "source": source,
        "kept_at": now,
    }
    if can_seal(session):
        row["sealed"] = b64encode(content).decode()
    else:
        row["content"] = content
    return _keep(session, row)


def promise(
    session: Session, name: str, media_id: str, now: datetime, channel: str = PEOPLE
) -> int:
    """Note a picture that a member sent; whoever notes it has it fetched.

    channel: where it was sent, and can be fetched.
    """
    if channel != PEOPLE:
        media_id = f"{channel}:{media_id}"
    digest = sha256(f"media:{media_id}".encode()).hexdigest()
    row = {
        "digest": digest,
        "name": name,
        "mime": "image/jpeg",
        "source": media_id,
        "kept_at": now,
    }
    return _keep(session, row)


def _keep(session: Session, row: dict[str, Any]) -> int:
    number = find(session, row["digest"]) or add_new(session, Attachment, row)
    if number is None:  # another was faster
        number = find(session, row["digest"])
    assert number
    return number


def read_source(source: str) -> tuple[str, str]:
    """Tell in which channel something can be fetched, and by which id."""
    channel, parted, media_id = source.partition(":")
    return (channel, media_id) if parted and channel in CHANNELS else (PEOPLE, source)


def get(session: Session, number: int) -> Attachment | None:
    return session.get(Attachment, number)


def source_of(session: Session, number: int) -> str | None:
    """Return by which media id a picture is still to be fetched; None if it is here."""
    return session.scalar(
        select(Attachment.source).where(
            Attachment.id == number,
            Attachment.content.is_(None),
            Attachment.sealed.is_(None),
        )
    )


def fill(session: Session, number: int, content: bytes) -> None:
    """Keep the bytes of what was only noted so far."""
    session.execute(
        update(Attachment).where(Attachment.id == number).values(content=content)
    )


def forget(session: Session, ids: Collection[int]) -> None:
    session.execute(delete(Attachment).where(Attachment.id.in_(ids)))
