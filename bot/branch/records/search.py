"""Finding records and summing them: a list, a count, sums by what one asks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    distinct,
    extract,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.branch.records.kind import Kind, Sum
from bot.branch.records.tables import Organisation, Record, RecordPerson

By: TypeAlias = str
"""organisation, person, month, year; else the name of a choice."""


@dataclass(frozen=True)
class Query:
    """Which records of a kind. only_of: of whom alone the asker may see them."""

    kind: Kind
    branch: Branch
    first: date | None = None
    last: date | None = None
    organisation: str = ""
    member: int | None = None
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    states: Sequence[str] = ()
    only_of: int | None = None


@dataclass(frozen=True)
class Figures:
    """What records come to. apart: the value of the choice they are summed apart by."""

    records: int
    heads: int
    total: float
    organisations: int
    apart: str = ""
    of: str = ""

    def say(self, sums: Sequence[Sum]) -> str:
        """Say each sum with its unit: 3 次，5 人次，18 工时，2 家."""
        return "，".join(f"{self.count(each):g} {each.unit}" for each in sums)

    def count(self, wanted: Sum) -> float:
        return round(float(getattr(self, wanted.of)), 2)


def find(
    session: Session, query: Query, limit: int | None = None, offset: int = 0
) -> Sequence[Record]:
    """List records, the latest day first."""
    rows = select(Record).where(*conditions(session, query))
    rows = rows.order_by(Record.day.desc(), Record.id.desc())
    if limit is not None:
        rows = rows.limit(limit).offset(offset)
    return session.scalars(rows).all()


def count(session: Session, query: Query) -> int:
    rows = select(func.count(Record.id)).where(*conditions(session, query))
    return session.scalar(rows) or 0


def sum_up(session: Session, query: Query) -> list[Figures]:
    """Sum what counts up; one line for each value that is summed apart."""
    query = _counting(query)
    apart = column_of(query.kind, query.kind.apart)
    by = [] if apart is None else [apart]
    rows: Any = select(*_FIGURES, *by).where(*conditions(session, query))
    return [
        Figures(*_numbers(row), apart=(row[4] or "") if by else "")
        for row in session.execute(rows.group_by(*by).order_by(*by))
    ]


def sum_by(
    session: Session, query: Query, by: By, limit: int | None = None
) -> list[Figures]:
    """Sum what counts by company, person, month, year or a choice, most first."""
    query = _counting(query)
    apart = column_of(query.kind, query.kind.apart)
    rows, of = _grouped(query, by)
    rows = rows.where(*conditions(session, query))
    groups = [*of, *([apart] if apart is not None else [])]
    order = [func.count(Record.id).desc(), *groups]
    if by in ("month", "year"):
        order = groups
    rows = rows.add_columns(*groups).group_by(*groups).order_by(*order)
    if limit is not None:
        rows = rows.limit(limit)
    found = []
    for row in session.execute(rows):
        keys = row[4 : 4 + len(of)]
        said = _say_keys(by, keys)
        told = row[4 + len(of)] if apart is not None else ""
        found.append(Figures(*_numbers(row), apart=told or "", of=said))
    return found


_FIGURES = (
    func.count(Record.id),
    func.coalesce(func.sum(Record.heads), 0),
    func.coalesce(func.sum(Record.total), 0.0),
    func.count(distinct(Record.organisation_id)),
)


def _counting(query: Query) -> Query:
    """Narrow to the states that are summed, where it does not ask for others."""
    if query.states or len(query.kind.counting) == len(query.kind.states):
        return query
    return replace(query, states=query.kind.counting)


def _numbers(row: Any) -> tuple[int, int, float, int]:
    return row[0], int(row[1]), float(row[2]), row[3]


def _grouped(query: Query, by: By) -> tuple[Any, list[ColumnElement[Any]]]:
    match by:
        case "organisation":
            joined = select(*_FIGURES).join(
                Organisation, Organisation.id == Record.organisation_id
            )
            return joined, [Organisation.__table__.c.name]
        case "person":
            amount = query.kind.amount
            own: Any = Record.amount if amount and amount.each else Record.total
            figures = (
                func.count(distinct(Record.id)),
                func.count(RecordPerson.id),
                func.coalesce(func.sum(own), 0.0),
                func.count(distinct(Record.organisation_id)),
            )
            name = func.coalesce(Member.name, RecordPerson.name)
            counted = [each.name for each in query.kind.people if each.counted]
            joined = (
                select(*figures)
                .join(RecordPerson, RecordPerson.record_id == Record.id)
                .outerjoin(Member, Member.id == RecordPerson.member_id)
                .where(RecordPerson.field.in_(counted))
            )
            return joined, [RecordPerson.__table__.c.member_id, name]
        case "month":
            year, month = extract("year", Record.day), extract("month", Record.day)
            return select(*_FIGURES).where(Record.day.is_not(None)), [year, month]
        case "year":
            dated = select(*_FIGURES).where(Record.day.is_not(None))
            return dated, [extract("year", Record.day)]
        case _:
            column = column_of(query.kind, by)
            assert column is not None
            return select(*_FIGURES), [column]


def _say_keys(by: By, keys: Sequence[Any]) -> str:
    match by:
        case "month":
            return f"{int(keys[0])}年{int(keys[1])}月"
        case "year":
            return f"{int(keys[0])}年"
        case _:
            return str(keys[-1] or "未写明")


def column_of(kind: Kind, name: str) -> ColumnElement[Any] | None:
    """Return the column that a choice of the kind has."""
    names = [each.name for each in kind.choices]
    if name not in names:
        return None
    columns = (Record.__table__.c.sort, Record.__table__.c.level)
    at = names.index(name)
    return columns[at] if at < len(columns) else Record.fields[name].as_string()


def conditions(session: Session, query: Query) -> list[ColumnElement[bool]]:
    table = Record.__table__.c
    found: list[ColumnElement[bool]] = [
        table.kind == query.kind.name,
        _within(session, query.branch),
        table.withdrawn_at.is_(None),
    ]
    if query.first:
        found.append(table.day >= query.first)
    if query.last:
        found.append(table.day <= query.last)
    if query.organisation:
        known = select(Organisation.id).where(Organisation.name == query.organisation)
        found.append(table.organisation_id.in_(known))
    found += list(_chosen(query))
    if query.states:
        found.append(table.state.in_(query.states))
    if query.member is not None:
        found.append(has_person(query.member))
    if query.only_of is not None:
        mine = table.recorded_by == query.only_of
        found.append(or_(mine, has_person(query.only_of)))
    return found


def _chosen(query: Query) -> Iterator[ColumnElement[bool]]:
    for name, values in query.choices.items():
        if (column := column_of(query.kind, name)) is not None:
            yield column.in_(values)


def has_person(member_id: int) -> ColumnElement[bool]:
    """Match records about somebody: found by her own rows, which are few."""
    mine = select(RecordPerson.record_id).where(RecordPerson.member_id == member_id)
    return Record.__table__.c.id.in_(mine)


def _within(session: Session, branch: Branch) -> ColumnElement[bool]:
    ids = session.scalars(
        select(Branch.id).where(Branch.path.startswith(branch.path))
    ).all()
    column = Record.__table__.c.branch_id
    return column == ids[0] if len(ids) == 1 else column.in_(ids)
