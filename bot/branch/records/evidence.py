"""What shows a record: pictures and papers, each with a number to cite it by."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.records import book, writing
from bot.branch.records.book import Teller
from bot.branch.records.declared import find_kind
from bot.branch.records.tables import Evidence, Record
from bot.storage.in_list import among


def evidence_of(session: Session, ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Return the numbers of what shows each record."""
    found: dict[int, list[str]] = {each: [] for each in ids}
    rows = select(Evidence.record_id, Evidence.number).where(
        among(Evidence.record_id, "ids")
    )
    every = session.execute(rows.order_by(Evidence.id), {"ids": list(ids)})
    for record_id, number in every:
        found[record_id].append(number)
    return found


def list_evidence(session: Session, row: Record) -> Sequence[Evidence]:
    mine = select(Evidence).where(Evidence.record_id == row.id)
    return session.scalars(mine.order_by(Evidence.id)).all()


def add_evidence(  # noqa: PLR0913  # what shows what, by whom
    session: Session,
    row: Record,
    attachment_id: int,
    title: str,
    teller: Teller,
    now: datetime,
) -> Evidence:
    """Give what shows a record its number; the record moves on where its kind says."""
    kind = find_kind(row.kind)
    book.take_row(session, row)
    count = len(evidence_of(session, [row.id])[row.id]) + 1
    number = f"{kind.title[:2]}-{row.id:04d}-{count}"
    found = Evidence(
        record_id=row.id,
        number=number,
        title=title,
        attachment_id=attachment_id,
        given_by=teller.number,
        at=now,
    )
    session.add(found)
    writing.note(session, row, teller.number, "evidence", now, after={"number": number})
    for each in kind.moves:
        if each.evidence and row.state in each.come_from:
            book.move(session, row, each.to, teller.number, now)
            break
    session.flush()
    return found
