"""Letters that were kept back go by themselves after all, or never: no digest tells."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from bot.outbox.courtesy import TOLD_LATE
from bot.outbox.kinds import OFFICE
from bot.outbox.letters import Importance, Letter, Recipient
from bot.outbox.own_hours import OWN_HOURS
from bot.outbox.routes import UNTIL_HEARD
from bot.storage.prepared import Prepared

_KEPT_BACK_TILL_NOW = (
    Recipient.held_until <= bindparam("now"),
    Recipient.digest_id.is_(None),
    Recipient.state == "pending",
)
_LETTERS = (
    select(Letter.id)
    .join(Recipient, Recipient.letter_id == Letter.id)
    .where(*_KEPT_BACK_TILL_NOW)
    .distinct()
)
_MORNING = Prepared(_LETTERS.where(Recipient.reason == OWN_HOURS))
_GOES_ALONE = or_(
    Letter.importance > int(Importance.ROUTINE),
    *(Letter.kind == kind for kind in OFFICE),
)
_ALONE = Prepared(_LETTERS.where(_GOES_ALONE))
LONG_AGO = datetime.min.replace(tzinfo=UTC)
_KEPT_BACK = (
    Recipient.held_until.is_not(None),
    Recipient.digest_id.is_(None),
    Recipient.state == "pending",
)


def _first(moment: Any, *which: ColumnElement[bool]) -> Any:
    kept = select(func.min(moment)).select_from(Recipient)
    its = kept.join(Letter, Letter.id == Recipient.letter_id)
    return its.where(*_KEPT_BACK, *which).scalar_subquery()


_LAPSES = case(
    (Recipient.held_until > Letter.not_after, Recipient.held_until),
    else_=Letter.not_after,
)
_TOLD_IN_A_DIGEST = select(Recipient.held_until).where(
    Recipient.held_until.is_not(None),
    Recipient.digest_id.is_not(None),
    Recipient.state == "pending",
)
_NEXT = Prepared(
    select(
        _first(Recipient.held_until, Recipient.reason == OWN_HOURS),
        _first(Recipient.held_until, _GOES_ALONE),
        _first(_LAPSES, Letter.kind == TOLD_LATE),
        _first(
            Letter.not_after,
            (Letter.kind != TOLD_LATE) | (Recipient.held_until == UNTIL_HEARD),
        ),
        _TOLD_IN_A_DIGEST.limit(1).scalar_subquery(),
    )
)
_RECIPIENT = Recipient.metadata.tables["recipient"]
_DROP = Prepared(
    update(_RECIPIENT)
    .where(
        _RECIPIENT.c.held_until.is_not(None),
        _RECIPIENT.c.digest_id.is_(None),
        _RECIPIENT.c.state == "pending",
        select(Letter.id)
        .where(
            Letter.id == _RECIPIENT.c.letter_id,
            Letter.not_after <= bindparam("now"),
            (Letter.kind != TOLD_LATE) | (_RECIPIENT.c.held_until == UNTIL_HEARD),
        )
        .exists(),
    )
    .values(state="refused", settled_at=bindparam("now"), held_until=None)
)


def next_release(session: Session) -> datetime | None:
    """Tell when what was kept back next goes by itself, lapses or is to be counted.

    None if nothing is; a moment long past where a digest's fate is to be looked for.
    """
    *moments, told = _NEXT.first(session) or (None,)
    found = [each for each in moments if each]
    return LONG_AGO if told else min(found, default=None)


def let_go(session: Session, now: datetime) -> int:
    """Let what no digest tells go to those whose quiet is over; return to how many.

    That is a person's own word, what a secretary's office asks for, and whatever only
    waited for the end of its reader's own hours.
    """
    ready = (
        Recipient.held_until <= now,
        Recipient.digest_id.is_(None),
        Recipient.state == "pending",
    )
    morning = (*ready, Recipient.reason == OWN_HOURS)
    gone = 0
    for rows, letters in ((morning, _MORNING), (ready, _ALONE)):
        found = letters.all(session, now=now)
        gone += sum(_release(session, letter, rows) for (letter,) in found)
    return gone


def drop_held(session: Session, now: datetime) -> int:
    """Refuse who was kept from a letter for longer than it lasts; return how many."""
    return _DROP.run(session, now=now)


def release_rows(session: Session, rows: Iterable[Any]) -> None:
    for row in rows:
        _release(session, row.letter_id, (Recipient.id == row.id,))


def _release(session: Session, letter: int, who: tuple[Any, ...]) -> int:
    number = change(
        session,
        update(Recipient)
        .where(Recipient.letter_id == letter, *who)
        .values(held_until=None, digest_id=None, reason=None),
    )
    change(
        session,
        update(Letter)
        .where(Letter.id == letter)
        .values(unclaimed=Letter.unclaimed + number),
    )
    session.info["letters"] = True
    return number


def change(session: Session, statement: Any) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount
