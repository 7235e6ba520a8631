"""Who sends what: claim a batch, send it elsewhere, settle it.

A claim is committed before sending. A batch is sent again with the same recipients
and the same bytes, so that the platform's own duplicate check closes the gap between
"sent" and "written down".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, exists, func, select, update
from sqlalchemy.orm import Session

from bot.errors import DeliveryError
from bot.message import Content, unpack
from bot.outbox.letters import Batch, Letter, Recipient
from bot.outbox.rations import sated_users

BATCH_SIZE = 1000  # touser of message/send: at most 1,000 (path/90236)
CLAIM_LASTS = timedelta(minutes=3)  # longer than the slowest send with its retries
# The duplicate check remembers at most four hours (path/90236); stay inside it.
RESEND_WITHIN = timedelta(hours=3)
BACKOFF = tuple(timedelta(seconds=each) for each in (5, 15, 60, 300, 900, 1800))

UNCERTAIN = "发送结果不明，可能已收到；为免重复没有再发"
STALE = "过了时效，没有再发"


@dataclass(frozen=True)
class Claim:
    """A batch that is ours to send until `until`; `reference` is in its bytes."""

    batch_id: int
    letter_id: int
    owner: str
    channel: str
    content: Content
    users: tuple[str, ...]
    attempts: int

    @property
    def reference(self) -> str:
        return f"b{self.batch_id}"


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


def claim_batch(
    session: Session, channel: str, owner: str, now: datetime
) -> Claim | None:
    """Take the next batch that is due: one to be tried again, or a new one."""
    return _claim_again(session, channel, owner, now) or _claim_new(
        session, channel, owner, now
    )


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
    """Plan the next try of a batch that was not taken, or perhaps was."""
    pause = error.wait or BACKOFF[min(claim.attempts, len(BACKOFF)) - 1]
    values: dict[str, Any] = {
        "claimed_until": now,
        "next_try": now + pause,
        "error": str(error),
    }
    if not error.uncertain:
        values["uncertain_since"] = None
    _close(session, claim, values)


def drop_stale(session: Session, now: datetime) -> int:
    """Refuse whoever waits for a letter past its time; return how many."""
    dropped = 0
    late = select(Letter.id).where(Letter.unclaimed > 0, Letter.not_after <= now)
    for letter_id in session.scalars(late).all():
        waiting = (
            Recipient.letter_id == letter_id,
            Recipient.batch_id.is_(None),
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


def _claim_again(
    session: Session, channel: str, owner: str, now: datetime
) -> Claim | None:
    free = (
        ~Batch.done,
        Batch.channel == channel,
        Batch.next_try <= now,
        Batch.claimed_until <= now,
    )
    due = select(Batch).where(*free).order_by(Batch.next_try).limit(1)
    batch = session.scalars(due.with_for_update(skip_locked=True)).first()
    if batch is None:
        return None
    letter = session.get_one(Letter, batch.letter_id)
    claim = _claim(session, batch, letter)
    if not claim.users:  # everyone in it was settled some other way
        batch.done = True
    elif batch.uncertain_since and batch.uncertain_since + RESEND_WITHIN <= now:
        refuse_batch(session, claim, UNCERTAIN, now)
    elif letter.not_after <= now:
        reason = UNCERTAIN if batch.uncertain_since else STALE
        refuse_batch(session, claim, reason, now)
    else:
        batch.owner, batch.attempts = owner, batch.attempts + 1
        batch.claimed_until = now + CLAIM_LASTS
        batch.next_try = batch.claimed_until
        batch.uncertain_since = batch.uncertain_since or now
        session.flush()
        return _claim(session, batch, letter)
    session.flush()
    return _claim_again(session, channel, owner, now)


def _claim_new(
    session: Session, channel: str, owner: str, now: datetime
) -> Claim | None:
    sated = sated_users(session, now)
    due = (
        select(Letter)
        .where(
            Letter.channel == channel,
            Letter.unclaimed > 0,
            Letter.not_before <= now,
            Letter.not_after > now,
        )
        .order_by(Letter.importance.desc(), Letter.not_before, Letter.id)
    )
    if sated:
        hungry = exists().where(
            Recipient.letter_id == Letter.id,
            Recipient.batch_id.is_(None),
            Recipient.state == "pending",
            Recipient.user.not_in(sated),
        )
        due = due.where(hungry)
    letter = session.scalars(due.limit(1).with_for_update()).first()
    if letter is None:
        return None
    return _fill_batch(session, letter, owner, now, sated)


def _fill_batch(
    session: Session, letter: Letter, owner: str, now: datetime, sated: set[str]
) -> Claim:
    batch = Batch(
        letter_id=letter.id,
        channel=letter.channel,
        owner=owner,
        claimed_at=now,
        claimed_until=now + CLAIM_LASTS,
        next_try=now + CLAIM_LASTS,
        uncertain_since=now,
        attempts=1,
    )
    session.add(batch)
    session.flush()
    waiting = select(Recipient.id).where(
        Recipient.letter_id == letter.id,
        Recipient.batch_id.is_(None),
        Recipient.state == "pending",
    )
    if sated:
        waiting = waiting.where(Recipient.user.not_in(sated))
    some = waiting.order_by(Recipient.id).limit(BATCH_SIZE)
    taken = _count(
        session.execute(
            update(Recipient)
            .where(Recipient.id.in_(some.scalar_subquery()))
            .values(batch_id=batch.id)
            .execution_options(synchronize_session=False)
        )
    )
    letter.unclaimed -= taken
    session.flush()
    return _claim(session, batch, letter)


def _claim(session: Session, batch: Batch, letter: Letter) -> Claim:
    users = session.scalars(
        select(Recipient.user)
        .where(Recipient.batch_id == batch.id, Recipient.state == "pending")
        .order_by(Recipient.id)
    )
    return Claim(
        batch_id=batch.id,
        letter_id=letter.id,
        owner=batch.owner,
        channel=batch.channel,
        content=unpack(letter.body),
        users=tuple(user for user in users if user),
        attempts=batch.attempts,
    )


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
