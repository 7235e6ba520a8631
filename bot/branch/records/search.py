"""Finding records and summing them: a list, a count, sums by what one asks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Extract,
    desc,
    distinct,
    extract,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.people.tree import Branch, BranchKind
from bot.branch.records.kind import Kind, Sum
from bot.branch.records.organisations import NO_FIRMS
from bot.branch.records.tables import Organisation, Record, RecordPerson

By: TypeAlias = str
"""organisation, person, month, year; else the name of a choice."""


@dataclass(frozen=True)
class Query:
    """Which records of a kind. only_of: of whom alone the asker may see them.

    place: what must stand in the organisation's name: 苏州. firms: only of companies.
    titled: signs of its title, in this order: 优秀党员 also means 优秀共产党员.
    """

    kind: Kind
    branch: Branch
    first: date | None = None
    last: date | None = None
    organisation: str = ""
    member: int | None = None
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    states: Sequence[str] = ()
    only_of: int | None = None
    place: str = ""
    firms: bool = False
    titled: str = ""


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


def say_figures(figures: Sequence[Figures], kind: Kind) -> str:
    """Say the sums of a kind, what is summed apart by its name; of none, 0."""
    if not figures:
        return f"0 {kind.sums[0].unit}"
    return "；".join(f"{each.apart} {each.say(kind.sums)}".strip() for each in figures)


def find(
    session: Session, query: Query, limit: int | None = None, offset: int = 0
) -> Sequence[Record]:
    """List records, the latest day first."""
    rows = select(Record).where(*conditions(session, query))
    rows = rows.order_by(Record.day.desc(), Record.id.desc())
    if limit is not None:
        rows = rows.limit(limit).offset(offset)
    return session.scalars(rows).all()


def latest_by(session: Session, member: Member, most: int) -> Sequence[Record]:
    """List what somebody told, and what stands, the latest first."""
    own = select(Record).where(
        Record.recorded_by == member.id, Record.withdrawn_at.is_(None)
    )
    return session.scalars(own.order_by(Record.id.desc()).limit(most)).all()


def count(session: Session, query: Query) -> int:
    rows = select(func.count(Record.id)).where(*conditions(session, query))
    return session.scalars(rows).one()


def holds(session: Session, query: Query, row: Record) -> bool:
    """Tell whether a record is one of those that a query means."""
    found = select(Record.id).where(Record.id == row.id, *conditions(session, query))
    return session.scalar(found) is not None


def count_by_state(session: Session, query: Query) -> Mapping[str, int]:
    """Count the records in each state; one that none is in has no entry."""
    rows = select(Record.state, func.count(Record.id))
    rows = rows.where(*conditions(session, query)).group_by(Record.state)
    return dict(session.execute(rows).all())


def first_day(session: Session, query: Query) -> date | None:
    """Return the earliest day that a record is of."""
    days = select(func.min(Record.day)).where(*conditions(session, query))
    return session.scalar(days)


def sum_up(session: Session, query: Query) -> list[Figures]:
    """Sum what counts up; one line for each value that is summed apart."""
    query = _counting(query)
    apart = column_of(query.kind, query.kind.apart)
    by = [] if apart is None else [apart]
    rows, keys = _summed(session, query, by)
    return [
        Figures(*_numbers(row), apart=(row[4] or "") if by else "")
        for row in session.execute(rows.order_by(*keys))
        if row[0]
    ]


def sum_by(
    session: Session, query: Query, by: By, limit: int | None = None
) -> list[Figures]:
    """Sum what counts by company, person, month, year or a choice, most first."""
    query = _counting(query)
    apart = column_of(query.kind, query.kind.apart)
    more = [] if apart is None else [apart]
    if by == "person":
        rows, keys = _summed_by_person(session, query, more)
    else:
        rows, keys = _summed(session, query, [*_keys(query.kind, by), *more])
    if by == "organisation":
        name = Organisation.__table__.c.name
        figures = rows.selected_columns[:4]
        rows = rows.join(Organisation, Organisation.id == keys[0])
        rows = rows.with_only_columns(*figures, name, *keys[1:]).group_by(name)
        keys = [name, *keys[1:]]
    rows = rows.order_by(*([] if by in ("month", "year") else [desc("records")]), *keys)
    if limit is not None:
        rows = rows.limit(limit)
    size = len(keys) - len(more)
    return [
        Figures(
            *_numbers(row),
            apart=(row[4 + size] or "") if more else "",
            of=_say_keys(by, row[4 : 4 + size]),
        )
        for row in session.execute(rows)
    ]


def _counting(query: Query) -> Query:
    """Narrow to the states that are summed, where it does not ask for others."""
    if query.states or len(query.kind.counting) == len(query.kind.states):
        return query
    return replace(query, states=query.kind.counting)


def _numbers(row: Any) -> tuple[int, int, float, int]:
    return row[0], int(row[1]), float(row[2]), row[3]


def _keys(kind: Kind, by: By) -> list[Any]:
    """Return what rows are grouped by; of a company its number."""
    match by:
        case "organisation":
            return [Record.organisation_id]
        case "month":
            return [extract("year", Record.day), extract("month", Record.day)]
        case "year":
            return [extract("year", Record.day)]
        case _:
            return [column_of(kind, by)]


def _summed(
    session: Session, query: Query, keys: Sequence[Any]
) -> tuple[Any, list[Any]]:
    """Sum in two steps: by organisation first, which an index has in its order.

    Counting distinct organisations in one step takes three times as long.
    """
    of = Record.organisation_id
    named = [key.label(f"key{at}") for at, key in enumerate(keys) if key is not of]
    inner = (
        select(
            func.count(Record.id).label("records"),
            func.sum(Record.heads).label("heads"),
            func.sum(Record.total).label("total"),
            of.label("organisation"),
            *named,
        )
        .where(*conditions(session, query))
        .group_by(of, *(key for key in keys if key is not of))
    )
    if any(isinstance(key, Extract) for key in keys):
        inner = inner.where(Record.day.is_not(None))
    return _sum_again(inner.subquery(), len(keys))


def _sum_again(table: Any, count: int) -> tuple[Any, list[Any]]:
    """Sum the sums by organisation up, by their first so many keys."""
    columns = [table.c.get(f"key{at}", table.c.organisation) for at in range(count)]
    outer = select(
        func.coalesce(func.sum(table.c.records), 0).label("records"),
        func.coalesce(func.sum(table.c.heads), 0),
        func.coalesce(func.sum(table.c.total), 0.0),
        func.count(distinct(table.c.organisation)),
        *columns,
    )
    return outer.group_by(*columns), columns


def _summed_by_person(
    session: Session, query: Query, more: Sequence[Any]
) -> tuple[Any, list[Any]]:
    """Sum for each person who counts: her part of what is told of each."""
    amount = query.kind.amount
    own: Any = Record.amount if amount and amount.each else Record.total
    counted = [each.name for each in query.kind.people if each.counted]
    who = (RecordPerson.member_id, RecordPerson.name)
    once = func.count() if len(counted) == 1 else func.count(distinct(Record.id))
    inner = (
        select(
            once.label("records"),
            func.count().label("heads"),
            func.sum(own).label("total"),
            Record.organisation_id.label("organisation"),
            *(key.label(f"key{at}") for at, key in enumerate((*who, *more))),
        )
        .join(RecordPerson, RecordPerson.record_id == Record.id)
        .where(RecordPerson.field.in_(counted), *conditions(session, query))
        .group_by(*who, *more, Record.organisation_id)
    )
    rows, keys = _sum_again(inner.subquery(), 2 + len(more))
    name = func.coalesce(Member.name, keys[1])
    first = rows.selected_columns[:5]
    rows = rows.outerjoin(Member, Member.id == keys[0]).with_only_columns(
        *first, name, *keys[2:]
    )
    return rows.group_by(Member.name), keys


def people_in(session: Session, query: Query) -> set[int]:
    """Return the members that such records count."""
    counted = [each.name for each in query.kind.people if each.counted]
    found = (
        select(RecordPerson.member_id)
        .join(Record, Record.id == RecordPerson.record_id)
        .where(RecordPerson.field.in_(counted), *conditions(session, _counting(query)))
    )
    return {number for number in session.scalars(found) if number is not None}


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
    if named := list(_named(query)):
        meant = select(Organisation.id).where(*named)
        found.append(table.organisation_id.in_(meant))
    found += list(_chosen(query))
    if query.titled:
        found.append(table.title.like(f"%{'%'.join(query.titled)}%"))
    if query.states:
        found.append(table.state.in_(query.states))
    if query.member is not None:
        found.append(has_person(query.member))
    if query.only_of is not None:
        mine = table.recorded_by == query.only_of
        found.append(or_(mine, has_person(query.only_of)))
    return found


def _named(query: Query) -> Iterator[ColumnElement[bool]]:
    """Yield what must be so of the organisation where that is said."""
    if query.organisation:
        yield Organisation.name == query.organisation
    if query.place:
        yield Organisation.name.contains(query.place)
    if query.firms:  # no community, school or authority
        yield not_(or_(*(Organisation.name.endswith(each) for each in NO_FIRMS)))


def _chosen(query: Query) -> Iterator[ColumnElement[bool]]:
    for name, values in query.choices.items():
        if (column := column_of(query.kind, name)) is not None:
            yield column.in_(values)


def has_person(member_id: int) -> ColumnElement[bool]:
    """Match records about somebody: found by her own rows, which are few."""
    mine = select(RecordPerson.record_id).where(RecordPerson.member_id == member_id)
    return Record.__table__.c.id.in_(mine)


def _within(session: Session, branch: Branch) -> ColumnElement[bool]:
    """Match the records of a branch and those below; groups have none of their own.

    Of one branch alone an index gives them in its order.
    """
    below = select(Branch.id).where(
        Branch.path.startswith(branch.path), Branch.kind != BranchKind.GROUP
    )
    ids = {branch.id, *session.scalars(below)}
    column = Record.__table__.c.branch_id
    return column == branch.id if len(ids) == 1 else column.in_(sorted(ids))
