"""Personal letters do not stay for ever; those to many are the branch's own papers."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    cast,
    delete,
    exists,
    select,
    update,
)
from sqlalchemy.orm import Session

from bot.message import Text, pack
from bot.outbox.kinds import NO_LEDGER
from bot.outbox.letters import NOT_DONE, Batch, Letter, Recipient

AT_ONCE = 500
FETCH = "fetch"
# What somebody asked for: a file, or the rest of a long reply.
ANSWERS = ("export", "reply")
TOLD = "（发过了，内容没有再留）"
_OPEN = exists().where(Batch.letter_id == Letter.id, NOT_DONE)
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


def forget_keyed(session: Session, start: str) -> tuple[int, set[int]]:
    """Delete some personal letters whose key starts so."""
    return _forget(session, Letter.key.startswith(start, autoescape=True))


def replace_name(session: Session, name: str, by: str) -> None:
    """Put another word for a name in what was told to one person each."""
    as_stored = json.dumps(name)[1:-1]
    named = cast(Letter.body, String).contains(as_stored, autoescape=True)
    found = session.execute(select(Letter.id, Letter.body).where(*_PERSONAL, named))
    for number, body in found.all():
        told = _replaced(body, name, by)
        session.execute(update(Letter).where(Letter.id == number).values(body=told))


def _replaced(value: Any, name: str, by: str) -> Any:
    match value:
        case str():
            return value.replace(name, by)
        case list():
            return [_replaced(each, name, by) for each in value]
        case dict():
            return {key: _replaced(each, name, by) for key, each in value.items()}
        case _:
            return value


def strip_answers(session: Session) -> tuple[int, set[int]]:
    """Take the words out of some answers that came to their end: how many, their files.

    What was asked for is on the phone; here only its line is needed, which is counted.
    """
    words = Letter.body["text"].as_string()
    waits = exists().where(
        Recipient.letter_id == Letter.id, Recipient.state == "pending"
    )
    found = (
        select(Letter.id, Letter.body)
        .where(
            Letter.kind.in_(ANSWERS),
            words.is_(None) | (words != TOLD),
            Letter.unclaimed == 0,
            ~waits,
        )
        .limit(AT_ONCE)
    )
    rows = session.execute(found).all()
    told = update(Letter).where(Letter.id.in_([row.id for row in rows]))
    session.execute(
        told.values(body=pack(Text(TOLD))).execution_options(synchronize_session=False)
    )
    return len(rows), _carried(rows)


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
    return len(rows), _carried(rows)


def _carried(rows: Sequence[Any]) -> set[int]:
    return {row.body["attachment"] for row in rows if "attachment" in row.body}
