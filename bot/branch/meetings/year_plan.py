"""The year's plan: what is to be held in which month, and what came of each item."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.meetings import meetings
from bot.branch.meetings.kinds import TITLES, Kind
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.say import say_day
from bot.calendar.years import moments_of
from bot.errors import Refusal
from bot.files.xlsx import Sheet
from bot.storage.database import Base, Id, take_turn

HEADS = (
    *("月份", "类别", "主题", "时间", "地点"),
    *("参加范围", "主持/主讲", "责任人", "完成情况"),
)
LONGEST = 60


class PlanItem(Base):
    """One line of a year's plan. day: when it is thought of; dropped_at: taken out.

    whom, leads, duty: in words, as a plan has them. added_by: None for the operator.
    """

    __tablename__ = "plan_item"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    year: Mapped[int]
    month: Mapped[int]
    kind: Mapped[Kind] = mapped_column(String)
    topic: Mapped[str]
    day: Mapped[date | None]
    place: Mapped[str]
    whom: Mapped[str]
    leads: Mapped[str]
    duty: Mapped[str]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_plan_item_branch_id", "branch_id", "year"),)

    @property
    def title(self) -> str:
        """Name it: 党课：廉洁教育; what is of no kind by its topic alone."""
        if self.kind == Kind.OTHER:
            return self.topic
        return f"{TITLES[self.kind]}：{self.topic}" if self.topic else TITLES[self.kind]


@dataclass(frozen=True)
class Line:
    """An item before it is one."""

    month: int
    kind: Kind
    topic: str = ""
    day: date | None = None
    place: str = ""
    whom: str = ""
    leads: str = ""
    duty: str = ""


def add(  # noqa: PLR0913  # what, of whose year, who says so, and when
    session: Session,
    branch: Branch,
    year: int,
    lines: Sequence[Line],
    by: Member | None,
    now: datetime,
) -> int:
    """Add lines to a year's plan; return how many, without those that stand there.

    Raises Refusal for a month, or words, that cannot be.
    """
    take_turn(session, f"year_plan:{branch.id}")
    known = {
        (each.month, each.kind, each.topic) for each in items(session, branch, year)
    }
    new = 0
    for each in lines:
        if not 1 <= each.month <= 12:
            raise Refusal("月份要在 1 到 12 之间。")
        said = (each.topic, each.place, each.whom, each.leads, each.duty)
        if any(len(words) > LONGEST for words in said):
            raise Refusal(f"主题、地点、参加范围、主讲、责任人每项最多 {LONGEST} 字。")
        if (each.month, each.kind, each.topic) in known:
            continue
        known.add((each.month, each.kind, each.topic))
        new += 1
        session.add(
            PlanItem(
                branch_id=branch.id,
                year=year,
                month=each.month,
                kind=each.kind,
                topic=each.topic,
                day=each.day,
                place=each.place,
                whom=each.whom,
                leads=each.leads,
                duty=each.duty,
                added_by=by.id if by else None,
                at=now,
            )
        )
    session.flush()
    return new


def items(session: Session, branch: Branch, year: int) -> Sequence[PlanItem]:
    """List what stands in a year's plan, by month, day and kind."""
    mine = select(PlanItem).where(
        PlanItem.branch_id == branch.id,
        PlanItem.year == year,
        PlanItem.dropped_at.is_(None),
    )
    found = session.scalars(mine.order_by(PlanItem.month, PlanItem.id)).all()
    return sorted(found, key=lambda each: (each.month, each.day or date.max))


def drop(session: Session, item: PlanItem, now: datetime) -> None:
    item.dropped_at = now
    session.flush()


def move(session: Session, item: PlanItem, month: int) -> None:
    """Put an item into another month; the day thought of goes. Raises Refusal."""
    if not 1 <= month <= 12:
        raise Refusal("月份要在 1 到 12 之间。")
    item.month, item.day = month, None
    session.flush()


def set_day(session: Session, item: PlanItem, day: date) -> None:
    """Think of another day of the month that an item is in."""
    item.day = day
    session.flush()


def judge(
    session: Session, branch: Branch, year: int, now: datetime
) -> Mapping[int, str]:
    """Say of a year's items, by number, what came of each: held, not held, or ahead.

    The first item of a kind and month is the first meeting of them, and so on.
    """
    first, last = moments_of(year, zone=now.tzinfo)
    held = defaultdict[tuple[int, Kind], list[Meeting]](list)
    for each in meetings.own_within(session, branch, first, last):
        held[meetings.day_of(each, now).month, each.kind].append(each)
    said = {}
    for item in items(session, branch, year):
        of = held[item.month, item.kind]
        said[item.id] = _say(of.pop(0) if of else None, item, now)
    return said


def _say(meeting: Meeting | None, item: PlanItem, now: datetime) -> str:
    if meeting is None:
        over = (item.year, item.month) < (now.year, now.month)
        return "未开展" if over else ""
    day = say_day(meetings.day_of(meeting, now))
    if not meetings.is_over(meeting, now):
        return f"已通知，{day}"
    signed = meeting.state == State.LOCKED
    return f"已开展，{day}" if signed else f"{day}开了，记录还没签"


def outline(
    session: Session, branch: Branch, year: int, now: datetime
) -> list[dict[str, Any]]:
    """Give a year's plan as `xiangyang meetings plan --json` prints it."""
    found = items(session, branch, year)
    became = judge(session, branch, year, now)
    return [
        {
            "id": each.id,
            "month": each.month,
            "kind": str(each.kind),
            "topic": each.topic,
            "day": each.day and each.day.isoformat(),
            "place": each.place,
            "whom": each.whom,
            "leads": each.leads,
            "duty": each.duty,
            "became": became[each.id],
        }
        for each in found
    ]


def write_sheet(session: Session, branch: Branch, year: int, now: datetime) -> Sheet:
    """Make the sheet of a year's plan, a line an item."""
    found = items(session, branch, year)
    became = judge(session, branch, year, now)
    rows = [
        (
            f"{each.month}月",
            TITLES[each.kind],
            each.topic,
            each.day or "",
            each.place,
            each.whom,
            each.leads,
            each.duty,
            became[each.id],
        )
        for each in found
    ]
    return Sheet(f"{year}年度计划", HEADS, rows)
