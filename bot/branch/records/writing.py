"""A record's rows: its columns and people from what it says, and the trace."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot.branch.people.tree import Branch
from bot.branch.records import organisations
from bot.branch.records.fields import Amount, Choice, Day, Field, Value, Words
from bot.branch.records.kind import Kind
from bot.branch.records.tables import (
    Record,
    RecordChange,
    RecordPerson,
    RecordPrivate,
)


def companies(
    session: Session, kind: Kind, branch: Branch, every: Iterable[Mapping[str, Value]]
) -> Mapping[str, int]:
    """Return the number of each organisation that values name; new ones are kept."""
    field = kind.organisation
    if field is None:
        return {}
    named = dict.fromkeys(name for each in every if (name := each.get(field.name)))
    return {name: organisations.take(session, branch, name) for name in named}


def fill(
    kind: Kind, row: Record, values: Mapping[str, Value], known: Mapping[str, int]
) -> None:
    """Write a record's columns from what it says. known: the organisations."""
    apart = {each.name for each in kind.people}
    apart |= {each.name for each in kind.fields if each.private}
    if company := kind.organisation:
        apart.add(company.name)
        name = values.get(company.name)
        row.organisation_id = known[name] if name else None
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


def write_private(
    session: Session,
    kind: Kind,
    row: Record,
    values: Mapping[str, Value],
    now: datetime,
) -> None:
    """Keep what is private sealed; not for where there is no key."""
    for field in kind.fields:
        if field.private and (value := values.get(field.name)):
            until = _goes_on(field, row, now)
            session.add(
                RecordPrivate(
                    record_id=row.id, field=field.name, value=value, goes_on=until
                )
            )


def rewrite_private(
    session: Session,
    kind: Kind,
    row: Record,
    values: Mapping[str, Value],
    now: datetime,
) -> None:
    """Keep what is told anew in place of what was; the rest stays, until its day."""
    of_row = RecordPrivate.record_id == row.id
    for field in kind.fields:
        this = (of_row, RecordPrivate.field == field.name)
        if field.private and values.get(field.name):
            session.execute(delete(RecordPrivate).where(*this))
        elif field.private:
            until = _goes_on(field, row, now)
            session.execute(update(RecordPrivate).where(*this).values(goes_on=until))
    write_private(session, kind, row, values, now)


def _goes_on(field: Field, row: Record, now: datetime) -> date:
    """Reckon the day on which what is private goes: so many days after the thing."""
    kept = row.day if row.day and row.day > now.date() else now.date()
    return kept + timedelta(days=field.private)


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


def _without_names(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [[number, None if number else called] for number, called in value]
        if isinstance(value, list)
        else value
        for name, value in values.items()
    }
