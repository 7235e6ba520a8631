"""学时: a ledger of hours studied; whatever is corrected stays as the trace.

Formal trainings are recorded by the secretary for those who were there, own ones by
the member; check-ins are counted by the branch's conversion. A member sees her own.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from bot.branch.people.members import Grant, Member, Role
from bot.branch.people.referral import send_member_on
from bot.branch.people.tree import Branch
from bot.branch.study.checkins import CheckIn
from bot.calendar.recurrence.stretches import bounds
from bot.calendar.say import say_day
from bot.config.settings import Study as Counting
from bot.errors import Refusal
from bot.storage.database import Base, Id, hold

MAX_TITLE = 60
FEWEST = 3  # a total of fewer people would tell what one of them did


@dataclass(frozen=True)
class Conversion:
    """How a branch turns days and minutes into hours of study."""

    per_day: float
    minutes: int

    @classmethod
    def of(cls, kept: Counting) -> "Conversion":
        """Take the branch's own, as its settings say it."""
        return cls(kept.hours_per_day, kept.minutes_per_hour)

    def hours(self, number: float, unit: str) -> float:
        """Convert an amount; points, pages and chapters are no time: 0."""
        match unit:
            case "天":
                return number * self.per_day
            case "学时" | "课时":
                return number
            case "小时":
                return number * 60 / self.minutes
            case "分钟":
                return number / self.minutes
            case _:
                return 0.0


class StudyHours(Base):
    """Hours of one member. training_id: at which training; None for her own word."""

    __tablename__ = "study_hours"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    day: Mapped[date]
    hours: Mapped[float]
    what: Mapped[str]
    training_id: Mapped[int | None] = mapped_column(
        ForeignKey("training.id"), index=True
    )
    recorded_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_study_hours_member_id_day", "member_id", "day"),)


@dataclass(frozen=True)
class Lesson:
    """A training as the secretary tells of it."""

    title: str
    day: date
    hours: float


@dataclass(frozen=True)
class Year:
    """A member's hours of one year. entries: trainings and own words, latest first.

    twice: ids of own words that a training of the same day and name counts for.
    """

    trainings: float
    own: float
    checkins: float
    entries: Sequence[StudyHours]
    twice: Set[int]

    @property
    def total(self) -> float:
        return self.trainings + self.own + self.checkins


@dataclass(frozen=True)
class Totals:
    """A branch's hours of one year, nobody named. reached: how many have enough."""

    people: int
    hours: float
    reached: int


def record_own(
    session: Session, member: Member, held: Lesson, now: datetime
) -> StudyHours:
    """Write a member's own word down. Raises Refusal for what cannot be."""
    check(held, now)
    hold(session, Member, member.id)
    same = _mine(member, held.day.year).where(
        StudyHours.day == held.day,
        StudyHours.what == held.title,
    )
    known = session.scalars(same).all()
    if any(each.training_id for each in known):
        raise Refusal(
            f"{say_day(held.day)}的“{held.title}”支部已经给您登记了，"
            "不用再记，免得算两次。发“我的学时”能看到。"
        )
    if known:
        raise Refusal(
            f"{say_day(held.day)}的“{held.title}”已经记过了。记错了发“撤销学时”。"
        )
    row = StudyHours(
        member_id=member.id,
        day=held.day,
        hours=held.hours,
        what=held.title,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    return row


def last_own(session: Session, member: Member) -> StudyHours | None:
    """Find what the member wrote last and what stands, of whatever day it is."""
    own = select(StudyHours).where(
        StudyHours.member_id == member.id,
        StudyHours.training_id.is_(None),
        StudyHours.undone_at.is_(None),
    )
    return session.scalars(own.order_by(StudyHours.id.desc()).limit(1)).first()


def undo_own(session: Session, member: Member, now: datetime) -> StudyHours:
    """Take back what the member wrote last; the row stays as the trace."""
    hold(session, Member, member.id)
    last = last_own(session, member)
    if last is None:
        wrong = send_member_on(session, member.id, "请告诉书记", "发“撤销培训”重新登记")
        raise Refusal(f"没有您自己登记的学时，没有可撤的。培训登记有误，{wrong}。")
    last.undone_at = now
    session.flush()
    return last


def year_of(
    session: Session, member: Member, year: int, conversion: Conversion
) -> Year:
    """Tell a member's own hours of a year."""
    entries = session.scalars(
        _mine(member, year).order_by(StudyHours.day.desc(), StudyHours.id.desc())
    ).all()
    rows = session.execute(_counted(year).where(CheckIn.member_id == member.id)).all()
    held = {(each.day, each.what) for each in entries if each.training_id}
    own = [each for each in entries if not each.training_id]
    twice = {each.id for each in own if (each.day, each.what) in held}
    return Year(
        trainings=sum(each.hours for each in entries if each.training_id),
        own=sum(each.hours for each in own if each.id not in twice),
        checkins=convert(((row.day, row.number, row.unit) for row in rows), conversion),
        entries=entries,
        twice=twice,
    )


def totals(
    session: Session,
    branch: Branch,
    year: int,
    conversion: Conversion,
    needed: tuple[int, int],
) -> Totals:
    """Sum up a branch's year. needed: of a member, and of a committee member.

    Raises Refusal where so few people would make a total tell of one.
    """
    office = _committee(session)
    people = session.scalars(_members(branch)).all()
    if len(people) < FEWEST:
        raise Refusal(f"人数不到 {FEWEST} 人，合计会看出个人，所以不列。")
    hours = dict.fromkeys(people, 0.0)
    written = session.execute(
        select(StudyHours.member_id, func.sum(StudyHours.hours))
        .where(
            StudyHours.member_id.in_(_members(branch)),
            StudyHours.day.between(*bounds("year", year)),
            StudyHours.undone_at.is_(None),
            ~_counted_as_training(),
        )
        .group_by(StudyHours.member_id)
    ).all()
    for who, number in written:
        hours[who] += number
    checked: dict[int, list[tuple[date, float, str]]] = {}
    counted = _counted(year).where(CheckIn.member_id.in_(_members(branch)))
    for row in session.execute(counted):
        checked.setdefault(row.member_id, []).append((row.day, row.number, row.unit))
    for who, rows in checked.items():
        hours[who] += convert(rows, conversion)
    enough = sum(got >= needed[who in office] for who, got in hours.items())
    return Totals(len(people), sum(hours.values()), enough)


def check(held: Lesson, now: datetime) -> None:
    """Raise Refusal for hours that cannot be."""
    if not held.title or len(held.title) > MAX_TITLE:
        raise Refusal(f"请说清学了什么（最多 {MAX_TITLE} 字）。")
    if held.day > now.date():
        raise Refusal("这一天还没到，学完再登记。")
    if held.day.year < now.year - 1:
        raise Refusal("只能登记今年和去年的学时。")
    if not 0 < held.hours <= 200:
        raise Refusal("学时要大于 0、不超过 200。")


def _mine(member: Member, year: int) -> Select[StudyHours]:
    return select(StudyHours).where(
        StudyHours.member_id == member.id,
        StudyHours.day.between(*bounds("year", year)),
        StudyHours.undone_at.is_(None),
    )


def _counted_as_training() -> ColumnElement[bool]:
    """Match a member's own word for what the branch recorded as well."""
    formal = aliased(StudyHours)
    same = select(formal.id).where(
        formal.member_id == StudyHours.member_id,
        formal.day == StudyHours.day,
        formal.what == StudyHours.what,
        formal.training_id.is_not(None),
        formal.undone_at.is_(None),
    )
    return StudyHours.training_id.is_(None) & same.exists()


def _counted(year: int) -> Select[int, date, float | None, str | None]:
    return select(CheckIn.member_id, CheckIn.day, CheckIn.number, CheckIn.unit).where(
        CheckIn.day.between(*bounds("year", year)),
        CheckIn.undone_at.is_(None),
        CheckIn.number.is_not(None),
        CheckIn.unit.is_not(None),
    )


def convert(rows: Iterable[tuple[date, float, str]], conversion: Conversion) -> float:
    """Sum check-ins up; a day never counts for more than one whole day."""
    by_day: dict[date, float] = {}
    for day, number, unit in rows:
        by_day[day] = by_day.get(day, 0.0) + conversion.hours(number, unit)
    return sum(min(hours, conversion.per_day) for hours in by_day.values())


def _members(branch: Branch) -> Select[int]:
    return (
        select(Member.id)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Branch.path.startswith(branch.path), Member.state == "active")
    )


def _committee(session: Session) -> set[int]:
    held = select(Grant.member_id).where(Grant.role >= Role.COMMITTEE.value)
    return set(session.scalars(held))
