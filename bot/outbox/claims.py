"""Who sends what: claim a new batch, or one to be sent again.

A claim is committed before sending. A batch is sent again with the same recipients
and the same bytes, so that the platform's own duplicate check closes the gap between
"sent" and "written down"; where there is no such check, only what surely failed is.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.orm import Session

from bot.config.settings import Quiet
from bot.message import unpack
from bot.outbox import line
from bot.outbox.courtesy import set_aside
from bot.outbox.letters import NOT_DONE, Batch, Letter, Recipient
from bot.outbox.limits import limits_of
from bot.outbox.line import First
from bot.outbox.rations import sated_users
from bot.outbox.routes import (
    ADDRESS,
    Routed,
    Routes,
    Stop,
    note_stops,
    route,
    wait_for_word,
)
from bot.outbox.settlement import STALE, Claim, refuse_batch
from bot.outbox.ways import CHANNELS, PEOPLE
from bot.storage.database import take_turn
from bot.storage.in_list import among
from bot.storage.prepared import Prepared

CLAIM_LASTS = timedelta(minutes=3)  # longer than the slowest send with its retries
# Every batch's duplicate check remembers three hours (at most four: path/90236); the
# last try itself may take as long as a claim.
RESEND_WITHIN = timedelta(hours=3) - CLAIM_LASTS
# A batch stays whole: it waits until nobody in it is sated.
RATION_PAUSE = timedelta(seconds=5)
# So many batches are looked at in one go when nobody in them may be disturbed.
MOST_LOOKS = 10

_BATCH, _RECIPIENT = (Batch.metadata.tables[name] for name in ("batch", "recipient"))
OPENED_WITH = (
    "letter_id",
    "channel",
    "owner",
    "claimed_at",
    "claimed_until",
    "next_try",
    "uncertain_since",
    "attempts",
    "done",
    "weight",
)
_OPEN = Prepared(insert(_BATCH).returning(_BATCH.c.id), OPENED_WITH)
_PUT_IN = Prepared(
    update(_RECIPIENT)
    .where(among(_RECIPIENT.c.id, "rows"))
    .values(batch_id=bindparam("number"))
)
_RETRY = Prepared(
    select(_BATCH.c.id)
    .where(
        NOT_DONE,
        _BATCH.c.channel == bindparam("of_channel"),
        _BATCH.c.next_try <= bindparam("now"),
        _BATCH.c.claimed_until <= bindparam("now"),
    )
    .order_by(_BATCH.c.next_try)
    .limit(1)
    .with_for_update(skip_locked=True)
)

UNCERTAIN = "发送结果不明，可能已收到；为免重复没有再发"


def claim_batch(
    session: Session,
    channel: str,
    owner: str,
    now: datetime,
    quiet: Quiet | None = None,
) -> Claim | None:
    """Take the next batch that is due: one to be tried again, or a new one."""
    await_turn(session, channel)
    return claim_retry(session, channel, owner, now) or claim_new(
        session, channel, owner, now, quiet
    )


def await_turn(session: Session, channel: str) -> None:
    """Claim one after the other, in all processes; send side by side.

    Two who claim at once would each not see what the other takes, and together give
    somebody more than the ration. All ways to people have one turn.
    """
    take_turn(session, f"claim:{PEOPLE if channel in CHANNELS else channel}")


def claim_retry(
    session: Session, channel: str, owner: str, now: datetime
) -> Claim | None:
    """Take the next batch that is to be tried again."""
    while batch := _next_retry(session, channel, now):
        letter = session.get_one(Letter, batch.letter_id)
        claim = _claim(session, batch, letter)
        reason = _too_late(batch, letter, now)
        if not claim.users:  # everyone in it was settled some other way
            batch.done = True
        elif reason:
            refuse_batch(session, claim, reason, now)
        elif _sates(session, claim, now):
            batch.next_try = now + RATION_PAUSE
        else:
            return _claim_once_more(session, batch, owner, now)
        session.flush()
    return None


def is_sending(session: Session, now: datetime) -> bool:
    """Tell whether a claimed batch is under way."""
    held = select(Batch.id).where(~Batch.done, Batch.claimed_until > now)
    return session.scalar(held.limit(1)) is not None


def _next_retry(session: Session, channel: str, now: datetime) -> Batch | None:
    found = _RETRY.first(session, of_channel=channel, now=now)
    return session.get_one(Batch, found[0], populate_existing=True) if found else None


def _too_late(batch: Batch, letter: Letter, now: datetime) -> str | None:
    """Say why a batch cannot be sent again, if so."""
    unsure = batch.uncertain_since
    notices = limits_of(batch.channel).notices_repeats
    resend_within = RESEND_WITHIN if notices else timedelta(0)
    if unsure and unsure + resend_within <= now:
        return UNCERTAIN
    if letter.not_after <= now:
        return UNCERTAIN if unsure else STALE
    return None


def _sates(session: Session, claim: Claim, now: datetime) -> bool:
    """Tell if somebody in a batch has had the ration without it."""
    batch = session.get_one(Batch, claim.batch_id)
    found = session.scalars(_pending(batch, Recipient.user))
    users = [user for user in found if user]
    sated = sated_users(
        session, claim.channel, users, now, besides=batch.id, weight=batch.weight
    )
    return bool(sated)


def _claim_once_more(
    session: Session, batch: Batch, owner: str, now: datetime
) -> Claim:
    before = batch.uncertain_since
    batch.owner, batch.attempts = owner, batch.attempts + 1
    batch.claimed_at, batch.claimed_until = now, now + CLAIM_LASTS
    batch.next_try = batch.claimed_until
    batch.uncertain_since = before or now
    session.flush()
    letter = session.get_one(Letter, batch.letter_id)
    return replace(_claim(session, batch, letter), uncertain_since=before)


def claim_new(  # noqa: PLR0913  # all of it is named
    session: Session,
    channel: str,
    owner: str,
    now: datetime,
    quiet: Quiet | None = None,
    routes: Routes | None = None,
) -> Claim | None:
    """Take the next batch that was never tried.

    quiet: when and how often people may be disturbed; None: ask nobody.
    """
    looks = 0
    while letter := line.first_letter(session, channel, now):
        looks += 1
        waiting = line.waiting_for(session, letter)
        aside = set_aside(session, waiting, quiet, now) if quiet else set()
        left = [each for each in waiting if each.recipient_id not in aside]
        routed = route(session, channel, left, routes)
        wait_for_word(session, routed.silent)
        by, taken = _take_unsated(session, letter, routed, now)
        gone = len(aside) + len(routed.silent)
        line.shorten(session, letter, gone + len(taken))
        if taken:
            return _open_batch(session, letter, owner, now, by, taken)
        if not gone or looks >= MOST_LOOKS:
            line.let_pass(session, [letter.id], now, routed.later)
    return None


def _take_unsated(
    session: Session, letter: First, routed: Routed, now: datetime
) -> tuple[str, list[Stop]]:
    """Choose those of one way who have not had their ration, as many as fit."""
    for by, stops in routed.by.items():
        users = [each.person.user for each in stops]
        sated = sated_users(session, by, users, now, weight=letter.weight)
        left = [each for each in stops if each.person.user not in sated]
        if left:
            return by, left[: limits_of(by).batch_size]
    return "", []


def _open_batch(  # noqa: PLR0913  # all of it is named
    session: Session,
    letter: First,
    owner: str,
    now: datetime,
    by: str,
    taken: list[Stop],
) -> Claim:
    """Open a batch of a letter for these people, by one way."""
    note_stops(session, letter.channel, by, taken)
    opened = _OPEN.first(session, **new_batch(letter, by, owner, now))
    assert opened
    rows = [each.person.recipient_id for each in taken]
    _PUT_IN.run(session, rows=rows, number=opened[0])
    return new_claim(opened[0], letter, by, owner, [each.address for each in taken])


def new_batch(letter: First, channel: str, owner: str, now: datetime) -> dict[str, Any]:
    """Say what is written of a batch that is opened for its first try."""
    return {
        "letter_id": letter.id,
        "channel": channel,
        "owner": owner,
        "claimed_at": now,
        "claimed_until": now + CLAIM_LASTS,
        "next_try": now + CLAIM_LASTS,
        "uncertain_since": now,
        "attempts": 1,
        "done": False,
        "weight": letter.weight,
    }


def new_claim(
    number: int, letter: First, channel: str, owner: str, users: Sequence[str]
) -> Claim:
    """Return the claim of a batch that was just opened."""
    return Claim(
        batch_id=number,
        letter_id=letter.id,
        owner=owner,
        channel=channel,
        content=unpack(letter.body),
        users=tuple(users),
        attempts=1,
        stamp=int(letter.created_at.timestamp()),
        cause=letter.cause,
        kind=letter.kind,
    )


def _claim(session: Session, batch: Batch, letter: Letter) -> Claim:
    users = session.scalars(_pending(batch, ADDRESS))
    return Claim(
        batch_id=batch.id,
        letter_id=letter.id,
        owner=batch.owner,
        channel=batch.channel,
        content=unpack(letter.body),
        users=tuple(user for user in users if user),
        attempts=batch.attempts,
        stamp=int(letter.created_at.timestamp()),
        receipt=batch.receipt or "",
        cause=letter.cause,
        kind=letter.kind,
    )


def _pending(batch: Batch, what: Any) -> Select[Any]:
    """Select something of those in a batch with whom nothing is settled yet."""
    mine = (Recipient.batch_id == batch.id, Recipient.state == "pending")
    return select(what).where(*mine).order_by(Recipient.id)
