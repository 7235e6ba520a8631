"""What became of the letters: figures that always add up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from bot.outbox.letters import NOT_DONE, UNCLAIMED, Batch, Letter, Recipient
from bot.outbox.pauses import find_pause
from bot.storage.prepared import Prepared

# Asked before every round of every deliverer.
_DUE = Prepared(
    select(
        select(func.min(Letter.not_before))
        .where(Letter.channel == bindparam("of_channel"), UNCLAIMED)
        .scalar_subquery(),
        select(func.min(Batch.next_try))
        .where(Batch.channel == bindparam("of_channel"), NOT_DONE)
        .scalar_subquery(),
    )
)


@dataclass(frozen=True)
class Tally:
    """planned = delivered + refused + pending."""

    planned: int
    delivered: int
    refused: int
    pending: int


def tally(session: Session, letter_id: int) -> Tally:
    """Count one letter's recipients by what became of them."""
    return _tally(session, Letter.id == letter_id)


def tally_topic(session: Session, topic: str) -> Tally:
    """Count the recipients of all letters of a topic by what became of them."""
    return _tally(session, Letter.topic == topic)


def letters_of(session: Session, topic: str) -> list[int]:
    """List the letters of a topic, by number."""
    return list(session.scalars(select(Letter.id).where(Letter.topic == topic)))


def count_planned(session: Session, topic: str) -> int:
    """Count for how many the letters of a topic were planned."""
    return _planned(session, Letter.topic == topic)


def tally_kinds(session: Session) -> dict[tuple[str, str], int]:
    """Count all recipients by (kind of letter, state)."""
    rows = session.execute(
        select(Letter.kind, Recipient.state, func.count())
        .join(Recipient, Recipient.letter_id == Letter.id)
        .group_by(Letter.kind, Recipient.state)
    )
    return {(kind, state): count for kind, state, count in rows}


def unbalanced(session: Session) -> list[int]:
    """Name the letters whose plan does not equal their recipients: there are none."""
    counted = (
        select(func.count())
        .where(Recipient.letter_id == Letter.id)
        .correlate(Letter)
        .scalar_subquery()
    )
    return list(session.scalars(select(Letter.id).where(Letter.planned != counted)))


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Since when the longest waiting letter could have been sent."""
    letters = select(func.min(Letter.not_before)).where(
        UNCLAIMED, Letter.not_before <= now
    )
    batches = (
        select(func.min(Letter.not_before))
        .join(Batch, Batch.letter_id == Letter.id)
        .where(NOT_DONE)
    )
    found = [session.scalar(letters), session.scalar(batches)]
    return min((each for each in found if each), default=None)


def next_due(
    session: Session, channel: str, now: datetime, *, chooses: bool = False
) -> datetime | None:
    """When the next batch can be claimed, as far as is known now.

    chooses: new letters of this line may go by another channel while it is paused.
    """
    dues = _DUE.first(session, of_channel=channel)
    letters, batches = dues or (None, None)
    found: list[datetime] = [each for each in (letters, batches) if each]
    if not found:
        return None
    paused = find_pause(session, channel, now)
    if not paused:
        return min(found)
    later = [max(each, paused.until) for each in found]
    return min([*later, letters]) if chooses and letters else min(later)


def _tally(session: Session, about: ColumnElement[bool]) -> Tally:
    rows = session.execute(
        select(Recipient.state, func.count())
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(about)
        .group_by(Recipient.state)
    )
    found = dict(rows.all())
    return Tally(
        _planned(session, about),
        found.get("delivered", 0),
        found.get("refused", 0),
        found.get("pending", 0),
    )


def _planned(session: Session, about: ColumnElement[bool]) -> int:
    return int(session.scalar(select(func.sum(Letter.planned)).where(about)) or 0)
