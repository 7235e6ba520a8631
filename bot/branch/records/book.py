"""The book of records: write down, correct with a trace, move on, take back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import progress
from bot.branch.people.members import Member, Role, Standing
from bot.branch.people.tree import Branch
from bot.branch.records import writing
from bot.branch.records.declared import find_kind
from bot.branch.records.fields import Amount, Day, People, Value, Words
from bot.branch.records.kind import WITHDRAWN, Kind
from bot.branch.records.tables import (
    Record,
    RecordChange,
    RecordPerson,
    RecordPrivate,
)
from bot.branch.records.values import confirmations, values_of
from bot.calendar.say import say_date
from bot.errors import Refusal
from bot.storage.database import hold, take
from bot.storage.encrypted import can_seal

EARLIEST = date(1950, 1, 1)
FARTHEST = timedelta(days=732)


@dataclass(frozen=True)
class Teller:
    """Who records, for which branch; member None: the operator."""

    member: Member | None
    branch: Branch

    @property
    def number(self) -> int | None:
        return self.member.id if self.member else None


def check(kind: Kind, values: Mapping[str, Value], now: datetime) -> None:
    """Raise Refusal for what cannot be: a day to come, an amount beyond reason."""
    for field in kind.fields:
        value = values.get(field.name)
        match field:
            case Day() if value:
                day = date.fromisoformat(value)
                if day > now.date() and not field.ahead:
                    raise Refusal(f"{say_date(day)}还没到，等做了再记。")
                if not EARLIEST <= day <= now.date() + FARTHEST:
                    raise Refusal(f"{say_date(day)}看着不对，请再核对。")
            case People() if value and len(value) > field.most:
                raise Refusal(f"{field.title}一次最多 {field.most} 位，请分开说。")
            case Amount() if value and not 0 < value <= field.most:
                told = f"{value:g} {field.unit}"
                raise Refusal(f"{field.title} {told}太多了，请再核对。")
            case Words() if value and len(value) > field.longest:
                raise Refusal(f"{field.title}最多 {field.longest} 字，请说短些。")


def missing(kind: Kind, values: Mapping[str, Value]) -> list[str]:
    """List what must be told and is not yet, by the names of fields."""
    return [
        each.name
        for each in kind.fields
        if each.is_needed(values) and not values.get(each.name)
    ]


def record(
    session: Session,
    kind: Kind,
    values: Mapping[str, Value],
    teller: Teller,
    now: datetime,
) -> Record:
    """Write a record down. Raises Refusal for what cannot be."""
    return record_all(session, kind, [values], teller, now)[0]


def record_all(
    session: Session,
    kind: Kind,
    every: Sequence[Mapping[str, Value]],
    teller: Teller,
    now: datetime,
) -> Sequence[Record]:
    """Write many down at once. Raises Refusal, and writes none, if one cannot be."""
    for values in every:
        check(kind, values, now)
    known = writing.companies(session, kind, teller.branch, every)
    rows = []
    for values in every:
        row = Record(
            kind=kind.name,
            branch_id=teller.branch.id,
            recorded_by=teller.number,
            recorded_at=now,
            state=kind.states[0].name,
        )
        writing.fill(kind, row, values, known)
        rows.append(row)
    session.add_all(rows)
    session.flush()
    sealed = can_seal(session)
    pairs = list(zip(rows, every, strict=True))
    for row, values in progress.each("记台账", pairs):
        writing.write_people(session, kind, row, values)
        if sealed:
            writing.write_private(session, kind, row, values, now)
        writing.note(session, row, teller.number, "record", now)
    session.flush()
    return rows


def correct(
    session: Session,
    row: Record,
    values: Mapping[str, Value],
    by: int | None,
    now: datetime,
) -> None:
    """Say it anew; what it said before stays in the trace.

    What is sealed stays where values say nothing of it, and goes by the new day.
    """
    kind = find_kind(row.kind)
    check(kind, values, now)
    take_row(session, row)
    before = values_of(session, row)
    confirmed = confirmations(session, row)
    branch = session.get_one(Branch, row.branch_id)
    known = writing.companies(session, kind, branch, [values])
    writing.fill(kind, row, values, known)
    session.execute(delete(RecordPerson).where(RecordPerson.record_id == row.id))
    session.flush()
    writing.write_people(session, kind, row, values, confirmed)
    if can_seal(session):
        writing.rewrite_private(session, kind, row, values, now)
    changed = [name for name in kind.by_name if before.get(name) != values.get(name)]
    writing.note(
        session,
        row,
        by,
        "correct",
        now,
        before={name: before.get(name) for name in changed},
        after={name: values.get(name) for name in changed},
    )
    session.flush()


def move(
    session: Session, row: Record, state: str, by: int | None, now: datetime
) -> None:
    """Bring a record into another state, as its kind allows. Raises Refusal."""
    kind = find_kind(row.kind)
    take_row(session, row)
    if kind.move_to(state, row.state) is None:
        told = kind.state_title(row.state)
        raise Refusal(f"第 {row.id} 条现在是“{told}”，不能这样改。")
    before, row.state = row.state, state
    writing.note(
        session, row, by, "move", now, before={"state": before}, after={"state": state}
    )
    session.flush()


def withdraw(session: Session, row: Record, by: int | None, now: datetime) -> None:
    """Take a record back; it is counted no more, and stays as the trace."""
    take_row(session, row)
    row.withdrawn_at = now
    before, row.state = row.state, WITHDRAWN
    writing.note(session, row, by, "withdraw", now, before={"state": before})
    session.flush()


def get(session: Session, number: int, branch: Branch | None = None) -> Record:
    """Find a record that stands. branch: where the asker may look. Raises Refusal."""
    row = session.get(Record, number)
    if row is not None and branch is not None:
        path = session.get_one(Branch, row.branch_id).path
        if not path.startswith(branch.path):
            row = None
    if row is None:
        raise Refusal(f"没有第 {number} 条记录。")
    return row


def may_change(
    session: Session, row: Record, member: Member, standing: Standing
) -> bool:
    """Tell whether somebody may: who told of it, until it is settled; the secretary."""
    path = session.get_one(Branch, row.branch_id).path
    office = standing.role >= Role.SECRETARY and path.startswith(standing.branch.path)
    return office or (row.recorded_by == member.id and not is_settled(row))


def is_settled(row: Record) -> bool:
    """Tell whether a record has gone beyond what was told, and was not given back."""
    kind = find_kind(row.kind)
    return row.state != kind.states[0].name and not kind.is_returned(row.state)


def hand_in_again(session: Session, row: Record, by: int | None, now: datetime) -> bool:
    """Have what was given back looked at anew, now that it is mended; False if not."""
    kind = find_kind(row.kind)
    if not kind.is_returned(row.state):
        return False
    move(session, row, kind.states[0].name, by, now)
    return True


def trace(session: Session, row: Record) -> Sequence[RecordChange]:
    rows = select(RecordChange).where(RecordChange.record_id == row.id)
    return session.scalars(rows.order_by(RecordChange.id)).all()


def forget_private(session: Session, today: date) -> int:
    """Let go of what was sealed until today; return how many."""
    due = select(RecordPrivate.id).where(RecordPrivate.goes_on <= today).limit(500)
    ids = session.scalars(due).all()
    session.execute(delete(RecordPrivate).where(RecordPrivate.id.in_(ids)))
    return len(ids)


def take_row(session: Session, row: Record) -> None:
    """Have a record to ourselves. Raises Refusal if it was taken back meanwhile."""
    hold(session, Record, row.id)
    if not take(session, row) or row.withdrawn_at:
        raise Refusal(f"第 {row.id} 条已经撤销了，没有再动。")
