"""What became of a batch: settled, refused, to be tried again, or too late."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from bot.errors import DeliveryError
from bot.message import Content
from bot.outbox.letters import Batch, Letter, Recipient
from bot.outbox.pauses import pause as pause_channel

BACKOFF = tuple(timedelta(seconds=each) for each in (5, 15, 60, 300, 900, 1800))
STALE = "过了时效，没有再发"


@dataclass(frozen=True)
class Claim:
    """A batch that is ours to send for a while; `reference` is in its bytes.

    stamp: when its letter was written. uncertain_since: since when an earlier try may
    have been taken. receipt: what the platform gave for the part that it has already.
    cause: the id of the message that led to the letter.
    """

    batch_id: int
    letter_id: int
    owner: str
    channel: str
    content: Content
    users: tuple[str, ...]
    attempts: int
    stamp: int
    uncertain_since: datetime | None = None
    receipt: str = ""
    cause: str | None = None

    @property
    def reference(self) -> str:
        """Return a name that no other batch has, also after a restored backup."""
        return f"b{self.batch_id}-{self.stamp}"


@dataclass(frozen=True)
class Outcome:
    """What the platform answered: its receipt, and whom it refused and why."""

    receipt: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Fate:
    state: str
    reason: str | None
    at: datetime


def settle_batch(
    session: Session, claim: Claim, outcome: Outcome, now: datetime
) -> None:
    """Write down who got it and who was refused. A second settling changes nothing."""
    done = {"done": True, "receipt": outcome.receipt or None, "error": None}
    if not _close(session, claim, done):
        return
    refused = {user.casefold(): reason for user, reason in outcome.refused.items()}
    for reason in set(refused.values()):
        names = [user for user, why in refused.items() if why == reason]
        for some in _chunks(names, 500):
            _settle(session, claim.batch_id, _Fate("refused", reason, now), some)
    _settle(session, claim.batch_id, _Fate("delivered", None, now))


def refuse_batch(session: Session, claim: Claim, reason: str, now: datetime) -> None:
    """Refuse everyone still pending: the platform will never take this."""
    if _close(session, claim, {"done": True, "error": reason}):
        _settle(session, claim.batch_id, _Fate("refused", reason, now))


def postpone_batch(
    session: Session, claim: Claim, error: DeliveryError, now: datetime
) -> None:
    """Plan the next try of a batch that was not taken, or perhaps was.

    Each pause is longer than the one before, and none shorter than the platform asks.
    """
    backoff = BACKOFF[min(claim.attempts, len(BACKOFF)) - 1]
    pause = max(error.wait or backoff, backoff)
    values: dict[str, Any] = {
        "claimed_until": now,
        "next_try": now + pause,
        "error": str(error),
    }
    if error.receipt:
        values["receipt"] = error.receipt
    if not error.uncertain:
        values["uncertain_since"] = claim.uncertain_since
    _close(session, claim, values)
    if error.everywhere:
        pause_channel(session, claim.channel, now + pause, str(error))


def drop_stale(session: Session, now: datetime) -> int:
    """Refuse whoever waits for a letter past its time; return how many."""
    dropped = 0
    late = select(Letter.id).where(Letter.unclaimed > 0, Letter.not_after <= now)
    for letter_id in session.scalars(late).all():
        waiting = (
            Recipient.letter_id == letter_id,
            Recipient.batch_id.is_(None),
            Recipient.held_until.is_(None),
            Recipient.state == "pending",
        )
        dropped += _count(
            session.execute(
                update(Recipient)
                .where(*waiting)
                .values(state="refused", reason=STALE, settled_at=now)
            )
        )
        session.execute(
            update(Letter).where(Letter.id == letter_id).values(unclaimed=0)
        )
    return dropped


def _close(session: Session, claim: Claim, values: dict[str, Any]) -> bool:
    """Change the batch if it is still ours: row count 1, or somebody was faster."""
    mine = (Batch.id == claim.batch_id, Batch.owner == claim.owner, ~Batch.done)
    return _count(session.execute(update(Batch).where(*mine).values(values))) == 1


def _settle(
    session: Session, batch_id: int, fate: _Fate, only: list[str] | None = None
) -> None:
    pending = [Recipient.batch_id == batch_id, Recipient.state == "pending"]
    if only is not None:
        pending.append(func.lower(Recipient.user).in_(only))
    session.execute(
        update(Recipient)
        .where(*pending)
        .values(state=fate.state, reason=fate.reason, settled_at=fate.at)
        .execution_options(synchronize_session=False)
    )


def _chunks(names: list[str], size: int) -> list[list[str]]:
    return [names[start : start + size] for start in range(0, len(names), size)]


def _count(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
