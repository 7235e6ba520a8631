"""Prove everything that must be true of the data, and name each fault."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Column, Table, func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.study import checkins
from bot.config.settings import Quiet
from bot.discover import load
from bot.maintenance import clock_ahead, schema
from bot.storage.database import Storage
from bot.storage.invariants import Proof

MOST_TOLD = 20  # of one kind; the rest is counted


def verify(
    storage: Storage, now: datetime | None = None, quiet: Quiet | None = None
) -> list[str]:
    """List what is wrong with the data; nothing if it is sound. Writes nothing.

    now, quiet: what the clock says; None: do not ask what is ahead of it.

    Raises StorageError for a damaged file or another schema than ours.
    """
    storage.check_health(whole=True)
    schema.check(storage)
    with storage.read() as session:
        faults = [*_orphans(session), *disproved(session)]
        if now and quiet:
            faults += [str(each) for each in clock_ahead.find(session, now, quiet)]
    return faults


def mend(storage: Storage, now: datetime, quiet: Quiet) -> list[str]:
    """Mend what a clock that ran ahead left; tell what. Raises StorageError."""
    storage.check_health(whole=True)
    schema.check(storage)
    with storage.write() as session:
        done = [str(each) for each in clock_ahead.set_right(session, now, quiet)]
        wrong = checkins.miscounted(session)
        for member_id in wrong:
            checkins.count_anew(session, member_id)
    return [*done, *([f"打卡的连续天数：{len(wrong)} 人"] if wrong else [])]


def disproved(session: Session) -> list[str]:
    """List what is not as the books say it is."""
    return [fault for each in proofs() for fault in _told(each, session)]


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
