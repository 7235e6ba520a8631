"""The study plan: what a branch studies on which day; what was replaced stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.storage.database import Base, Id, hold

MAX_TEXT = 200


class PlannedDay(Base):
    """What a branch studies on a day. replaced_at: another stands now, or none."""

    __tablename__ = "planned_day"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    day: Mapped[date]
    text: Mapped[str]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    written_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_planned_day_branch_id_day",
            "branch_id",
            "day",
            unique=True,
            sqlite_where=sql("replaced_at IS NULL"),
            postgresql_where=sql("replaced_at IS NULL"),
        ),
        Index("ix_planned_day_day", "day"),
    )


@dataclass
class Changes:
    """The days that a plan added, changed, took away, and left as they were."""

    added: list[date] = field(default_factory=list)
    changed: list[date] = field(default_factory=list)
    removed: list[date] = field(default_factory=list)
    unchanged: list[date] = field(default_factory=list)


def write(
    session: Session,
    author: Member | None,
    branch: Branch,
    days: Mapping[date, str | None],
    now: datetime,
) -> Changes:
    """Write down what is studied on these days; None: nothing is.

    author: None for whoever sits at the command line.
    """
    for each in days.values():
        check_text(each)
    hold(session, Branch, branch.id)
    changes = Changes()
    standing = {row.day: row for row in _standing(session, branch, list(days))}
    for day, words in days.items():
        row = standing.get(day)
        if row is None and words is None:
            continue
        if (row and row.text) == words:
            changes.unchanged.append(day)
            continue
        if row:
            row.replaced_at = now
            session.flush()  # before another stands on that day
        if words is None:
            changes.removed.append(day)
            continue
        (changes.changed if row else changes.added).append(day)
        session.add(_row(author, branch, day, words, now))
    session.flush()
    return changes


def check_text(words: str | None) -> None:
    """Raise Refusal for what is too long to be read on a phone."""
    if words is not None and len(words) > MAX_TEXT:
        raise Refusal(
            f"每天的学习内容最多 {MAX_TEXT} 字，“{words[:10]}…”有 {len(words)} 字。"
        )


def of_branch(
    session: Session, branch: Branch, first: date, last: date
) -> dict[date, str]:
    """Tell what a branch itself planned, by day."""
    rows = session.scalars(
        select(PlannedDay).where(
            PlannedDay.branch_id == branch.id,
            PlannedDay.day.between(first, last),
            PlannedDay.replaced_at.is_(None),
        )
    )
    return {row.day: row.text for row in rows}


def of_member(
    session: Session, member: Member, first: date, last: date
) -> dict[date, str]:
    """Tell what a member is to study, by day: the nearest branch above that planned."""
    return of_place(session, session.get_one(Branch, member.branch_id), first, last)


def of_place(
    session: Session, node: Branch, first: date, last: date
) -> dict[date, str]:
    """Tell what is studied in a branch or a group, by its own plan or one above it."""
    above = [int(number) for number in node.path.strip("/").split("/")]
    rows = session.execute(
        select(PlannedDay.day, PlannedDay.text, Branch.path)
        .join(Branch, Branch.id == PlannedDay.branch_id)
        .where(
            PlannedDay.branch_id.in_(above),
            PlannedDay.day.between(first, last),
            PlannedDay.replaced_at.is_(None),
        )
    ).all()
    nearest = sorted(rows, key=lambda row: len(row.path))  # the last one stands
    return dict(sorted({row.day: row.text for row in nearest}.items()))


def on(session: Session, day: date) -> Sequence[tuple[PlannedDay, Branch]]:
    """List what is planned for a day, the deepest branches first."""
    rows = session.execute(
        select(PlannedDay, Branch)
        .join(Branch, Branch.id == PlannedDay.branch_id)
        .where(PlannedDay.day == day, PlannedDay.replaced_at.is_(None))
        .order_by(func.length(Branch.path).desc(), Branch.id)
    ).all()
    return [(planned, branch) for planned, branch in rows]


def planning(session: Session, first: date, last: date) -> Sequence[str]:
    """List the paths of the branches that planned anything in a stretch."""
    return session.scalars(
        select(Branch.path)
        .distinct()
        .join(PlannedDay, PlannedDay.branch_id == Branch.id)
        .where(PlannedDay.day.between(first, last), PlannedDay.replaced_at.is_(None))
    ).all()


def _row(
    author: Member | None, branch: Branch, day: date, words: str, now: datetime
) -> PlannedDay:
    return PlannedDay(
        branch_id=branch.id,
        day=day,
        text=words,
        written_by=author.id if author else None,
        written_at=now,
    )


def _standing(
    session: Session, branch: Branch, days: list[date]
) -> Sequence[PlannedDay]:
    return session.scalars(
        select(PlannedDay).where(
            PlannedDay.branch_id == branch.id,
            PlannedDay.day.in_(days),
            PlannedDay.replaced_at.is_(None),
        )
    ).all()
