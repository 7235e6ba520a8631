"""Pages for whom the roster does not know: each behind an address nobody guesses.

Whoever has the address may do the one thing that it is for, until it is closed or over.
"""

from datetime import datetime
from secrets import token_urlsafe
from typing import Literal, TypeAlias

from sqlalchemy import ColumnElement, ForeignKey, Index, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.storage.database import Base, Id

Purpose: TypeAlias = Literal["visit", "service", "gallery"]
LONGEST = 64


class OpenPage(Base):
    """record_id: what it is about; None: the branch. goes_at: until when it is good."""

    __tablename__ = "open_page"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    door: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    record_id: Mapped[int | None] = mapped_column(
        ForeignKey("record.id", ondelete="CASCADE"), index=True
    )
    given_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
    goes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_open_page_branch_id_purpose", "branch_id", "purpose"),)


def give(  # noqa: PLR0913  # for what, whose, by whom, how long
    session: Session,
    purpose: Purpose,
    branch_id: int,
    by: Member,
    now: datetime,
    *,
    record_id: int | None = None,
    goes_at: datetime | None = None,
) -> OpenPage:
    """Return the page that is open for it, or open one."""
    rows = select(OpenPage).where(*_of(purpose, branch_id, record_id))
    for row in session.scalars(rows):
        if row.goes_at is None or row.goes_at > now:
            return row
    row = OpenPage(
        door=token_urlsafe(24),
        purpose=purpose,
        branch_id=branch_id,
        record_id=record_id,
        given_by=by.id,
        at=now,
        goes_at=goes_at,
        closed_at=None,
    )
    session.add(row)
    session.flush()
    return row


def find(
    session: Session, purpose: Purpose, door: str, now: datetime
) -> OpenPage | None:
    """Find an open page by its address; None for one that is closed, or none."""
    if not 0 < len(door) <= LONGEST:
        return None
    row = session.scalar(
        select(OpenPage).where(
            OpenPage.door == door,
            OpenPage.purpose == purpose,
            OpenPage.closed_at.is_(None),
        )
    )
    over = row is None or (row.goes_at is not None and row.goes_at <= now)
    return None if over else row


def close(
    session: Session,
    purpose: Purpose,
    branch_id: int,
    now: datetime,
    *,
    record_id: int | None = None,
) -> int:
    """Close what is open for it; return how many pages that were."""
    done = update(OpenPage).where(*_of(purpose, branch_id, record_id))
    changed: int = session.execute(done.values(closed_at=now)).rowcount  # type: ignore[attr-defined]
    return changed


def _of(
    purpose: Purpose, branch_id: int, record_id: int | None
) -> tuple[ColumnElement[bool], ...]:
    about = (
        OpenPage.record_id.is_(None)
        if record_id is None
        else OpenPage.record_id == record_id
    )
    return (
        OpenPage.purpose == purpose,
        OpenPage.branch_id == branch_id,
        about,
        OpenPage.closed_at.is_(None),
    )
