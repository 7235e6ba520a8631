"""Whom records are about: who says so too, who is added, whose name goes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.records import book, writing
from bot.branch.records.tables import Record, RecordPerson
from bot.branch.records.values import people_of, values_of


def is_about(session: Session, row: Record, member: Member) -> bool:
    mine = select(RecordPerson.id).where(
        RecordPerson.record_id == row.id, RecordPerson.member_id == member.id
    )
    return row.recorded_by == member.id or session.scalar(mine.limit(1)) is not None


def people_in(session: Session, row: Record, field: str) -> Sequence[Sequence[Any]]:
    """Return number or None, and name, of those whom one field names."""
    return people_of(session, [row])[row.id].get(field, [])


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
        writing.note(session, row, member_id, "confirm", now)
    session.flush()
    return new


def add_people(
    session: Session,
    row: Record,
    told: Mapping[str, list[list[Any]]],
    by: int | None,
    now: datetime,
) -> list[str]:
    """Add those to a record who are not in it yet, by field; return their names.

    told: [number or null, name] of each. Raises Refusal for more than a field may have.
    """
    values, added = values_of(session, row), list[str]()
    for field, people in told.items():
        there = values.get(field, [])
        new = [each for each in people if not is_among(each, there)]
        values[field] = [*there, *new]
        added += [name for _, name in new]
    if added:
        book.correct(session, row, values, by, now)
    return added


def is_among(one: Sequence[Any], there: Iterable[Sequence[Any]]) -> bool:
    """Tell whether somebody is there: a member by number, others by name."""
    number, name = one
    return any(number == each if number else name == called for each, called in there)


def unname(session: Session, member: Member, by: str) -> None:
    """Put another word for a name into what records say in words."""
    mine = select(RecordPerson.record_id).where(RecordPerson.member_id == member.id)
    told = Record.recorded_by == member.id
    for row in session.scalars(select(Record).where(or_(told, Record.id.in_(mine)))):
        row.fields = {
            name: value.replace(member.name, by) if isinstance(value, str) else value
            for name, value in row.fields.items()
        }
        row.title = row.title and row.title.replace(member.name, by)
    session.flush()
