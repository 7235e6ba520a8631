"""What records say, put together again from where it is kept."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.branch.records import organisations
from bot.branch.records.declared import find_kind
from bot.branch.records.fields import Value
from bot.branch.records.kind import Kind
from bot.branch.records.tables import Record, RecordPerson, RecordPrivate
from bot.storage.in_list import among


def people_of(
    session: Session, rows: Sequence[Record]
) -> Mapping[int, Mapping[str, list[list[Any]]]]:
    """Return of each record, by field: number or None, and name of everybody."""
    found: dict[int, dict[str, list[list[Any]]]] = {each.id: {} for each in rows}
    people = session.execute(
        select(
            RecordPerson.record_id,
            RecordPerson.field,
            RecordPerson.member_id,
            func.coalesce(Member.name, RecordPerson.name),
        )
        .outerjoin(Member, Member.id == RecordPerson.member_id)
        .where(among(RecordPerson.record_id, "ids"))
        .order_by(RecordPerson.record_id, RecordPerson.place),
        {"ids": list(found)},
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
    called = organisations.names(session, sorted(ids))
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
    return dict(session.execute(rows).all())


def confirmations(session: Session, row: Record) -> dict[int, datetime]:
    """Return who of it has confirmed, and when."""
    rows = select(RecordPerson.member_id, RecordPerson.confirmed_at).where(
        RecordPerson.record_id == row.id
    )
    return {who: at for who, at in session.execute(rows) if who and at}


def fingerprint(kind: Kind, values: Mapping[str, Value]) -> str:
    """Return what two records that say the same have in common: all of it."""
    told = {
        each.name: sorted(name for _, name in value)
        if isinstance(value, list)
        else value
        for each in kind.fields
        if (value := values.get(each.name)) and not each.private
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def fingerprints(session: Session, kind: Kind, branch: Branch) -> Mapping[str, int]:
    """Return the marks of all that stand: which record has it."""
    rows = session.scalars(
        select(Record).where(
            Record.kind == kind.name,
            Record.branch_id == branch.id,
            Record.withdrawn_at.is_(None),
        )
    ).all()
    every = zip(rows, values_of_all(session, rows), strict=True)
    return {fingerprint(kind, values): row.id for row, values in every}
