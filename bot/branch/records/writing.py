"""A record's rows: its columns and people from what it says, and the trace."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.branch.people.tree import Branch
from bot.branch.records import organisations
from bot.branch.records.fields import Amount, Choice, Day, Value, Words
from bot.branch.records.kind import Kind
from bot.branch.records.tables import (
    Record,
    RecordChange,
    RecordPerson,
    RecordPrivate,
)
from bot.storage.encrypted import can_seal


def fill(
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
    row.heads = sum(
        len(values.get(each.name) or ()) for each in kind.people if each.counted
    )
    each_one = kind.amount is not None and kind.amount.each
    row.total = (row.amount or 0.0) * (max(row.heads, 1) if each_one else 1)


def _first(kind: Kind, sort: type[Any], values: Mapping[str, Value]) -> Any:
    field = kind.first(sort)
    return values.get(field.name) if field and not field.private else None


def write_people(
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


def write_private(
    session: Session,
    kind: Kind,
    row: Record,
    values: Mapping[str, Value],
    now: datetime,
) -> None:
    """Keep what is private sealed; without a key it is not kept at all."""
    if not can_seal(session):
        return
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


def note(  # noqa: PLR0913  # a line has many words
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
