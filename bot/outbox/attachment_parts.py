"""Files too large to be held in memory: kept beside their attachment, a part a row."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import file_digest, sha256
from typing import IO
from uuid import uuid4

from sqlalchemy import ForeignKey, LargeBinary, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.outbox.attachments import Attachment
from bot.storage.database import Base, Storage

PART = 1024 * 1024
AT_ONCE = 4
"""Parts in one transaction: others write in between."""


class AttachmentPart(Base):
    """A part of an attachment's bytes, in order of place from 0; none is empty."""

    __tablename__ = "attachment_part"

    attachment_id: Mapped[int] = mapped_column(
        ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)


def digest_of(file: IO[bytes]) -> tuple[str, int]:
    """Return the sha256 of a file from here on, and its size in bytes."""
    begins = file.tell()
    digest = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any IO
    return digest, file.tell() - begins


def keep_parts(  # noqa: PLR0913  # a file has a name, a type and an origin
    storage: Storage, name: str, mime: str, file: IO[bytes], source: str, now: datetime
) -> int:
    """Keep a file part by part, in short transactions; return its attachment's id.

    source: for what it was taken in; what nobody asks for in the end is let go.
    """
    row = Attachment(
        digest=sha256(f"parts:{uuid4()}".encode()).hexdigest(),
        name=name,
        mime=mime,
        source=source,
        kept_at=now,
    )
    with storage.write() as session:
        session.add(row)
        session.flush()
        number = row.id
    place = 0
    while some := [part for _ in range(AT_ONCE) if (part := file.read(PART))]:
        rows = [
            {"attachment_id": number, "place": place + at, "content": part}
            for at, part in enumerate(some)
        ]
        with storage.write() as session:
            session.execute(insert(AttachmentPart), rows)
        place += len(some)
    return number


def read_parts(session: Session, number: int) -> Iterator[bytes]:
    """Give an attachment's bytes, never more than a part at once."""
    place, asked = 0, select(AttachmentPart.content)
    mine = AttachmentPart.attachment_id == number
    while part := session.scalar(asked.where(mine, AttachmentPart.place == place)):
        yield part
        place += 1


def size_of(session: Session, number: int) -> int:
    """Return how many bytes of an attachment lie in parts."""
    length = func.sum(func.length(AttachmentPart.content))
    return session.scalar(select(length).filter_by(attachment_id=number)) or 0
