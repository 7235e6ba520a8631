"""节点: the days that a branch keeps beside the country's, and a week's warning."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ForeignKey, Index, Select, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import outbox
from bot.branch.people.members import Grant, Member, Role
from bot.branch.people.tree import Branch
from bot.calendar.say import say_day
from bot.calendar.yearly_days import YearlyDay, draft
from bot.errors import Refusal
from bot.message import Button, Card, Content, Text
from bot.outbox import People, Plan, Window
from bot.storage.database import Base, Id, hold
from bot.storage.invariants import proof

WARNED_AHEAD = timedelta(days=7)
NOON = time(12)
LEAP_YEAR = 2000  # has every day that returns
MAX_NAME, MAX_OWN = 30, 50
EVERY_YEAR = 0


class Observance(Base):
    """A day of a branch. year: the one in which it comes; 0 if it returns.

    since: the year from which the anniversaries are counted. removed_at: taken off the
    calendar; the row stays as the trace.
    """

    __tablename__ = "observance"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    name: Mapped[str]
    month: Mapped[int]
    day: Mapped[int]
    year: Mapped[int] = mapped_column(default=EVERY_YEAR)
    since: Mapped[int | None]
    added_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_observance_branch_id_name_month_day_year",
            "branch_id",
            "name",
            "month",
            "day",
            "year",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )


@dataclass(frozen=True)
class NamedDay:
    """A day as a secretary names it. since and once: as in `bot.almanac.Day`."""

    name: str
    month: int
    day: int
    since: int | None = None
    once: int | None = None


@dataclass(frozen=True)
class Warned:
    """What a warning is of: which day, on which date, and when it may go."""

    day: YearlyDay
    on: date
    at: datetime


def add(
    session: Session, author: Member, branch: Branch, named: NamedDay, now: datetime
) -> YearlyDay:
    """Put a day on a branch's calendar. Raises Refusal if it is there already."""
    if not 1 < len(named.name) <= MAX_NAME:
        raise Refusal(f"节点的名字要 2 到 {MAX_NAME} 个字，没有加。")
    hold(session, Branch, branch.id)
    kept = _rows(session, [branch.id])
    for each in kept:
        same = (each.name, each.month, each.day, each.year)
        if same == (named.name, named.month, named.day, named.once or EVERY_YEAR):
            raise Refusal(f"“{named.name}”已经在节点里了。发“支部节点”可以看。")
    if len(kept) >= MAX_OWN:
        raise Refusal(f"本支部的节点最多 {MAX_OWN} 个，请先删掉不用的。")
    row = Observance(
        branch_id=branch.id,
        name=named.name,
        month=named.month,
        day=named.day,
        year=named.once or EVERY_YEAR,
        since=named.since,
        added_by=author.id,
        added_at=now,
    )
    session.add(row)
    session.flush()
    return _day(row)


def remove(session: Session, branch: Branch, words: str, now: datetime) -> YearlyDay:
    """Take the one day that words name off a branch's calendar."""
    hold(session, Branch, branch.id)
    kept = _rows(session, [branch.id])
    found = [each for each in kept if each.name == words]
    found = found or [each for each in kept if words and words in each.name]
    if not found:
        raise Refusal(f"本支部的节点里没有“{words}”。发“支部节点”看有哪些。")
    if len(found) > 1:
        names = "、".join(f"{say(_day(each))}{each.name}" for each in found)
        raise Refusal(f"有 {len(found)} 个节点像“{words}”：{names}。请说全名。")
    found[0].removed_at = now
    session.flush()
    return _day(found[0])


def own(session: Session, branch: Branch) -> list[YearlyDay]:
    """List the days that a branch, or one above it, keeps, in the year's order."""
    above = [int(number) for number in branch.path.strip("/").split("/")]
    return [_day(each) for each in _rows(session, above)]


def say(day: YearlyDay) -> str:
    """Say on which date it comes: 每年12月9日, 2026年12月9日."""
    year = f"{day.once}年" if day.once else "每年"
    return f"{year}{day.month}月{day.day}日"


def warn(
    session: Session, fixed: Iterable[YearlyDay], now: datetime, loud: datetime
) -> int:
    """Queue the warnings of the week ahead, once each; return how many letters.

    A warning that an outage kept back is made up for until noon of the day itself.
    loud: when they may go. now: local time.
    """
    return sum(
        _warn(session, Warned(day, on, loud), people, now)
        for day, people in _kept(session, fixed)
        if (on := day.between(now.date(), now.date() + WARNED_AHEAD))
    )


def _kept(
    session: Session, fixed: Iterable[YearlyDay]
) -> Iterable[tuple[YearlyDay, People]]:
    """Pair each day with the secretaries whom it concerns."""
    everywhere = _secretaries()
    yield from ((day, everywhere) for day in fixed)
    for row in session.scalars(_standing()):
        yield _day(row), everywhere.where(Grant.branch_id == row.branch_id)


def _warn(session: Session, warned: Warned, people: People, now: datetime) -> int:
    noon = datetime.combine(warned.on, NOON, now.tzinfo)
    if warned.at >= noon:
        return 0
    put = 0
    for plain in (False, True):
        form = "text" if plain else "card"
        plan = Plan(
            key=f"observance:{warned.on}:{warned.day.key}:{form}",
            kind="observance",
            content=write(warned.day, warned.on, plain=plain),
            window=Window(warned.at, noon),
        )
        letter = outbox.put(
            session, plan, people.where(Member.plain.is_(plain)), now=now
        )
        put += letter is not None and letter.planned > 0
    return put


def write(day: YearlyDay, on: date, *, plain: bool) -> Content:
    """Write the warning: what comes, and words to start from."""
    title = f"{say_day(on)}：{day.title(on)}"
    words = f"可以用的通知稿：{draft(day, on)}"
    if plain:
        return Text(f"【节点】{title}\n{words}\n要用就回“节点通知 {day.name}”。")
    return Card(
        title=title,
        text=words,
        source="节点",
        buttons=(
            Button("用它发通知", f"observances.notice:{day.key}"),
            Button("设个提醒", f"observances.remind:{day.key}"),
        ),
    )


def _secretaries() -> People:
    return (
        select(Member.id, Member.userid)
        .join(Grant, Grant.member_id == Member.id)
        .where(Grant.role == Role.SECRETARY.value, Member.state == "active")
        .distinct()
        .order_by(Member.id)
    )


def _standing() -> Select[Observance]:
    return (
        select(Observance)
        .where(Observance.removed_at.is_(None))
        .order_by(Observance.month, Observance.day, Observance.id)
    )


def _rows(session: Session, branches: Sequence[int]) -> Sequence[Observance]:
    return session.scalars(_standing().where(Observance.branch_id.in_(branches))).all()


def _day(row: Observance) -> YearlyDay:
    short = row.name.removesuffix("纪念日")
    return YearlyDay(
        key=f"own.{row.id}",
        month=row.month,
        day=row.day,
        name=row.name,
        called=(row.name, short) if len(short) > 1 else (row.name,),
        since=row.since,
        once=row.year or None,
        own=row.id,
    )


@proof("节点：每一个都是日历上有的日子")
def on_the_calendar(session: Session) -> Iterator[str]:
    for each in session.scalars(select(Observance).order_by(Observance.id)):
        try:
            date(each.year or LEAP_YEAR, each.month, each.day)
        except ValueError:
            yield f"第 {each.id} 个节点没有 {each.month} 月 {each.day} 日"
