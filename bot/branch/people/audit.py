"""Who looked at or took out whose record: written down for good, never changed.

The database itself refuses to change or delete a line (a trigger of the migration).
Details never hold what was seen: no names, no contents, only what kind it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.storage.database import Base, Id

CLI = "cli"
LONGEST = 255
GONE = "一位已不在名册的同志"


class Audit(Base):
    """One look. actor: a member's id, or "cli" for the operator of the machine.

    action: what was done, "birthday.view". subject_id: whose record it was; None where
    it was nobody's in particular. No foreign keys: a line outlives whom it tells of.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject_id: Mapped[int | None] = mapped_column(Id)
    branch_id: Mapped[int | None] = mapped_column(Id)
    details: Mapped[str] = mapped_column(default="")

    __table_args__ = (Index("ix_audit_subject_id", "subject_id", "at"),)


@dataclass(frozen=True)
class Look:
    """That somebody looked. who: a name, or None for the operator."""

    at: datetime
    who: str | None
    action: str
    details: str


def note(  # noqa: PLR0913  # a line has many words
    session: Session,
    actor: Member | None,
    action: str,
    now: datetime,
    *,
    subjects: Sequence[int] = (),
    branch: Branch | None = None,
    details: str = "",
) -> None:
    """Write down that somebody saw or took out records, in the same transaction.

    actor: None for the operator at the command line. subjects: the ids of the members
    whose records they were, a line each; without any, one line of nobody's.
    """
    line: dict[str, Any] = {
        "at": now,
        "actor": str(actor.id) if actor else CLI,
        "action": action,
        "branch_id": branch.id if branch else None,
        "details": details[:LONGEST],
    }
    whose: Sequence[int | None] = subjects or (None,)
    session.execute(insert(Audit), [{**line, "subject_id": each} for each in whose])


def seen(session: Session, member: Member, limit: int = 20) -> list[Look]:
    """List who looked at a member's record, the latest first; own looks left out."""
    rows = session.scalars(
        select(Audit)
        .where(Audit.subject_id == member.id, Audit.actor != str(member.id))
        .order_by(Audit.at.desc(), Audit.id.desc())
        .limit(limit)
    ).all()
    names = _names(session, {row.actor for row in rows})
    return [Look(row.at, names.get(row.actor), row.action, row.details) for row in rows]


def _names(session: Session, actors: set[str]) -> dict[str, str]:
    ids = [int(actor) for actor in actors if actor != CLI]
    known = session.execute(select(Member.id, Member.called).where(Member.id.in_(ids)))
    names = {str(key): name for key, name in known}
    return {str(key): names.get(str(key), GONE) for key in ids}
