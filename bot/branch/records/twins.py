"""Records that tell of one thing: two who were there both tell of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.branch.people.tree import Branch
from bot.branch.records import search
from bot.branch.records.fields import Value, Words
from bot.branch.records.kind import Kind
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import people_of


def find_twin(
    session: Session, kind: Kind, values: Mapping[str, Value], branch: Branch
) -> Record | None:
    """Find the newest that tells of the same, by what its kind says that is."""
    if not kind.same or not all(values.get(name) for name in kind.same):
        return None
    query = Query(kind, branch)
    if kind.day and kind.day.name in kind.same:
        day = date.fromisoformat(values[kind.day.name])
        query = replace(query, first=day, last=day)
    if kind.organisation and kind.organisation.name in kind.same:
        query = replace(query, organisation=values[kind.organisation.name])
    people = {each.name: values[each.name] for each in _people_that_tell(kind)}
    rows = session.scalars(
        select(Record)
        .where(*search.conditions(session, query), *_said(kind, values, people))
        .order_by(Record.id.desc())
    ).all()
    there = people_of(session, rows) if people else {}
    for row in rows:
        if all(_same(there[row.id].get(name, ()), who) for name, who in people.items()):
            return row
    return None


def _people_that_tell(kind: Kind) -> Iterator[Any]:
    return (each for each in kind.people if each.name in kind.same)


def _said(
    kind: Kind, values: Mapping[str, Value], people: Mapping[str, Value]
) -> Iterator[ColumnElement[bool]]:
    """Match by columns what can be; of people their first, the rest is compared."""
    title = kind.first(Words)
    known = [each for each in (kind.day, kind.organisation) if each]
    for name in kind.same:
        field = kind.by_name[name]
        if field in known:
            continue
        if name in people:
            for number, _ in people[name][:1]:
                if number:
                    yield search.has_person(number)
        elif field is title:
            yield Record.title == values[name]
        elif (column := search.column_of(kind, name)) is not None:
            yield column == values[name]
        else:
            yield Record.fields[name].as_string() == str(values[name])


def _same(these: Sequence[Any], those: Sequence[Any]) -> bool:
    """Tell whether two lists are of the same people: members by number."""
    return {number or name for number, name in these} == {
        number or name for number, name in those
    }
