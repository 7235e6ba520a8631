"""Who sends what: claim a new batch, or one to be sent again.

A claim is committed before sending. A batch is sent again with the same recipients
and the same bytes, so that the platform's own duplicate check closes the gap between
"sent" and "written down"; where there is no such check, only what surely failed is.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Select, select, update
from sqlalchemy.orm import Session

from bot.config import Quiet
from bot.message import unpack
from bot.outbox.courtesy import Waiting, set_aside
from bot.outbox.letters import Batch, Letter, Recipient
from bot.outbox.limits import LIMITS, limits_of
from bot.outbox.rations import sated_users
from bot.outbox.settlement import STALE, Claim, refuse_batch
from bot.storage import take_turn

BATCH_SIZE = LIMITS["wecom"].batch_size
CLAIM_LASTS = timedelta(minutes=3)  # longer than the slowest send with its retries
# Every batch's duplicate check remembers three hours (at most four: path/90236); the
# last try itself may take as long as a claim.
RESEND_WITHIN = timedelta(hours=3) - CLAIM_LASTS
# A batch stays whole: it waits until nobody in it is sated.
RATION_PAUSE = timedelta(seconds=5)
# A letter whose every recipient is sated lets the others pass.
LET_PASS = timedelta(seconds=1)
# So many batches are looked at in one go when nobody in them may be disturbed.
MOST_LOOKS = 10

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
    somebody more than the ration.
    """
    take_turn(session, f"claim:{channel}")


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


def _next_retry(session: Session, channel: str, now: datetime) -> Batch | None:
    free = (
        ~Batch.done,
        Batch.channel == channel,
        Batch.next_try <= now,
        Batch.claimed_until <= now,
    )
    due = select(Batch).where(*free).order_by(Batch.next_try).limit(1)
    return session.scalars(due.with_for_update(skip_locked=True)).first()


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
    among = select(Recipient.user).where(Recipient.batch_id == claim.batch_id)
    batch = session.get_one(Batch, claim.batch_id)
    sated = sated_users(
        session, claim.channel, among, now, besides=batch.id, weight=batch.weight
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


def claim_new(
    session: Session,
    channel: str,
    owner: str,
    now: datetime,
    quiet: Quiet | None = None,
) -> Claim | None:
    """Take the next batch that was never tried.

    quiet: when and how often people may be disturbed; None: ask nobody.
    """
    looks = 0
    while letter := _next_letter(session, channel, now):
        looks += 1
        stretch = _stretch(session, letter)
        aside = set_aside(session, stretch, quiet, now) if quiet else set()
        letter.unclaimed -= len(aside)
        left = [each for each in stretch if each.recipient_id not in aside]
        users = [each.user for each in left]
        sated = sated_users(session, channel, users, now, weight=letter.weight)
        claim = _fill_batch(
            session,
            letter,
            owner,
            now,
            [each.recipient_id for each in left if each.user not in sated],
        )
        if claim:
            return claim
        if not aside or looks >= MOST_LOOKS:
            letter.not_before = now + LET_PASS  # everyone in it has had the ration
        session.flush()
    return None


def due_letters(channel: str, now: datetime) -> Select[Letter]:
    """Select the letters with somebody to claim, the first in the line first."""
    return (
        select(Letter)
        .where(
            Letter.channel == channel,
            Letter.unclaimed > 0,
            Letter.not_before <= now,
            Letter.not_after > now,
        )
        .order_by(Letter.importance.desc(), Letter.not_before, Letter.id)
    )


def _next_letter(session: Session, channel: str, now: datetime) -> Letter | None:
    due = due_letters(channel, now).limit(1).with_for_update()
    return session.scalars(due).first()


def waiting_rows() -> tuple[ColumnElement[bool], ...]:
    """Match the recipients whom nobody has claimed and nothing keeps back."""
    return (
        Recipient.batch_id.is_(None),
        Recipient.held_until.is_(None),
        Recipient.state == "pending",
    )


def _stretch(session: Session, letter: Letter) -> list[Waiting]:
    """List as many of those who wait for a letter as one batch takes."""
    rows = session.execute(
        select(Recipient.id, Recipient.user, Recipient.member_id)
        .where(Recipient.letter_id == letter.id, *waiting_rows())
        .order_by(Recipient.id)
        .limit(limits_of(letter.channel).batch_size)
    )
    return [
        Waiting(
            recipient_id=number,
            letter_id=letter.id,
            user=user or "",
            member_id=member_id,
            kind=letter.kind,
            importance=letter.importance,
            spends=letter.spends,
            created_at=letter.created_at,
            not_after=letter.not_after,
        )
        for number, user, member_id in rows
    ]


def _fill_batch(
    session: Session, letter: Letter, owner: str, now: datetime, rows: list[int]
) -> Claim | None:
    """Take these recipients; None if there are none."""
    if not rows:
        return None
    batch = Batch(
        letter_id=letter.id,
        channel=letter.channel,
        owner=owner,
        claimed_at=now,
        claimed_until=now + CLAIM_LASTS,
        next_try=now + CLAIM_LASTS,
        uncertain_since=now,
        attempts=1,
        weight=letter.weight,
    )
    session.add(batch)
    session.flush()
    letter.unclaimed -= _count(
        session.execute(
            update(Recipient)
            .where(Recipient.id.in_(rows))
            .values(batch_id=batch.id)
            .execution_options(synchronize_session=False)
        )
    )
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
        stamp=int(letter.created_at.timestamp()),
        receipt=batch.receipt or "",
        cause=letter.cause,
    )


def _count(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
