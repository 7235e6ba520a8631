"""Prove everything that must be true of the data, and name each fault."""

from collections.abc import Iterator

from sqlalchemy import Column, Table, func, select
from sqlalchemy.orm import Session

from bot import outbox, schema
from bot.discover import load
from bot.proof import Proof
from bot.storage import Storage

MOST_TOLD = 20  # of one kind; the rest is counted


def verify(storage: Storage) -> list[str]:
    """List what is wrong with the data; nothing if it is sound. Writes nothing.

    Raises StorageError for a damaged file or another schema than ours.
    """
    storage.check_health(whole=True)
    schema.check(storage)
    with storage.read() as session:
        faults = [*_orphans(session)]
        for each in proofs():
            faults += _told(each, session)
    return faults


def proofs() -> Iterator[Proof]:
    """Find what every book says of itself, once each."""
    seen: set[str] = set()
    for module in (*schema.BOOKS, *load(outbox)):
        for value in vars(module).values():
            if isinstance(value, Proof) and value.claim not in seen:
                seen.add(value.claim)
                yield value


def _told(each: Proof, session: Session) -> list[str]:
    found = list(each.find(session))
    told = [f"{each.claim}：{fault}" for fault in found[:MOST_TOLD]]
    if more := len(found) - len(told):
        told.append(f"{each.claim}：另有 {more} 处")
    return told


def _orphans(session: Session) -> Iterator[str]:
    """Name the rows that point to rows that do not exist."""
    for table in schema.METADATA.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                if lost := _count_lost(session, table, column, key.column):
                    yield (
                        f"{table.name}.{column.name}：{lost} 行指向"
                        f" {key.column.table.name} 里没有的行"
                    )


def _count_lost(
    session: Session, table: Table, column: Column[int], wanted: Column[int]
) -> int:
    other = wanted.table.alias()
    there = select(other.c[wanted.name]).where(other.c[wanted.name] == column).exists()
    lost = select(func.count()).select_from(table)
    return session.scalar(lost.where(column.is_not(None), ~there)) or 0
