"""Second thoughts about a topic's letters: other times, or not at all."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Select, func, or_, select, update
from sqlalchemy.orm import Session

from bot.outbox.letters import NOT_DONE, Batch, Letter, Recipient, Window
from bot.outbox.ways import PEOPLE


def move(session: Session, topic: str, window: Window) -> None:
    """Let the letters of a topic go at another time; what is claimed goes on."""
    session.execute(
        update(Letter)
        .where(Letter.topic == topic)
        .values(not_before=window.not_before, not_after=window.not_after)
    )
    session.info["letters"] = True


def cancel(session: Session, topic: str, reason: str, now: datetime) -> int:
    """Refuse whoever waits for a letter of the topic; return how many.

    What a deliverer holds at this moment, or may have sent, may still arrive.
    """
    letters = select(Letter.id).where(Letter.topic == topic)
    stopped = _stop_batches(session, letters, reason, now)
    refused = session.execute(
        update(Recipient)
        .where(
            Recipient.letter_id.in_(letters),
            or_(Recipient.batch_id.is_(None), Recipient.batch_id.in_(stopped)),
            Recipient.state == "pending",
        )
        .values(state="refused", reason=reason, settled_at=now, held_until=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Letter)
        .where(Letter.topic == topic)
        .values(unclaimed=0)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", refused).rowcount


def cancel_of(
    session: Session, member_id: int, users: Collection[str], reason: str, now: datetime
) -> int:
    """Refuse what waits for a member, under accounts of his or hers.

    Return how many letters. The letters are held first, as whoever claims them does.
    What a deliverer holds at this moment, or may have sent, may still arrive.
    """
    mine = (
        or_(Recipient.member_id == member_id, Recipient.user.in_(users)),
        Recipient.state == "pending",
    )
    batches = _hold_idle(session, select(Recipient.batch_id).where(*mine), now)
    waiting = (
        *mine,
        or_(Recipient.batch_id.is_(None), Recipient.batch_id.in_(batches)),
    )
    of_member = select(Recipient.letter_id).where(*waiting)
    letters = select(Letter).where(Letter.id.in_(of_member)).order_by(Letter.id)
    held = {each.id: each for each in session.scalars(letters.with_for_update())}
    rows = session.scalars(
        select(Recipient).where(*waiting, Recipient.letter_id.in_(held))
    ).all()
    for each in rows:
        if each.held_until is None and each.batch_id is None:
            held[each.letter_id].unclaimed -= 1
        each.state, each.reason, each.settled_at = "refused", reason, now
        each.held_until = None
    session.flush()
    return len(rows)


def _hold_idle(session: Session, batches: Select[Any], now: datetime) -> Sequence[int]:
    """Hold those of some batches that nobody sends now and that were not taken."""
    idle = select(Batch.id).where(Batch.id.in_(batches), *_idle(now))
    return session.scalars(idle.order_by(Batch.id).with_for_update()).all()


def _idle(now: datetime) -> tuple[Any, ...]:
    """Match the batches that wait for another try and certainly were not taken."""
    return (
        NOT_DONE,
        Batch.claimed_until <= now,
        Batch.uncertain_since.is_(None),
        Batch.receipt.is_(None),
    )


def _stop_batches(
    session: Session, letters: Select[int], reason: str, now: datetime
) -> Sequence[int]:
    """Close the batches that wait for another try and certainly were not taken."""
    return session.scalars(
        update(Batch)
        .where(Batch.letter_id.in_(letters), *_idle(now))
        .values(done=True, error=reason)
        .returning(Batch.id)
        .execution_options(synchronize_session=False)
    ).all()


def receipts(session: Session, topic: str) -> Sequence[str]:
    """List WeCom's receipts for the batches of a topic that it took."""
    found = session.scalars(
        select(Batch.receipt)
        .join(Letter, Letter.id == Batch.letter_id)
        .where(
            Letter.topic == topic,
            Batch.receipt.is_not(None),
            Batch.channel == PEOPLE,
        )
        .order_by(Batch.id)
    )
    return [receipt for receipt in found if receipt]


def addresses(session: Session, topic: str) -> list[str]:
    """List to whom the letters of a topic were planned, each once."""
    found = session.scalars(
        select(Recipient.user)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(Letter.topic == topic, Recipient.user.is_not(None))
        .group_by(Recipient.user)
        .order_by(func.min(Recipient.id))
    )
    return [each for each in found if each]
