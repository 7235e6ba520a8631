"""Meetings of a branch: the record that every figure and every paper comes out of."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.meetings.kinds import BY_KIND, TITLES, Kind, Matter, matter_of
from bot.branch.people.tree import Branch
from bot.calendar.say import say_moment, say_whole_moment
from bot.errors import Refusal
from bot.storage.database import Base, Id

LASTS = timedelta(hours=3)  # where nobody said until when
LONGEST_PAST = timedelta(days=366)


class State(StrEnum):
    """Where a meeting stands in the books; `stage` tells what the clock adds."""

    CALLED = "called"
    HELD = "held"
    AWAITING_SIGNATURE = "awaiting_signature"
    LOCKED = "locked"
    CANCELLED = "cancelled"


STAGES = {
    "called": "已通知",
    "on": "进行中",
    "awaiting_minutes": "待补记录",
    "awaiting_signature": "待主持人签字",
    "locked": "已锁定",
    "cancelled": "已取消",
}


class Meeting(Base):
    """One meeting. branch_id: whose it is, a group's its group.

    notice_id: the first notice of its call; None where it was only recorded. ends_at:
    when it is over; None: nobody said. called_for: the moment that people answered to.
    door: what nobody guesses; the code at the door comes out of it. late_entry: entered
    after its day. guests: names of who sat in and is not on the roster. why: why it was
    moved or called off.
    """

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    kind: Mapped[Kind] = mapped_column(String)
    title: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
    place: Mapped[str]
    lecturer: Mapped[str]
    state: Mapped[State] = mapped_column(String)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    recorder_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    called_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    moves: Mapped[int] = mapped_column(default=0)
    guests: Mapped[dict[str, Any]]
    door: Mapped[str]
    late_entry: Mapped[bool]
    why: Mapped[str]
    at: Mapped[datetime]
    locked_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_meeting_branch_id", "branch_id", "starts_at"),)

    @property
    def topic(self) -> str:
        """Name its own letters: the card at the door, and what goes before it."""
        return f"meeting:{self.id}"

    @property
    def ends(self) -> datetime:
        return self.ends_at or self.starts_at + LASTS

    @property
    def observers(self) -> Sequence[str]:
        """Name who sat in from outside the roster."""
        return tuple(self.guests.get("names", ()))


class AgendaItem(Base):
    """What is to be discussed, in order."""

    __tablename__ = "agenda_item"

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


@dataclass(frozen=True)
class Plan:
    """A meeting before it is one. branch: whose it is; sits_in: who is asked beside.

    late: it is over, and only recorded.
    """

    kind: Kind
    branch: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    name: str = ""
    agenda: tuple[str, ...] = ()
    lecturer: str = ""
    host: int | None = None
    recorder: int | None = None
    sits_in: tuple[int, ...] = ()
    late: bool = False

    @property
    def title(self) -> str:
        return self.name or TITLES[self.kind]

    @property
    def matter(self) -> Matter:
        """Tell what of it the rules ask most of."""
        return gravest(self.agenda)

    def pack(self) -> dict[str, Any]:
        moments = {"starts_at": self.starts_at, "ends_at": self.ends_at}
        said = {name: at and at.isoformat() for name, at in moments.items()}
        return {**asdict(self), **said}

    @classmethod
    def unpack(cls, values: dict[str, Any]) -> "Plan":
        moments = {
            name: values[name] and datetime.fromisoformat(values[name])
            for name in ("starts_at", "ends_at")
        }
        lists = {name: tuple(values[name]) for name in ("agenda", "sits_in")}
        return cls(**{**values, **moments, **lists, "kind": Kind(values["kind"])})


def gravest(items: Sequence[str]) -> Matter:
    """Tell of several items what the rules ask most of."""
    found = {matter_of(each) for each in items}
    for each in (Matter.ELECTION, Matter.ADMISSION):
        if each in found:
            return each
    return Matter.ORDINARY


def write(session: Session, plan: Plan, by: int, now: datetime) -> Meeting:
    """Write a meeting down. Raises Refusal for a time that cannot be."""
    starts_at = check_time(plan, now)
    meeting = Meeting(
        branch_id=plan.branch,
        kind=plan.kind,
        title=plan.title,
        starts_at=starts_at,
        ends_at=plan.ends_at,
        place=plan.place,
        lecturer=plan.lecturer,
        state=State.HELD if plan.late else State.CALLED,
        host_id=plan.host,
        recorder_id=plan.recorder,
        called_by=by,
        guests={"names": []},
        door=token_urlsafe(24),
        late_entry=plan.late and is_after_day(starts_at, now),
        why="",
        at=now,
    )
    session.add(meeting)
    session.flush()
    set_agenda(session, meeting, plan.agenda)
    return meeting


def check_time(plan: Plan, now: datetime) -> datetime:
    """Return when it begins. Raises Refusal for none, or one on the wrong side of now.

    Raises Refusal too for what was so long ago that the year is doubtful.
    """
    if plan.starts_at is None:
        raise Refusal("几点开始？请连日期一起说，例：周三下午两点。")
    if plan.late:
        if plan.starts_at > now:
            raise Refusal("补录的要是已经开过的会。还没开的，直接说“安排会议 …”。")
        if now - plan.starts_at > LONGEST_PAST:
            raise Refusal("一年以前的会不在这里补录，请照档案原样保存。")
    elif plan.starts_at <= now:
        raise Refusal(
            "这个时间已经过去了。要开的会请换一个以后的时间；开过了要补记，"
            "说“补录 …”，例：补录 11月5日下午两点支委会。"
        )
    if plan.ends_at and plan.ends_at <= plan.starts_at:
        raise Refusal("结束时间在开始之前，请再说一次。")
    return plan.starts_at


def is_after_day(starts_at: datetime, now: datetime) -> bool:
    return now.date() > starts_at.astimezone(now.tzinfo).date()


def set_agenda(session: Session, meeting: Meeting, items: Sequence[str]) -> None:
    for known in _items(session, meeting):
        session.delete(known)
    session.flush()
    session.add_all(
        AgendaItem(meeting_id=meeting.id, number=number, text=text)
        for number, text in enumerate(items, 1)
    )
    session.flush()


def agenda(session: Session, meeting: Meeting) -> list[str]:
    return [each.text for each in _items(session, meeting)]


def _items(session: Session, meeting: Meeting) -> Sequence[AgendaItem]:
    mine = select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)
    return session.scalars(mine.order_by(AgendaItem.number)).all()


def stage(meeting: Meeting, now: datetime) -> str:
    """Tell where a meeting stands by the books and the clock; a key of STAGES."""
    if meeting.state == State.CALLED:
        if now < meeting.starts_at:
            return "called"
        return "on" if now <= meeting.ends else "awaiting_minutes"
    return "awaiting_minutes" if meeting.state == State.HELD else str(meeting.state)


def is_over(meeting: Meeting, now: datetime) -> bool:
    return meeting.state not in (State.CALLED, State.CANCELLED) or now > meeting.ends


def day_of(meeting: Meeting, now: datetime) -> date:
    """Tell the meeting's day by the clock on the wall of `now`: that of its start."""
    return meeting.starts_at.astimezone(now.tzinfo).date()


def find(session: Session, number: int) -> Meeting:
    """Return a meeting. Raises Refusal if there is none."""
    meeting = session.get(Meeting, number)
    if meeting is None:
        raise Refusal("没有找到这次会议。")
    return meeting


def every(session: Session) -> Sequence[Meeting]:
    return session.scalars(select(Meeting).order_by(Meeting.id)).all()


def within(
    session: Session,
    branch: Branch,
    first: datetime,
    last: datetime,
    *,
    cancelled: bool = False,
) -> Sequence[Meeting]:
    """List the meetings of a branch and below it, in the order of their time."""
    found = (
        select(Meeting)
        .join(Branch, Branch.id == Meeting.branch_id)
        .where(
            Branch.path.startswith(branch.path),
            Meeting.starts_at >= first,
            Meeting.starts_at < last,
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    if not cancelled:
        found = found.where(Meeting.state != State.CANCELLED)
    return session.scalars(found).all()


def ordinal(session: Session, meeting: Meeting, now: datetime) -> int:
    """Tell the how-manieth of its kind this one is in its branch and year."""
    day = day_of(meeting, now)
    first = datetime(day.year, 1, 1, tzinfo=now.tzinfo)
    before = select(Meeting.id).where(
        Meeting.branch_id == meeting.branch_id,
        Meeting.kind == meeting.kind,
        Meeting.state != State.CANCELLED,
        Meeting.starts_at >= first,
        Meeting.starts_at < meeting.starts_at,
    )
    return len(session.scalars(before).all()) + 1


def say(meeting: Meeting, now: datetime) -> str:
    """Name a meeting: 3月4日（周三）14:00 支部党员大会（301）."""
    place = f"（{meeting.place}）" if meeting.place else ""
    return f"{say_moment(meeting.starts_at, now)} {meeting.title}{place}"


def describe(plan: Plan, names: dict[int, str], head: str = "") -> str:
    """Write the call: what, when, where, about what, who leads it."""
    sort, at = BY_KIND[plan.kind], plan.starts_at
    lines = [head or f"{sort.hold}{plan.title}"]
    until = f"至{plan.ends_at:%H:%M}" if plan.ends_at else ""
    lines.append(f"时间：{say_whole_moment(at)}{until}" if at else "时间：还没说")
    if plan.place:
        lines.append(f"地点：{plan.place}")
    if len(plan.agenda) == 1:
        lines.append(f"议题：{plan.agenda[0]}")
    elif plan.agenda:
        items = "；".join(f"{n}. {each}" for n, each in enumerate(plan.agenda, 1))
        lines.append(f"议题：{items}")
    if plan.lecturer:
        lines.append(f"主讲：{plan.lecturer}")
    if plan.host in names:
        lines.append(f"主持：{names[plan.host]}")
    return "\n".join(lines)


def plan_of(session: Session, meeting: Meeting, now: datetime) -> Plan:
    """Read a meeting back into what was planned, to plan it anew."""
    return replace(
        Plan(meeting.kind, meeting.branch_id),
        starts_at=meeting.starts_at.astimezone(now.tzinfo),
        ends_at=meeting.ends_at and meeting.ends_at.astimezone(now.tzinfo),
        place=meeting.place,
        name=meeting.title,
        agenda=tuple(agenda(session, meeting)),
        lecturer=meeting.lecturer,
        host=meeting.host_id,
        recorder=meeting.recorder_id,
    )
