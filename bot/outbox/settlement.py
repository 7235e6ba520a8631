"""What became of a batch: settled, refused, to be tried again, or too late."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, String, bindparam, func, select, update
from sqlalchemy.orm import Session

from bot.errors import DeliveryError
from bot.message import Content
from bot.outbox.letters import NOT_DONE, UNCLAIMED, Batch, Letter, Recipient
from bot.outbox.pauses import pause as pause_channel
from bot.outbox.routes import ADDRESS, turn_away
from bot.outbox.ways import lose
from bot.storage.in_list import among
from bot.storage.prepared import Prepared

BACKOFF = tuple(timedelta(seconds=each) for each in (5, 15, 60, 300, 900, 1800))
STALE = "过了时效，没有再发"


@dataclass(frozen=True)
class Claim:
    """A batch that is ours to send for a while; `reference` is in its bytes.

    stamp: when its letter was written. uncertain_since: since when an earlier try may
    have been taken. receipt: what the platform gave for the part that it has already.
    cause: the id of the message that led to the letter. kind: the letter's.
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
    kind: str = ""

    @property
    def surely_not_before(self) -> bool:
        """Whether no earlier try can have been taken, nor a part of it."""
        return self.uncertain_since is None and not self.receipt

    @property
    def reference(self) -> str:
        """Return a name that no other batch has, also after a restored backup."""
        return f"b{self.batch_id}-{self.stamp}"


@dataclass(frozen=True)
class Outcome:
    """What the platform answered: its receipt, and by address whom it refused and why.

    unreached: who surely did not get it, because the platform lets nothing through to
    them now: they wait for a word from there where no other way is left. lost: those
    of them whom nothing will reach until they come back.
    """

    receipt: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)
    unreached: Mapping[str, str] = field(default_factory=dict)
    lost: Collection[str] = ()

    @property
    def is_whole(self) -> bool:
        """Whether everybody got it."""
        return not (self.refused or self.unreached)


_BATCH, _RECIPIENT = (Batch.metadata.tables[name] for name in ("batch", "recipient"))
_TAKEN = Prepared(
    update(_BATCH)
    .where(
        _BATCH.c.id == bindparam("number"),
        _BATCH.c.owner == bindparam("of_owner"),
        NOT_DONE,
    )
    .values(done=True, receipt=bindparam("taken"), error=None)
)
_PENDING = (
    _RECIPIENT.c.batch_id == bindparam("number"),
    _RECIPIENT.c.state == "pending",
)
_FATE: dict[str, Any] = {
    "state": bindparam("fate"),
    "reason": bindparam("why"),
    "settled_at": bindparam("at"),
}
_SETTLE = Prepared(update(_RECIPIENT).where(*_PENDING).values(_FATE))
_SETTLE_SOME = Prepared(
    update(_RECIPIENT)
    .where(*_PENDING, among(func.lower(ADDRESS, type_=String()), "users"))
    .values(_FATE)
)
_LATE = Prepared(
    select(Letter.id).where(UNCLAIMED, Letter.not_after <= bindparam("now"))
)
_NEXT_LATE = Prepared(select(func.min(Letter.not_after)).where(UNCLAIMED))


def settle_batch(
    session: Session,
    claim: Claim,
    outcome: Outcome,
    now: datetime,
    senders: Collection[str] = (),
) -> None:
    """Write down who got it and who was refused. A second settling changes nothing.

    senders: the channels by which whoever was refused may be reached instead.
    """
    mine = {"number": claim.batch_id, "of_owner": claim.owner}
    if not _TAKEN.run(session, **mine, taken=outcome.receipt or None):
        return
    failed = {**outcome.refused, **outcome.unreached}
    refused = {user.casefold(): reason for user, reason in failed.items()}
    if outcome.lost:
        why = {user: failed.get(user, "") for user in outcome.lost}
        lose(session, claim.channel, why, now)
    if refused and claim.surely_not_before:
        waits = {user.casefold() for user in outcome.unreached}
        _send_on(session, claim, refused, senders, waits)
    for reason in set(refused.values()):
        names = [user for user, why in refused.items() if why == reason]
        fate = _fate(claim, "refused", reason, now)
        _SETTLE_SOME.run(session, **fate, users=names)
    _SETTLE.run(session, **_fate(claim, "delivered", None, now))


def refuse_batch(
    session: Session,
    claim: Claim,
    reason: str,
    now: datetime,
    senders: Collection[str] = (),
) -> None:
    """Refuse everyone still pending: the platform will never take this.

    senders: the channels by which it is to be tried instead.
    """
    if _change(session, claim, {"done": True, "error": reason}):
        if senders and claim.surely_not_before:
            _send_on(session, claim, reason, senders)
        _SETTLE.run(session, **_fate(claim, "refused", reason, now))


def postpone_batch(
    session: Session,
    claim: Claim,
    error: DeliveryError,
    now: datetime,
    senders: Collection[str] = (),
) -> None:
    """Plan the next try of a batch that was not taken, or perhaps was.

    Each pause is longer than the one before, and none shorter than the platform asks.
    Where the channel takes nothing at all, whoever has another way does not wait.
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
    mine = _change(session, claim, values)
    if error.everywhere:
        pause_channel(session, claim.channel, now + pause, str(error))
        surely = not (error.uncertain or error.receipt) and claim.surely_not_before
        if mine and surely and senders:
            _send_on(session, claim, str(error), senders)


def hand_over(session: Session, claim: Claim, now: datetime) -> None:
    """Leave a batch to whoever can send through its channel; nobody here can."""
    untried = {"uncertain_since": claim.uncertain_since}
    _change(session, claim, {"claimed_until": now, "next_try": now, **untried})


def _send_on(
    session: Session,
    claim: Claim,
    reasons: Mapping[str, str] | str,
    senders: Collection[str],
    waits: Collection[str] = (),
) -> None:
    """Let those whom the channel did not take be reached by another."""
    turn_away(
        session,
        claim.batch_id,
        claim.letter_id,
        claim.channel,
        reasons,
        senders=senders,
        waits=waits,
    )


def next_stale(session: Session) -> datetime | None:
    """Tell when the next letter that somebody waits for is past its time."""
    ends: datetime | None = _NEXT_LATE.value(session)
    return ends


def drop_stale(session: Session, now: datetime) -> int:
    """Refuse whoever waits for a letter past its time; return how many."""
    dropped = 0
    for (letter_id,) in _LATE.all(session, now=now):
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


def _change(session: Session, claim: Claim, values: dict[str, Any]) -> bool:
    """Change the batch if it is still ours: row count 1, or somebody was faster."""
    mine = (Batch.id == claim.batch_id, Batch.owner == claim.owner, NOT_DONE)
    return _count(session.execute(update(Batch).where(*mine).values(values))) == 1


def _fate(
    claim: Claim, state: str, reason: str | None, now: datetime
) -> dict[str, Any]:
    return {"number": claim.batch_id, "fate": state, "why": reason, "at": now}


def _count(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
