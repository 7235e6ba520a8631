"""寄语: a few words that colleagues write beforehand for somebody's political birthday.

Voluntary; one from each author for each birthday. The secretary may leave one out.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    UniqueConstraint,
    delete,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.errors import Refusal
from bot.storage.database import Base, Id, insert_new

LONGEST_NOTE = 40


class BirthdayNote(Base):
    __tablename__ = "birthday_note"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    year: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    text: Mapped[str]
    dropped: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("member_id", "year", "author_id"),)


@dataclass(frozen=True)
class Note:
    """What one colleague wrote. dropped: the secretary left it out."""

    id: int
    author: str
    text: str
    dropped: bool = False


def write(
    session: Session, to: tuple[int, int], author: Member, text: str, now: datetime
) -> bool:
    """Write a note for (member id, year); False if it replaced the author's earlier.

    Raises Refusal for what is too long for a card.
    """
    tidy = " ".join(text.split())
    if len(tidy) > LONGEST_NOTE:
        raise Refusal(
            f"寄语有 {len(tidy)} 字，印在贺卡上最多 {LONGEST_NOTE} 字，请再短一点。"
        )
    member_id, year = to
    key = {"member_id": member_id, "year": year, "author_id": author.id}
    if insert_new(session, BirthdayNote, {**key, "text": tidy, "at": now}):
        return True
    session.execute(
        update(BirthdayNote).where(*_own(to, author)).values(text=tidy, at=now)
    )
    return False


def find_own(session: Session, to: tuple[int, int], author: Member) -> str | None:
    """Return what an author wrote for (member id, year)."""
    return session.scalar(select(BirthdayNote.text).where(*_own(to, author)))


def withdraw(session: Session, to: tuple[int, int], author: Member) -> bool:
    """Take one's own note back; False if there was none."""
    mine = delete(BirthdayNote).where(*_own(to, author))
    return session.execute(mine.returning(BirthdayNote.id)).first() is not None


def listed(session: Session, to: tuple[int, int]) -> Sequence[Note]:
    """List the notes for (member id, year), those left out too, the oldest first."""
    member_id, year = to
    return _notes(session, [member_id], year)[member_id]


def of(
    session: Session, members: Collection[int], year: int
) -> dict[int, tuple[Note, ...]]:
    """Return the notes that are to be read out, by member."""
    return {
        member: tuple(each for each in notes if not each.dropped)
        for member, notes in _notes(session, members, year).items()
    }


def drop(session: Session, note_id: int, *, dropped: bool) -> None:
    this = update(BirthdayNote).where(BirthdayNote.id == note_id)
    session.execute(this.values(dropped=dropped))


def _own(to: tuple[int, int], author: Member) -> list[ColumnElement[bool]]:
    member_id, year = to
    return [
        BirthdayNote.member_id == member_id,
        BirthdayNote.year == year,
        BirthdayNote.author_id == author.id,
    ]


def _notes(
    session: Session, members: Collection[int], year: int
) -> dict[int, list[Note]]:
    rows = session.execute(
        select(
            BirthdayNote.member_id,
            BirthdayNote.id,
            Member.called,
            BirthdayNote.text,
            BirthdayNote.dropped,
        )
        .join(Member, Member.id == BirthdayNote.author_id)
        .where(BirthdayNote.member_id.in_(members), BirthdayNote.year == year)
        .order_by(BirthdayNote.id)
    )
    found: dict[int, list[Note]] = defaultdict(list)
    for member_id, note_id, author, text, dropped in rows:
        found[member_id].append(Note(note_id, author, text, dropped))
    return found
