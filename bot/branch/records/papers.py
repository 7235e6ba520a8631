"""The papers of a kind: its ledger as a spreadsheet, with the sums on a sheet apart."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.records import search
from bot.branch.records.evidence import evidence_of
from bot.branch.records.fields import Value
from bot.branch.records.kind import Kind
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of_all
from bot.files.xlsx import Sheet
from bot.storage.in_list import among

GENERAL = {
    "no": "编号",
    "heads": "人数",
    "total": "合计",
    "state": "状态",
    "evidence": "佐证编号",
    "by": "记录人",
    "at": "记录时间",
}
"""Columns that every kind may have besides its fields."""


def heads(kind: Kind) -> list[str]:
    """Say the heads of a kind's ledger; of an amount with its unit."""
    return [
        GENERAL[name] if name in GENERAL else kind.by_name[name].title
        for name in kind.columns
    ]


def sheets(session: Session, query: Query, now: datetime) -> list[Sheet]:
    """Write the ledger of what a query finds, and its sums; days as where now is."""
    kind = query.kind
    rows = _rows(session, kind, search.find(session, query), now)
    ledger = Sheet(f"{kind.title}台账", heads(kind), list(rows))
    return [ledger, _sums(session, query, now)]


def documents(
    session: Session, kind: Kind, rows: Sequence[Record]
) -> list[dict[str, Any]]:
    """Give records as JSON, as the contract has it."""
    shown = evidence_of(session, [row.id for row in rows])
    tellers = _names(session, rows)
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "state": row.state,
            "by": tellers.get(row.recorded_by),
            "on": row.day.isoformat() if row.day else None,
            "fields": {
                name: [called for _, called in value]
                if isinstance(value, list)
                else value
                for name, value in values.items()
            },
            "evidence": shown[row.id],
        }
        for row, values in zip(rows, values_of_all(session, rows), strict=True)
    ]


def _rows(
    session: Session, kind: Kind, rows: Sequence[Record], now: datetime
) -> Iterator[list[object]]:
    shown = evidence_of(session, [row.id for row in rows])
    tellers = _names(session, rows)
    for row, values in zip(rows, values_of_all(session, rows), strict=True):
        general = {
            "no": row.id,
            "heads": row.heads,
            "total": row.total,
            "state": kind.state_title(row.state),
            "evidence": "、".join(shown[row.id]),
            "by": tellers.get(row.recorded_by) or "",
            "at": row.recorded_at.astimezone(now.tzinfo).date(),
        }
        yield [_cell(kind, name, values, general) for name in kind.columns]


def _cell(
    kind: Kind, name: str, values: Mapping[str, Value], general: Mapping[str, object]
) -> object:
    if name in general:
        return general[name]
    value = values.get(name)
    return kind.by_name[name].cell(value) if value else ""


def _sums(session: Session, query: Query, now: datetime) -> Sheet:
    kind = query.kind
    apart = kind.by_name[kind.apart].title if kind.apart else "范围"
    rows: list[list[object]] = [
        [each.apart or "全部", *(each.count(of) for of in kind.sums)]
        for each in search.sum_up(session, query)
    ]
    span = f"{query.first or '最早'} 至 {query.last or now.date()}"
    rows.append([f"时间：{span}"])
    return Sheet("合计", [apart, *(each.unit for each in kind.sums)], rows)


def _names(session: Session, rows: Sequence[Record]) -> Mapping[int | None, str]:
    ids = {row.recorded_by for row in rows if row.recorded_by is not None}
    named = select(Member.id, Member.name).where(among(Member.id, "ids"))
    return dict(session.execute(named, {"ids": sorted(ids)}).all())
