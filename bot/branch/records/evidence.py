"""What shows a record: pictures and papers, each with a number to cite it by."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.records import book, writing
from bot.branch.records.book import Teller
from bot.branch.records.declared import find_kind
from bot.branch.records.tables import Evidence, Record, RecordChange
from bot.branch.records.words import tell
from bot.outbox.attachments import Attachment
from bot.storage.in_list import among

LOOKED_FOR = timedelta(days=3)
SAME = "您给第 {no} 条发的 {twin} 和 {known} 是同一张，只留了一张，不重复算。"


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
    """Give what shows a record its number; the record moves on where its kind says.

    What shows it already, sent again because nobody heard that it came, stays the one.
    """
    kind = find_kind(row.kind)
    book.take_row(session, row)
    for known in list_evidence(session, row):
        if known.attachment_id == attachment_id:
            return known
    count = _given(session, row) + 1
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


def _given(session: Session, row: Record) -> int:
    """Count what a record was ever given; no number is used twice."""
    given = select(func.count()).where(
        RecordChange.record_id == row.id, RecordChange.act == "evidence"
    )
    return session.scalar(given) or 0


def drop_twins(session: Session, now: datetime) -> int:
    """Take out what shows a record twice, the same bytes sent again; return how many.

    What was sent by chat is fetched later, so that it is seen only afterwards. Whoever
    sent it is told; the trace keeps its number, which no other gets.
    """
    recent = select(Evidence.record_id).where(Evidence.at > now - LOOKED_FOR)
    dropped = 0
    for number in session.scalars(recent.distinct()).all():
        row = session.get_one(Record, number)
        first: dict[bytes, str] = {}
        for each in list_evidence(session, row):
            kept = session.get_one(Attachment, each.attachment_id).bytes_kept
            if not kept:
                continue
            known = first.setdefault(sha256(kept).digest(), each.number)
            if known != each.number:
                _drop_twin(session, row, each, known, now)
                dropped += 1
    return dropped


def _drop_twin(
    session: Session, row: Record, twin: Evidence, known: str, now: datetime
) -> None:
    writing.note(
        session, row, None, "evidence_twin", now, before={"number": twin.number}
    )
    giver = session.get(Member, twin.given_by) if twin.given_by else None
    if giver is not None:
        said = SAME.format(no=row.id, twin=twin.number, known=known)
        tell(session, giver, f"evidence.twin:{twin.number}", said, now)
    session.delete(twin)
    session.flush()
