"""Personal letters do not stay for ever; those to many are the branch's own papers."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from bot.outbox.letters import NOT_DONE, Batch, Letter, Recipient

AT_ONCE = 500
FETCH = "fetch"
_OPEN = exists().where(Batch.letter_id == Letter.id, NOT_DONE)
# Their topics hold them together for a while; a notice's is the branch's ledger.
NO_LEDGER = ("birthday", "reminder")
# One recipient, no ledger, nothing on its way any more.
_PERSONAL = (
    Letter.planned == 1,
    Letter.topic.is_(None) | Letter.kind.in_(NO_LEDGER),
    Letter.unclaimed == 0,
    ~_OPEN,
)


def forget_of(session: Session, member_id: int) -> tuple[int, set[int]]:
    """Delete some of a member's personal letters: how many, what they carried."""
    mine = exists().where(
        Recipient.letter_id == Letter.id, Recipient.member_id == member_id
    )
    return _forget(session, mine)


def forget_before(session: Session, moment: datetime) -> tuple[int, set[int]]:
    """Delete some personal letters from before: how many, what they carried."""
    return _forget(session, Letter.created_at < moment)


def still_carried(session: Session, attachments: set[int]) -> set[int]:
    """Tell which of these some letter carries to somebody; a fetch only gets them."""
    carried = Letter.body["attachment"].as_integer()
    return set(
        session.scalars(
            select(carried).where(carried.in_(attachments), Letter.kind != FETCH)
        )
    )


def _forget(session: Session, which: ColumnElement[bool]) -> tuple[int, set[int]]:
    found = select(Letter.id, Letter.body).where(*_PERSONAL, which).limit(AT_ONCE)
    rows = session.execute(found).all()
    session.execute(delete(Letter).where(Letter.id.in_([row.id for row in rows])))
    carried = {row.body["attachment"] for row in rows if "attachment" in row.body}
    return len(rows), carried
