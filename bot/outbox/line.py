"""The line of letters that can go: which is first, and who waits for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from bot.outbox.letters import UNCLAIMED, Letter, Recipient
from bot.outbox.limits import limits_of
from bot.storage.in_list import among
from bot.storage.prepared import Prepared

# A letter whose every recipient is sated lets the others pass.
LET_PASS = timedelta(seconds=1)
SINGLES_AT_ONCE = 50


class First(NamedTuple):
    """A letter that is to go now."""

    id: int
    channel: str
    kind: str
    importance: int
    spends: bool
    leaves: int
    created_at: datetime
    not_after: datetime
    unclaimed: int
    weight: int
    cause: str | None
    body: dict[str, Any]


class Waiting(NamedTuple):
    """One person who is to get a letter now. spends: it counts as an interruption.

    way: the channel to be tried first; tried: those that did not take it, and reason:
    why the last one did not. leaves: so much of the week it leaves to others.
    """

    recipient_id: int
    user: str
    member_id: int | None
    way: str | None
    tried: str | None
    reason: str | None
    letter_id: int
    kind: str
    importance: int
    spends: bool
    leaves: int
    created_at: datetime
    not_after: datetime


_PERSON = (
    *(Recipient.id, Recipient.user, Recipient.member_id),
    *(Recipient.way, Recipient.tried, Recipient.reason),
)


def waiting_rows() -> tuple[ColumnElement[bool], ...]:
    """Match the recipients whom nobody has claimed and nothing keeps back."""
    return (
        Recipient.batch_id.is_(None),
        Recipient.held_until.is_(None),
        Recipient.state == "pending",
    )


def _due() -> Select[Any]:
    """Select the letters with somebody to claim, the first in the line first."""
    now: Any = bindparam("now", type_=Letter.not_before.type)
    return (
        select(*(getattr(Letter, name) for name in First._fields))
        .where(
            Letter.channel == bindparam("of_channel"),
            UNCLAIMED,
            Letter.not_before <= now,
            Letter.not_after > now,
        )
        .order_by(Letter.importance.desc(), Letter.not_before, Letter.id)
    )


def _due_with_people() -> Select[Any]:
    """Select as many letters as are claimed at once, those to one with their one."""
    first = _due().add_columns(Letter.not_before).limit(SINGLES_AT_ONCE).subquery()
    return (
        select(
            *(first.c[name] for name in First._fields),
            *_PERSON,
        )
        .outerjoin_from(
            first,
            Recipient,
            (Recipient.letter_id == first.c.id)
            & (first.c.unclaimed == literal(1))
            & and_(*waiting_rows()),
        )
        .order_by(first.c.importance.desc(), first.c.not_before, first.c.id)
    )


_FIRST = Prepared(_due().limit(1).with_for_update())
_SINGLES = Prepared(_due_with_people())
_PEOPLE = Prepared(
    select(*_PERSON)
    .where(Recipient.letter_id == bindparam("of_letter"), *waiting_rows())
    .order_by(Recipient.id)
    .limit(bindparam("most"))
)
_LETTER = Letter.metadata.tables["letter"]
_SHORTEN = Prepared(
    update(_LETTER)
    .where(_LETTER.c.id == bindparam("of_letter"))
    .values(unclaimed=_LETTER.c.unclaimed - bindparam("gone"))
)
_EMPTY = Prepared(
    update(_LETTER).where(among(_LETTER.c.id, "letters")).values(unclaimed=0)
)
_LET_PASS = Prepared(
    update(_LETTER)
    .where(among(_LETTER.c.id, "letters"))
    .values(not_before=bindparam("later"))
)


def first_letter(session: Session, channel: str, now: datetime) -> First | None:
    """Return the letter that is to go next, and hold it."""
    row = _FIRST.first(session, of_channel=channel, now=now)
    return First(*row) if row else None


def waiting_for(session: Session, letter: First) -> list[Waiting]:
    """List as many of those who wait for a letter as one batch takes."""
    most = limits_of(letter.channel).batch_size
    rows = _PEOPLE.all(session, of_letter=letter.id, most=most)
    return [_waiting(letter, *row) for row in rows]


def first_singles(
    session: Session, channel: str, now: datetime
) -> list[tuple[First, Waiting]]:
    """List the letters to one person each with which the line begins.

    Of each person the first only, so that each one's letters keep their order.
    """
    found: dict[str, tuple[First, Waiting]] = {}
    for row in _SINGLES.all(session, of_channel=channel, now=now):
        size = len(First._fields)
        letter, person = First(*row[:size]), row[size:]
        user = person[1]
        if user is None or letter.unclaimed != 1:
            break
        if user not in found:
            found[user] = letter, _waiting(letter, *person)
    return list(found.values())


def shorten(session: Session, letter: First, gone: int) -> None:
    """Note that so many do not wait for a letter any more."""
    if gone:
        _SHORTEN.run(session, of_letter=letter.id, gone=gone)


def empty(session: Session, letters: Sequence[int]) -> None:
    """Note that nobody waits for these letters any more."""
    if letters:
        _EMPTY.run(session, letters=letters)


def let_pass(
    session: Session,
    letters: Sequence[int],
    now: datetime,
    until: datetime | None = None,
) -> None:
    """Have these letters wait a moment: who waits for them had the ration.

    until: or so long, where their ways are paused.
    """
    if letters:
        _LET_PASS.run(session, letters=letters, later=until or now + LET_PASS)


def _waiting(  # noqa: PLR0913  # a row of `_PERSON`
    letter: First,
    number: int,
    user: str | None,
    member_id: int | None,
    way: str | None,
    tried: str | None,
    reason: str | None,
) -> Waiting:
    return Waiting(
        number,
        user or "",
        member_id,
        way,
        tried,
        reason,
        letter.id,
        letter.kind,
        letter.importance,
        letter.spends,
        letter.leaves,
        letter.created_at,
        letter.not_after,
    )
