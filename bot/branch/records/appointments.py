"""约谈: asked, moved, agreed or declined; nobody is booked twice for one time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.people.tree import Branch, home
from bot.branch.records import book, search
from bot.branch.records.book import Teller
from bot.branch.records.fields import Value
from bot.branch.records.kinds.appointment import APPOINTMENT, OPEN
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import private_of, values_of_all
from bot.branch.records.words import tell
from bot.calendar.say import say_day, say_moment
from bot.errors import Refusal

LASTS = timedelta(hours=1)
"""How long a talk is taken to last, where two must not be at once."""


@dataclass(frozen=True)
class Slot:
    """When a talk is to be; at None: only the day is said; day None: neither."""

    day: date | None = None
    at: time | None = None

    def say(self, now: datetime) -> str:
        if self.day is None:
            return "时间没定"
        if self.at is None:
            return f"{say_day(self.day, now.date())}，几点没定"
        return say_moment(datetime.combine(self.day, self.at, now.tzinfo), now)

    def values(self) -> dict[str, Value]:
        return {
            "day": self.day.isoformat() if self.day else None,
            "time": f"{self.at:%H:%M}" if self.at else None,
        }


@dataclass(frozen=True)
class Appointment:
    """A record of one, read: who asks, who is asked, when."""

    row: Record
    asker: int | None
    host: int | None
    slot: Slot
    names: Mapping[int, str]

    def other(self, member: Member) -> int | None:
        return self.host if member.id == self.asker else self.asker

    @property
    def waits_for(self) -> int | None:
        """Whose word is waited for; None where nobody's is."""
        return {"asked": self.host, "moved": self.asker}.get(self.row.state)


def read(session: Session, rows: Sequence[Record]) -> list[Appointment]:
    found = []
    for row, values in zip(rows, values_of_all(session, rows), strict=True):
        (asker, asked_by), (host, hosted_by) = (
            (values.get(name) or [[None, ""]])[0] for name in ("people", "host")
        )
        told = values.get("time")
        slot = Slot(row.day, time.fromisoformat(told) if told else None)
        names = {asker: asked_by, host: hosted_by}
        found.append(Appointment(row, asker, host, slot, names))
    return found


def of_member(
    session: Session, branch: Branch, member: Member, states: Sequence[str] = OPEN
) -> list[Appointment]:
    """List somebody's in these states, the latest first."""
    query = Query(APPOINTMENT, branch, member=member.id, states=states)
    rows = sorted(search.find(session, query), key=lambda row: -row.id)
    return read(session, rows)


def ask_for(  # noqa: PLR0913  # who asks whom, when, what about
    session: Session,
    asker: Member,
    host: Member,
    slot: Slot,
    topic: str,
    branch: Branch,
    now: datetime,
) -> Record:
    """Write down that somebody asks for a talk, and tell who is asked."""
    _refuse_clash(session, branch, [asker.id], slot, None)
    values = {
        **slot.values(),
        "people": [[asker.id, asker.name]],
        "host": [[host.id, host.name]],
        "topic": topic or None,
    }
    row = book.record(session, APPOINTMENT, values, Teller(asker, branch), now)
    about = f"想谈的是：{topic}。" if topic else ""
    how = "能谈回“同意约谈 {0}”，改时间回“约谈 {0} 改到周三下午两点”，"
    if slot.at is None:
        how = "时间请您定，回“约谈 {0} 改到周三下午两点”；"
    text = (
        f"{asker.called}想约您谈谈，{slot.say(now)}（约谈 {row.id}）。{about}\n"
        f"{how.format(row.id)}不方便回“婉拒约谈 {row.id}”。只有你们两个看得到。"
    )
    tell(session, host, f"appointment:{row.id}", text, now)
    return row


def agree(session: Session, found: Appointment, by: Member, now: datetime) -> None:
    """Agree to what the other proposes. Raises Refusal for a time that is taken."""
    if found.waits_for != by.id:
        raise Refusal("这次约谈不是等您答应的。发“我的约谈”看看。")
    if found.slot.at is None:
        raise Refusal(f"还没定几点。说“约谈 {found.row.id} 改到周三下午两点”这样。")
    if datetime.combine(found.slot.day or now.date(), found.slot.at, now.tzinfo) < now:
        raise Refusal(f"{found.slot.say(now)}已经过了，请另约时间。")
    branch = session.get_one(Branch, found.row.branch_id)
    both = [each for each in (found.asker, found.host) if each]
    _refuse_clash(session, branch, both, found.slot, found.row.id)
    book.move(session, found.row, "agreed", by.id, now)
    _tell_other(session, found, by, f"答应了，{found.slot.say(now)}谈", now)


def propose(
    session: Session, found: Appointment, by: Member, slot: Slot, now: datetime
) -> None:
    """Propose another time; the other's word is waited for."""
    branch = session.get_one(Branch, found.row.branch_id)
    _refuse_clash(session, branch, [by.id], slot, found.row.id)
    (values,) = values_of_all(session, [found.row])
    book.correct(session, found.row, {**values, **slot.values()}, by.id, now)
    state = "moved" if by.id == found.host else "asked"
    book.move(session, found.row, state, by.id, now)
    number = found.row.id
    text = (
        f"想改到 {slot.say(now)}谈。能谈回“同意约谈 {number}”，"
        f"不行回“约谈 {number} 改到周三下午两点”这样"
    )
    _tell_other(session, found, by, text, now)


def end(
    session: Session, found: Appointment, by: Member, state: str, now: datetime
) -> None:
    """Decline it, call it off, or note that the two have talked."""
    if state == "done" and found.slot.day and found.slot.day > now.date():
        raise Refusal(f"约的是 {found.slot.say(now)}，还没到。提前谈了的，先改时间。")
    book.move(session, found.row, state, by.id, now)
    said = {
        "declined": "这次不方便，先不谈了",
        "off": "取消了这次约谈",
        "done": "说已经谈过了",
    }
    _tell_other(session, found, by, said[state], now)


def remind(session: Session, now: datetime, at: datetime) -> None:
    """Tell both of each talk that is agreed for today, once; not when it is over."""
    today = now.date()
    agreed = select(Record).where(
        Record.kind == APPOINTMENT.name,
        Record.state == "agreed",
        Record.day == today,
        Record.withdrawn_at.is_(None),
    )
    for each in read(session, session.scalars(agreed).all()):
        if each.slot.at is None:
            continue
        begins = datetime.combine(today, each.slot.at, now.tzinfo)
        if begins <= at:
            continue
        for number in (each.asker, each.host):
            _remind_one(session, each, number, begins, at)


def _remind_one(
    session: Session,
    found: Appointment,
    number: int | None,
    begins: datetime,
    at: datetime,
) -> None:
    member = session.get(Member, number) if number else None
    other = session.get(Member, found.other(member) or 0) if member else None
    if member is None or other is None:
        return
    row = found.row.id
    text = (
        f"今天 {begins:%H:%M} 您和{other.called}约了谈谈（约谈 {row}）。"
        f"来不了说“约谈 {row} 改到周三下午两点”这样。"
    )
    key = f"appointment.today:{row}:{begins.isoformat()}"
    tell(session, member, key, text, at, kind="reminder")


def drop_of(session: Session, member: Member, now: datetime) -> None:
    """Call off what somebody who left had agreed or asked, and tell the other."""
    branch = home(session, member.branch_id)
    for each in of_member(session, branch, member):
        book.move(session, each.row, "off", None, now)
        number = each.other(member)
        if other := session.get(Member, number) if number else None:
            said = f"{member.called}已经不在支部，约谈 {each.row.id} 取消了。"
            tell(session, other, f"appointment.off:{each.row.id}", said, now)


def topic_of(session: Session, found: Appointment) -> str:
    """Open what it is about; only for one of the two."""
    return private_of(session, found.row).get("topic", "")


def _tell_other(
    session: Session, found: Appointment, by: Member, said: str, now: datetime
) -> None:
    number = found.other(by)
    other = session.get(Member, number) if number else None
    gone = other is None or other.state != "active"
    if gone and found.row.state in OPEN:
        raise Refusal("对方已经不在支部了，这次约谈只能取消。")
    if other is None or gone:
        return
    changes = len(book.trace(session, found.row))
    key = f"appointment:{found.row.id}:{changes}"
    tell(session, other, key, f"{by.called}{said}（约谈 {found.row.id}）。", now)


def _refuse_clash(
    session: Session,
    branch: Branch,
    people: Sequence[int],
    slot: Slot,
    but: int | None,
) -> None:
    """Raise Refusal where one of these people has agreed to talk at that time."""
    if slot.day is None or slot.at is None:
        return
    query = Query(APPOINTMENT, branch, slot.day, slot.day, states=("agreed",))
    wanted = datetime.combine(slot.day, slot.at)
    for each in read(session, search.find(session, query)):
        there = {each.asker, each.host} & set(people)
        if each.row.id == but or not there or each.slot.at is None:
            continue
        if abs(datetime.combine(slot.day, each.slot.at) - wanted) < LASTS:
            raise Refusal(
                f"{each.names[next(iter(there)) or 0]}那个时间已经约了别的谈话"
                f"（{each.slot.at:%H:%M}），请换个时间。"
            )
