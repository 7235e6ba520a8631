"""Study check-ins: voluntary, private to the member, corrected but never erased.

国办函〔2026〕12号 forbids forced check-ins and rankings; nothing here compares members.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ForeignKey,
    Index,
    Row,
    bindparam,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member, Speaker
from bot.errors import Refusal
from bot.storage.database import Base, Id, hold
from bot.storage.invariants import proof
from bot.storage.prepared import Prepared

MAX_NOTE = 500


@dataclass(frozen=True)
class Amount:
    """A number in its unit: 42 分, 30 分钟, 0.5 天."""

    number: float
    unit: str

    def __str__(self) -> str:
        return f"{self.number:g} {self.unit}"


@dataclass(frozen=True)
class Study:
    """What a member says to have studied; note keeps the own words, whole."""

    note: str
    platform: str | None
    amount: Amount | None


class CheckIn(Base):
    """One check-in of one day. nth: the day's first, second … that still counts.

    undone_at: taken back or replaced; the row stays as the trace. replaces: the row
    that this one corrects. streak: days in a row up to this one.
    """

    __tablename__ = "check_in"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    day: Mapped[date]
    nth: Mapped[int]
    at: Mapped[datetime]
    streak: Mapped[int]
    note: Mapped[str]
    platform: Mapped[str | None]
    number: Mapped[float | None]
    unit: Mapped[str | None]
    undone_at: Mapped[datetime | None]
    replaces: Mapped[int | None] = mapped_column(Id)

    __table_args__ = (
        Index(
            "uq_check_in_member_id_day_nth",
            "member_id",
            "day",
            "nth",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    @property
    def study(self) -> Study:
        if self.number is None or self.unit is None:
            return Study(self.note, self.platform, None)
        return Study(self.note, self.platform, Amount(self.number, self.unit))


TABLE = Base.metadata.tables["check_in"]
_LATEST_FIRST = (TABLE.c.day.desc(), TABLE.c.nth.desc())
WHAT = (TABLE.c.id, TABLE.c.day, TABLE.c.nth, TABLE.c.at, TABLE.c.streak, TABLE.c.note)
"""In the order of _Last's."""
LAST = Prepared(
    select(*WHAT)
    .where(TABLE.c.member_id == bindparam("of_member"), TABLE.c.undone_at.is_(None))
    .order_by(*_LATEST_FIRST)
    .limit(1)
)
"""A member's last check-in, which every message looks up."""
_THEIRS = TABLE.alias("theirs")
IS_LAST = (
    TABLE.c.id
    == select(_THEIRS.c.id)
    .where(
        _THEIRS.c.member_id == Base.metadata.tables["member"].c.id,
        _THEIRS.c.undone_at.is_(None),
    )
    .order_by(_THEIRS.c.day.desc(), _THEIRS.c.nth.desc())
    .limit(1)
    .scalar_subquery()
)
_WRITTEN = (
    *("member_id", "day", "nth", "at", "streak"),
    *("note", "platform", "number", "unit", "replaces"),
)
_WRITE = Prepared(insert(TABLE).inline(), _WRITTEN)


_IN_ORDER = (CheckIn.day, CheckIn.nth)


class _Last(NamedTuple):
    id: int
    day: date
    nth: int
    at: datetime
    streak: int
    note: str


@dataclass(frozen=True)
class Entry:
    """A check-in just written down, as CheckIn keeps it.

    is_first: the member's first ever. completes: it says what was studied in a
    check-in that stood already and said nothing.
    """

    study: Study
    day: date
    nth: int
    at: datetime
    streak: int
    is_first: bool = False
    completes: bool = False


@dataclass(frozen=True)
class Record:
    """A member's own figures. recent: the latest first."""

    streak: int
    this_month: int
    total: int
    recent: Sequence[CheckIn]


def check_in(
    session: Session,
    member: Member | Speaker,
    study: Study,
    now: datetime,
    per_day: int = 1,
) -> Entry:
    """Check a member in for today; refused once the day's number is reached.

    Then one that said nothing may still be told what was studied.
    """
    today = now.date()
    hold(session, Member, member.id)
    newest = _newest(session, member.id)
    last = _up_to(session, member.id, today, newest)
    of_today = last if last and last.day == today else None
    if of_today and of_today.nth >= per_day:
        if study.note and not of_today.note:
            return _complete(session, member, of_today.id, study, now)
        at = of_today.at.astimezone(now.tzinfo)
        raise Refusal(
            f"今天 {at:%H:%M} 已经打过卡了：{_say(of_today.note)}\n"
            "要改，发“改打卡 新的内容”；要取消，发“撤销打卡”。"
        )
    if last and last.day >= today - timedelta(days=1):
        streak = last.streak + (last.day < today)
    else:
        streak = 1
    nth = of_today.nth + 1 if of_today else 1
    entry = _write(session, member, study, now, {"streak": streak, "nth": nth})
    if newest and newest.day > today:
        count_anew(session, member.id)
    return replace(entry, is_first=last is None)


def add_note(
    session: Session,
    member: Member | Speaker,
    day: date,
    study: Study,
    now: datetime,
) -> Entry | None:
    """Keep what was studied with a day's check-in that said nothing; None if none."""
    hold(session, Member, member.id)
    last = _last(session, member.id, day)
    if last is None or last.day != day or last.note:
        return None
    return _complete(session, member, last.id, study, now)


def find_of_today(
    session: Session, member: Member | Speaker, now: datetime
) -> CheckIn | None:
    """Find today's last check-in."""
    last = _last(session, member.id, now.date())
    if last is None or last.day != now.date():
        return None
    return session.get_one(CheckIn, last.id)


def undo(session: Session, member: Member | Speaker, now: datetime) -> CheckIn:
    """Take back today's last check-in; its row stays as the trace."""
    hold(session, Member, member.id)
    entry = _of_today(session, member, now)
    entry.undone_at = now
    session.flush()
    _count_on(session, member.id, entry.day)
    return entry


def correct(
    session: Session, member: Member | Speaker, study: Study, now: datetime
) -> Entry:
    """Replace today's last check-in by new words; the old row stays as the trace."""
    hold(session, Member, member.id)
    return _replace(session, member, _of_today(session, member, now), study, now)


def record(
    session: Session, member: Member | Speaker, today: date, last: int = 5
) -> Record:
    """Tell a member's own record; the streak lives until a whole day was missed."""
    mine = (CheckIn.member_id == member.id, CheckIn.undone_at.is_(None))
    recent = session.scalars(
        select(CheckIn)
        .where(*mine)
        .order_by(CheckIn.day.desc(), CheckIn.nth.desc())
        .limit(last)
    ).all()
    total = session.scalars(select(func.count()).where(*mine)).one()
    month = session.scalars(
        select(func.count()).where(*mine, CheckIn.day >= today.replace(day=1))
    ).one()
    alive = bool(recent) and recent[0].day >= today - timedelta(days=1)
    return Record(recent[0].streak if alive else 0, month, total, recent)


def within(
    session: Session, member: Member | Speaker, first: date, last: date
) -> Sequence[CheckIn]:
    """List a member's check-ins of some days, both included, the latest first."""
    mine = (CheckIn.member_id == member.id, CheckIn.undone_at.is_(None))
    return session.scalars(
        select(CheckIn)
        .where(*mine, CheckIn.day >= first, CheckIn.day <= last)
        .order_by(CheckIn.day.desc(), CheckIn.nth.desc())
    ).all()


def _check_length(study: Study) -> None:
    if len(study.note) > MAX_NOTE:
        raise Refusal(f"打卡内容最多 {MAX_NOTE} 字，这条没有记下，请短一点再发。")


def _complete(
    session: Session,
    member: Member | Speaker,
    number: int,
    study: Study,
    now: datetime,
) -> Entry:
    bare = session.get_one(CheckIn, number)
    entry = _replace(session, member, bare, study, now)
    return replace(entry, completes=True)


def _replace(
    session: Session,
    member: Member | Speaker,
    old: CheckIn,
    study: Study,
    now: datetime,
) -> Entry:
    """Let new words stand for a check-in; its place in the days stays."""
    _check_length(study)  # before anything is taken back
    old.undone_at = now
    session.flush()  # before another stands in its place
    place = {"nth": old.nth, "streak": old.streak, "replaces": old.id}
    return _write(session, member, study, now, place, old.day)


def _write(  # noqa: PLR0913  # a row has many columns
    session: Session,
    member: Member | Speaker,
    study: Study,
    now: datetime,
    kept: dict[str, int],
    day: date | None = None,
) -> Entry:
    day = day or now.date()
    _check_length(study)
    row = {
        "member_id": member.id,
        "day": day,
        "at": now,
        "note": study.note,
        "platform": study.platform,
        "number": study.amount.number if study.amount else None,
        "unit": study.amount.unit if study.amount else None,
        **kept,
    }
    _WRITE.run(session, **row)
    return Entry(study, day, kept["nth"], now, kept["streak"])


def _last(session: Session, member_id: int, today: date) -> _Last | None:
    """Return the latest check-in that is not of a day to come: a clock ran ahead."""
    return _up_to(session, member_id, today, _newest(session, member_id))


def _newest(session: Session, member_id: int) -> _Last | None:
    row = LAST.first(session, of_member=member_id)
    return None if row is None else _Last(*row)


def _up_to(
    session: Session, member_id: int, today: date, newest: _Last | None
) -> _Last | None:
    if newest is None or newest.day <= today:
        return newest
    earlier = select(*(TABLE.c[name] for name in _Last._fields)).where(
        TABLE.c.member_id == member_id,
        TABLE.c.undone_at.is_(None),
        TABLE.c.day <= today,
    )
    order = (TABLE.c.day.desc(), TABLE.c.nth.desc())
    found = session.execute(earlier.order_by(*order).limit(1)).first()
    return None if found is None else _Last(*found)


def _count_on(session: Session, member_id: int, day: date) -> None:
    """Count the days in a row anew where there are check-ins of later days."""
    newest = _newest(session, member_id)
    if newest is not None and newest.day > day:
        count_anew(session, member_id)


def count_anew(session: Session, member_id: int) -> None:
    """Count a member's days in a row from the days themselves."""
    mine = (CheckIn.member_id == member_id, CheckIn.undone_at.is_(None))
    rows = session.scalars(select(CheckIn).where(*mine).order_by(*_IN_ORDER))
    last = None
    for row in rows.all():
        _, row.streak = _expected(last, row.day)
        last = row
    session.flush()


def move_to(session: Session, row: CheckIn, now: datetime) -> None:
    """Have a check-in be the last of today, and count its member's anew."""
    places = select(func.max(CheckIn.nth)).where(
        CheckIn.member_id == row.member_id,
        CheckIn.day == now.date(),
        CheckIn.undone_at.is_(None),
    )
    row.nth = (session.scalar(places) or 0) + 1
    row.day, row.at = now.date(), now
    session.flush()
    count_anew(session, row.member_id)


def miscounted(session: Session) -> set[int]:
    """Name (by id) the members whose days in a row do not add up."""
    return {row.member_id for row in _out_of_order(session)}


def _of_today(session: Session, member: Member | Speaker, now: datetime) -> CheckIn:
    last = find_of_today(session, member, now)
    if last is None:
        raise Refusal("今天还没有打卡，没有可改的。发“打卡 学了什么”就能记下。")
    return last


def _say(note: str) -> str:
    return note or "（没有写内容）"


@proof("打卡：当天的序号不断，连续天数对得上")
def consecutive(session: Session) -> Iterator[str]:
    for row in _out_of_order(session):
        yield f"{row.member_id} 号党员 {row.day:%Y-%m-%d} 第 {row.nth} 次"


def _out_of_order(session: Session) -> Iterator[Row[Any]]:
    """Go through everyone's check-ins in their order, few at a time in memory."""
    columns = [TABLE.c[name] for name in ("member_id", "day", "nth", "streak")]
    rows = session.execute(
        select(*columns)
        .where(TABLE.c.undone_at.is_(None))
        .order_by(*columns[:3])
        .execution_options(yield_per=5000)
    )
    last: Row[Any] | None = None
    for row in rows:
        before = last if last and last.member_id == row.member_id else None
        if (row.nth, row.streak) != _expected(before, row.day):
            yield row
        last = row


def _expected(before: Any, day: date) -> tuple[int, int]:
    """Say which of the day, and of which streak, the next check-in must be."""
    if before and before.day == day:
        return before.nth + 1, before.streak
    goes_on = before and before.day == day - timedelta(days=1)
    return 1, before.streak + 1 if before and goes_on else 1
