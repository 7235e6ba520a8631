"""Works handed in for a call: which are whose call's, and their blind numbers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.tree import Branch
from bot.branch.records import book, search
from bot.branch.records.fields import Value
from bot.branch.records.kinds.call import CALL
from bot.branch.records.kinds.work import WORK
from bot.branch.records.search import Query
from bot.branch.records.tables import Record, RecordPerson
from bot.branch.records.values import values_of
from bot.calendar.say import say_date
from bot.errors import Refusal
from bot.storage.database import Base

NONE_OPEN = "现在没有正在征集的作品，没有记。开始征集时支部会通知。"
SEVERAL = "现在有几个征集：{titles}。请说清投哪一个，例：投稿 {title} 摄影《清风》。"
CLOSED = "“{title}”{day}已经截止，没有收。确有原因的请找书记把截止日期往后改。"
NOT_TAKEN = "“{title}”只收{sorts}，没有收{sort}。"
ENOUGH = "“{title}”每人最多 {most:g} 件，您已经交了 {count} 件。要换就更正原来的那件。"


class WorkEntry(Base):
    """For which call a work was handed in. mark: its number before the jury."""

    __tablename__ = "work_entry"

    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id", ondelete="CASCADE"), primary_key=True
    )
    call_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    mark: Mapped[int | None]

    __table_args__ = (UniqueConstraint("call_id", "mark"),)


def open_calls(session: Session, branch: Branch) -> Sequence[Record]:
    return search.find(session, Query(CALL, branch, states=("open",)))


def latest_call(
    session: Session, branch: Branch, *states: str, named: str = ""
) -> Record:
    """Find the newest call in one of the states. Raises Refusal where there is none.

    named: a text that may name one of several by its title.
    """
    rows = search.find(session, Query(CALL, branch, states=states))
    if not rows:
        told = "、".join(CALL.state_title(each) for each in states)
        raise Refusal(f"没有{told or '记过'}的作品征集。")
    meant = [each for each in rows if each.title and each.title in named]
    return max(meant or rows, key=lambda row: row.id)


def choose_call(
    session: Session, branch: Branch, text: str, began: datetime
) -> tuple[Record, Mapping[str, Value]]:
    """Find the call that a work is for. Raises Refusal where none takes it now.

    began: when its first byte came; what began in time is in time.
    """
    rows = open_calls(session, branch)
    if not rows:
        raise Refusal(NONE_OPEN)
    named = [each for each in rows if each.title and each.title in text]
    ahead = [each for each in rows if each.day and each.day >= began.date()]
    meant = named or ahead or rows
    if len(meant) > 1:
        titles = "、".join(str(each.title) for each in meant)
        raise Refusal(SEVERAL.format(titles=titles, title=meant[0].title))
    call = meant[0]
    check_open(call, began)
    return call, values_of(session, call)


def check_open(call: Record, began: datetime) -> None:
    """Raise Refusal once a call takes nothing more."""
    over = call.day is None or began.date() > call.day
    if call.state != "open" or over:
        day = say_date(call.day) if call.day else ""
        raise Refusal(CLOSED.format(title=call.title, day=day))


def check_sort(call: Mapping[str, Value], sort: str) -> None:
    if sort not in sorts_of(call):
        taken = "、".join(sorts_of(call))
        raise Refusal(NOT_TAKEN.format(title=call["title"], sorts=taken, sort=sort))


def check_room(
    session: Session, call: Record, values: Mapping[str, Value], member_id: int
) -> None:
    """Raise Refusal for more works of somebody than a call takes."""
    most = values.get("most")
    if not most:
        return
    mine = (
        select(func.count(func.distinct(WorkEntry.record_id)))
        .join(Record, Record.id == WorkEntry.record_id)
        .join(RecordPerson, RecordPerson.record_id == Record.id)
        .where(
            WorkEntry.call_id == call.id,
            Record.withdrawn_at.is_(None),
            RecordPerson.member_id == member_id,
            RecordPerson.field == "people",
        )
    )
    if (count := session.scalar(mine) or 0) >= most:
        told = ENOUGH.format(title=call.title, most=most, count=count)
        raise Refusal(told)


def sorts_of(call: Mapping[str, Value]) -> Sequence[str]:
    return [each for each in str(call.get("sorts") or "").split("、") if each]


def enter(session: Session, work: Record, call: Record) -> None:
    session.add(WorkEntry(record_id=work.id, call_id=call.id, mark=None))
    session.flush()


def call_of(session: Session, work: Record) -> Record:
    """Return the call of a work. Raises Refusal for one that was only imported."""
    entry = session.get(WorkEntry, work.id)
    if entry is None:
        raise Refusal(f"作品 {work.id} 不是投给征集的，这一步用不上。")
    return session.get_one(Record, entry.call_id)


def mark_of(session: Session, work: Record) -> int | None:
    entry = session.get(WorkEntry, work.id)
    return entry.mark if entry else None


def works_of(session: Session, call: Record, *states: str) -> Sequence[Record]:
    """List the works of a call that stand, in the order of their blind numbers."""
    rows = (
        select(Record)
        .join(WorkEntry, WorkEntry.record_id == Record.id)
        .where(WorkEntry.call_id == call.id, Record.withdrawn_at.is_(None))
        .order_by(WorkEntry.mark, Record.id)
    )
    if states:
        rows = rows.where(Record.state.in_(states))
    return session.scalars(rows).all()


def find_marked(session: Session, call: Record, mark: int) -> Record:
    """Find a work by its blind number. Raises Refusal."""
    row = session.scalar(
        select(Record)
        .join(WorkEntry, WorkEntry.record_id == Record.id)
        .where(
            WorkEntry.call_id == call.id,
            WorkEntry.mark == mark,
            Record.withdrawn_at.is_(None),
        )
    )
    if row is None:
        raise Refusal(f"“{call.title}”没有 {mark} 号作品。")
    return row


def number_blindly(session: Session, call: Record, works: Sequence[Record]) -> None:
    """Give works the numbers that the jury knows them by, in an order of no meaning.

    A work keeps a number that it has: what was judged under it stays true.
    """
    entries = {each.id: session.get_one(WorkEntry, each.id) for each in works}
    taken = [entry.mark for entry in entries.values() if entry.mark]
    new = [each for each in works if not entries[each.id].mark]
    for mark, each in enumerate(sorted(new, key=_shuffled), max(taken, default=0) + 1):
        entries[each.id].mark = mark
    session.flush()


def _shuffled(row: Record) -> bytes:
    """Order by what nobody outside knows: the microsecond in which it was told."""
    return sha256(f"{row.id}:{row.recorded_at.isoformat()}".encode()).digest()


def is_author(session: Session, work: Record, member_id: int, *fields: str) -> bool:
    mine = select(RecordPerson.id).where(
        RecordPerson.record_id == work.id,
        RecordPerson.member_id == member_id,
        RecordPerson.field.in_(fields or ("people", "tutor")),
    )
    return session.scalar(mine.limit(1)) is not None


def move(
    session: Session, work: Record, to: str, by: int | None, now: datetime
) -> bool:
    """Bring a work into a state where that is a step; False if it is there."""
    if work.state == to:
        return False
    book.move(session, work, to, by, now)
    return True


def title_of(row: Record) -> str:
    return f"{WORK.title} {row.id}《{row.title}》"
