"""Formal trainings: the secretary records who was there; what is undone stays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, func, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.branch.study.hours import Lesson, StudyHours, check
from bot.calendar.recurrence.stretches import bounds
from bot.calendar.say import say_day
from bot.errors import Refusal
from bot.outbox import People
from bot.storage.database import Base, Id, hold
from bot.storage.invariants import proof


class Training(Base):
    """A formal training. undone_at: taken back; the row stays as the trace."""

    __tablename__ = "training"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    title: Mapped[str]
    day: Mapped[date]
    hours: Mapped[float]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    recorded_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_training_branch_id_day_title",
            "branch_id",
            "day",
            "title",
            unique=True,
            sqlite_where=sql("undone_at IS NULL"),
            postgresql_where=sql("undone_at IS NULL"),
        ),
    )


@dataclass(frozen=True)
class Recorder:
    """Who records, and for which branch."""

    author: Member
    branch: Branch


def record(
    session: Session,
    recorder: Recorder,
    held: Lesson,
    people: People,
    now: datetime,
) -> Training:
    """Write a training down for all who were there. Raises Refusal if it is there."""
    check(held, now)
    branch = recorder.branch
    hold(session, Branch, branch.id)
    if find(session, branch, held.title, held.day):
        raise Refusal(
            f"{say_day(held.day)}的“{held.title}”已经登记过了。"
            f"要改，先发“撤销培训 {held.title}”。"
        )
    return _write(session, recorder, held, people, now)


def find(
    session: Session, branch: Branch, words: str, day: date | None = None
) -> Training | None:
    """Find the latest standing training that is called so."""
    found = (
        select(Training)
        .where(Training.branch_id == branch.id, Training.undone_at.is_(None))
        .order_by(Training.day.desc(), Training.id.desc())
    )
    if day:
        found = found.where(Training.day == day, Training.title == words)
    else:
        found = found.where(Training.title.contains(words, autoescape=True))
    return session.scalars(found.limit(1)).first()


def held_on(session: Session, branch: Branch, day: date) -> Sequence[Training]:
    """List the standing trainings of a day."""
    found = select(Training).where(
        Training.branch_id == branch.id,
        Training.undone_at.is_(None),
        Training.day == day,
    )
    return session.scalars(found.order_by(Training.id)).all()


def last_by(session: Session, member: Member, branch: Branch) -> Training | None:
    """Find what somebody recorded last for a branch, and what stands."""
    own = select(Training).where(
        Training.recorded_by == member.id,
        Training.branch_id == branch.id,
        Training.undone_at.is_(None),
    )
    return session.scalars(own.order_by(Training.id.desc()).limit(1)).first()


def people_of(session: Session, training: Training) -> Sequence[int]:
    """List the members who were at a training, by their ids."""
    rows = select(StudyHours.member_id).where(
        StudyHours.training_id == training.id, StudyHours.undone_at.is_(None)
    )
    return session.scalars(rows.order_by(StudyHours.member_id)).all()


def get(session: Session, number: int) -> Training:
    return session.get_one(Training, number)


def undo(session: Session, training: Training, now: datetime) -> int:
    """Take a training back, for everyone; return for how many."""
    hold(session, Branch, training.branch_id)
    session.refresh(training)
    if training.undone_at:
        raise Refusal(f"“{training.title}”已经撤销过了。")
    training.undone_at = now
    standing = StudyHours.undone_at.is_(None)
    mine = (StudyHours.training_id == training.id, standing)
    count = session.scalars(select(func.count(StudyHours.id)).where(*mine)).one()
    session.execute(update(StudyHours).where(*mine).values(undone_at=now))
    session.flush()
    return count


def attendees(session: Session, training: Training) -> int:
    found = select(func.count(StudyHours.id)).where(
        StudyHours.training_id == training.id, StudyHours.undone_at.is_(None)
    )
    return session.scalars(found).one()


def count_in(session: Session, branch: Branch, year: int) -> int:
    found = (
        select(func.count(Training.id))
        .join(Branch, Branch.id == Training.branch_id)
        .where(
            Branch.path.startswith(branch.path),
            Training.day.between(*bounds("year", year)),
            Training.undone_at.is_(None),
        )
    )
    return session.scalars(found).one()


def _write(
    session: Session,
    recorder: Recorder,
    held: Lesson,
    people: People,
    now: datetime,
) -> Training:
    training = Training(
        branch_id=recorder.branch.id,
        title=held.title,
        day=held.day,
        hours=held.hours,
        recorded_by=recorder.author.id,
        recorded_at=now,
    )
    session.add(training)
    session.flush()
    session.add_all(
        StudyHours(
            member_id=member_id,
            day=held.day,
            hours=held.hours,
            what=held.title,
            training_id=training.id,
            recorded_at=now,
        )
        for member_id, _ in session.execute(people)
    )
    session.flush()
    return training


@proof("学时：培训的学时与培训的登记一致")
def agrees(session: Session) -> Iterator[str]:
    odd = or_(
        StudyHours.day != Training.day,
        StudyHours.hours != Training.hours,
        StudyHours.undone_at.is_(None) & Training.undone_at.is_not(None),
        StudyHours.undone_at.is_not(None) & Training.undone_at.is_(None),
    )
    rows = select(StudyHours.id, Training.id).join(
        Training, Training.id == StudyHours.training_id
    )
    for hours, training in session.execute(rows.where(odd)):
        yield f"第 {hours} 条学时与第 {training} 次培训对不上"
