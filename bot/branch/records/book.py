"""The book of records: write down, correct with a trace, move on, take back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member, Role, Standing
from bot.branch.people.tree import Branch
from bot.branch.records import organisations
from bot.branch.records.declared import find_kind
from bot.branch.records.fields import Amount, Choice, Day, Value, Words
from bot.branch.records.kind import WITHDRAWN, Kind
from bot.branch.records.tables import (
    Evidence,
    Organisation,
    Record,
    RecordChange,
    RecordPerson,
    RecordPrivate,
)
from bot.calendar.say import say_date
from bot.errors import Refusal
from bot.storage.database import hold, take
from bot.storage.invariants import proof

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
            case Amount() if value and not 0 < value <= field.most:
                told = f"{value:g} {field.unit}"
                raise Refusal(f"{field.title} {told}太多了，请再核对。")
            case Words() if value and len(value) > field.longest:
                raise Refusal(f"{field.title}最多 {field.longest} 字，请说短些。")


def missing(kind: Kind, values: Mapping[str, Value]) -> list[str]:
    """List what must be told and is not yet, by the names of fields."""
    return [
        each.name for each in kind.fields if each.needed and not values.get(each.name)
    ]


def record(
    session: Session,
    kind: Kind,
    values: Mapping[str, Value],
    teller: Teller,
    now: datetime,
) -> Record:
    """Write a record down. Raises Refusal for what cannot be."""
    check(kind, values, now)
    row = Record(
        kind=kind.name,
        branch_id=teller.branch.id,
        recorded_by=teller.number,
        recorded_at=now,
        state=kind.states[0].name,
    )
    _fill(session, kind, row, values)
    session.add(row)
    session.flush()
    _write_people(session, kind, row, values)
    _write_private(session, kind, row, values, now)
    _note(session, row, teller.number, "record", now)
    return row


def correct(
    session: Session,
    row: Record,
    values: Mapping[str, Value],
    by: int | None,
    now: datetime,
) -> None:
    """Say it anew; what it said before stays in the trace."""
    kind = find_kind(row.kind)
    check(kind, values, now)
    _take(session, row)
    before = values_of(session, row)
    confirmed = confirmations(session, row)
    _fill(session, kind, row, values)
    session.execute(delete(RecordPerson).where(RecordPerson.record_id == row.id))
    session.execute(delete(RecordPrivate).where(RecordPrivate.record_id == row.id))
    session.flush()
    _write_people(session, kind, row, values, confirmed)
    _write_private(session, kind, row, values, now)
    changed = [
        name for name in kind.by_name if before.get(name) != values.get(name)
    ]
    _note(
        session,
        row,
        by,
        "correct",
        now,
        before={name: before.get(name) for name in changed},
        after={name: values.get(name) for name in changed},
    )


def move(
    session: Session, row: Record, state: str, by: int | None, now: datetime
) -> None:
    """Bring a record into another state, as its kind allows. Raises Refusal."""
    kind = find_kind(row.kind)
    _take(session, row)
    if kind.move_to(state, row.state) is None:
        told = kind.state_title(row.state)
        raise Refusal(f"第 {row.id} 条现在是“{told}”，不能这样改。")
    before, row.state = row.state, state
    _note(
        session, row, by, "move", now, before={"state": before}, after={"state": state}
    )


def withdraw(session: Session, row: Record, by: int | None, now: datetime) -> None:
    """Take a record back; it is counted no more, and stays as the trace."""
    _take(session, row)
    row.withdrawn_at = now
    before, row.state = row.state, WITHDRAWN
    _note(session, row, by, "withdraw", now, before={"state": before})


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
    settled = row.state != find_kind(row.kind).states[0].name
    path = session.get_one(Branch, row.branch_id).path
    office = standing.role >= Role.SECRETARY and path.startswith(standing.branch.path)
    return office or (row.recorded_by == member.id and not settled)


def is_about(session: Session, row: Record, member: Member) -> bool:
    mine = select(RecordPerson.id).where(
        RecordPerson.record_id == row.id, RecordPerson.member_id == member.id
    )
    return row.recorded_by == member.id or session.scalar(mine.limit(1)) is not None


def people_of(
    session: Session, rows: Sequence[Record]
) -> Mapping[int, Mapping[str, list[list[Any]]]]:
    """Return of each record, by field: number or None, and name of everybody."""
    found: dict[int, dict[str, list[list[Any]]]] = {each.id: {} for each in rows}
    for start in range(0, len(rows), 500):
        part = [each.id for each in rows[start : start + 500]]
        people = session.execute(
            select(
                RecordPerson.record_id,
                RecordPerson.field,
                RecordPerson.member_id,
                func.coalesce(Member.name, RecordPerson.name),
            )
            .outerjoin(Member, Member.id == RecordPerson.member_id)
            .where(RecordPerson.record_id.in_(part))
            .order_by(RecordPerson.record_id, RecordPerson.place)
        )
        for record_id, field, member_id, name in people:
            found[record_id].setdefault(field, []).append([member_id, name])
    return found


def values_of(session: Session, row: Record) -> dict[str, Value]:
    """Return all that a record says, as it was told."""
    return values_of_all(session, [row])[0]


def values_of_all(session: Session, rows: Sequence[Record]) -> list[dict[str, Value]]:
    people = people_of(session, rows)
    ids = {each.organisation_id for each in rows if each.organisation_id}
    called: dict[int, str] = {}
    known = sorted(ids)
    for start in range(0, len(known), 500):
        called |= organisations.names(session, known[start : start + 500])
    found = []
    for row in rows:
        kind = find_kind(row.kind)
        values: dict[str, Value] = {**row.fields, **people[row.id]}
        if row.organisation_id and kind.organisation:
            values[kind.organisation.name] = called[row.organisation_id]
        found.append(values)
    return found


def private_of(session: Session, row: Record) -> dict[str, str]:
    rows = select(RecordPrivate.field, RecordPrivate.value).where(
        RecordPrivate.record_id == row.id
    )
    return {field: value for field, value in session.execute(rows)}


def confirmations(session: Session, row: Record) -> dict[int, datetime]:
    """Return who of it has confirmed, and when."""
    rows = select(RecordPerson.member_id, RecordPerson.confirmed_at).where(
        RecordPerson.record_id == row.id,
        RecordPerson.member_id.is_not(None),
        RecordPerson.confirmed_at.is_not(None),
    )
    return {who: at for who, at in session.execute(rows) if who and at}


def confirm(session: Session, row: Record, member_id: int, now: datetime) -> bool:
    """Note that one of those it is about says so too; False if she did before."""
    mine = select(RecordPerson).where(
        RecordPerson.record_id == row.id, RecordPerson.member_id == member_id
    )
    new = False
    for person in session.scalars(mine):
        new = new or person.confirmed_at is None
        person.confirmed_at = person.confirmed_at or now
    if new:
        _note(session, row, member_id, "confirm", now)
    session.flush()
    return new


def add_person(  # noqa: PLR0913  # who, as what, and by whom
    session: Session,
    row: Record,
    field: str,
    member: Member,
    by: int | None,
    now: datetime,
) -> bool:
    """Add one to those a record is about; False if she is one of them."""
    values = values_of(session, row)
    there = values.get(field, [])
    if any(number == member.id for number, _ in there):
        return False
    values[field] = [*there, [member.id, member.name]]
    correct(session, row, values, by, now)
    return True


def trace(session: Session, row: Record) -> Sequence[RecordChange]:
    rows = select(RecordChange).where(RecordChange.record_id == row.id)
    return session.scalars(rows.order_by(RecordChange.id)).all()


def evidence_of(session: Session, ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Return the numbers of what shows each record."""
    found: dict[int, list[str]] = {each: [] for each in ids}
    for start in range(0, len(ids), 500):
        rows = select(Evidence.record_id, Evidence.number).where(
            Evidence.record_id.in_(ids[start : start + 500])
        )
        for record_id, number in session.execute(rows.order_by(Evidence.id)):
            found[record_id].append(number)
    return found


def add_evidence(
    session: Session,
    row: Record,
    attachment_id: int,
    title: str,
    teller: Teller,
    now: datetime,
) -> Evidence:
    """Number a picture or paper that shows it, and move it on where the kind says."""
    kind = find_kind(row.kind)
    _take(session, row)
    count = len(evidence_of(session, [row.id])[row.id]) + 1
    number = f"{kind.title[:2]}-{row.id:04d}-{count}"
    found = Evidence(
        record_id=row.id,
        number=number,
        title=title,
        attachment_id=attachment_id,
        given_by=teller.number,
        at=now,
    )
    session.add(found)
    _note(session, row, teller.number, "evidence", now, after={"number": number})
    for each in kind.moves:
        if each.evidence and row.state in each.come_from:
            move(session, row, each.to, teller.number, now)
            break
    session.flush()
    return found


def forget_private(session: Session, today: date) -> int:
    """Let go of what was sealed until today; return how many."""
    due = select(RecordPrivate.id).where(RecordPrivate.goes_on <= today).limit(500)
    ids = session.scalars(due).all()
    session.execute(delete(RecordPrivate).where(RecordPrivate.id.in_(ids)))
    return len(ids)


def _take(session: Session, row: Record) -> None:
    """Have a record to ourselves. Raises Refusal if it was taken back meanwhile."""
    hold(session, Record, row.id)
    if not take(session, row) or row.withdrawn_at:
        raise Refusal(f"第 {row.id} 条已经撤销了，没有再动。")


def _fill(
    session: Session, kind: Kind, row: Record, values: Mapping[str, Value]
) -> None:
    """Write a record's columns from what it says."""
    branch = session.get_one(Branch, row.branch_id)
    apart = {each.name for each in kind.people}
    apart |= {each.name for each in kind.fields if each.private}
    if company := kind.organisation:
        apart.add(company.name)
        name = values.get(company.name)
        row.organisation_id = name and organisations.take(session, branch, name)
    row.fields = {
        each.name: values[each.name]
        for each in kind.fields
        if each.name not in apart and values.get(each.name) is not None
    }
    row.day = date.fromisoformat(day) if (day := _first(kind, Day, values)) else None
    row.title = _first(kind, Words, values)
    row.amount = _first(kind, Amount, values)
    choices = [values.get(each.name) for each in kind.all(Choice)[:2]]
    row.sort, row.level = [*choices, None, None][:2]
    row.heads = sum(len(values.get(each.name) or ()) for each in kind.people if each.counted)
    each_one = kind.amount is not None and kind.amount.each
    row.total = (row.amount or 0.0) * (max(row.heads, 1) if each_one else 1)


def _first(kind: Kind, sort: type[Any], values: Mapping[str, Value]) -> Any:
    field = kind.first(sort)
    return values.get(field.name) if field and not field.private else None


def _write_people(
    session: Session,
    kind: Kind,
    row: Record,
    values: Mapping[str, Value],
    confirmed: Mapping[int, datetime] | None = None,
) -> None:
    known = confirmed or {}
    for field in kind.people:
        for place, (number, name) in enumerate(values.get(field.name) or (), 1):
            session.add(
                RecordPerson(
                    record_id=row.id,
                    member_id=number,
                    name=None if number else name,
                    field=field.name,
                    place=place,
                    confirmed_at=known.get(number),
                )
            )
    session.flush()


def _write_private(
    session: Session,
    kind: Kind,
    row: Record,
    values: Mapping[str, Value],
    now: datetime,
) -> None:
    for field in kind.fields:
        if field.private and (value := values.get(field.name)):
            kept = row.day if row.day and row.day > now.date() else now.date()
            until = kept + timedelta(days=field.private)
            session.add(
                RecordPrivate(
                    record_id=row.id, field=field.name, value=value, goes_on=until
                )
            )
    session.flush()


def _note(
    session: Session,
    row: Record,
    by: int | None,
    act: str,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write the trace; of people it holds numbers, and no name of a member."""
    session.add(
        RecordChange(
            record_id=row.id,
            changed_by=by,
            at=now,
            act=act,
            before=_without_names(before or {}),
            after=_without_names(after or {}),
        )
    )
    session.flush()


def _without_names(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [[number, None if number else called] for number, called in value]
        if isinstance(value, list)
        else value
        for name, value in values.items()
    }


@proof("记录：人次与合计由它说的人和数得来")
def summed(session: Session) -> Iterator[str]:
    people = (
        select(RecordPerson.record_id, func.count().label("heads"))
        .group_by(RecordPerson.record_id)
        .subquery()
    )
    rows = (
        select(Record)
        .outerjoin(people, people.c.record_id == Record.id)
        .where(
            or_(
                func.coalesce(people.c.heads, 0) < Record.heads,
                Record.total < 0,
                (Record.withdrawn_at.is_not(None)) != (Record.state == WITHDRAWN),
            )
        )
    )
    for row in session.scalars(rows):
        yield f"第 {row.id} 条记录的人数、合计或状态对不上"


@proof("记录：企业是本支部的")
def own_organisation(session: Session) -> Iterator[str]:
    rows = (
        select(Record.id)
        .join(Organisation, Organisation.id == Record.organisation_id)
        .where(Organisation.branch_id != Record.branch_id)
    )
    for number in session.scalars(rows):
        yield f"第 {number} 条记录的企业是别的支部的"
