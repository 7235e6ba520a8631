"""How many messages one recipient may get before the platform takes no more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from bot.outbox.letters import Batch, Recipient
from bot.outbox.limits import limits_of


def sated_users(
    session: Session,
    channel: str,
    among: Select[str | None] | Sequence[str],
    now: datetime,
    *,
    besides: int = 0,
) -> set[str]:
    """Name those among some users whose ration of this minute or hour is used up.

    Counts what is on its way and what was settled in the span; not the batch `besides`.
    """
    sated: set[str] = set()
    for span, ration in limits_of(channel).rations:
        if not _many_batches(session, channel, now - span, ration):
            continue
        busy = (
            select(Recipient.user)
            .join(Batch, Batch.id == Recipient.batch_id)
            .where(
                Recipient.user.in_(among),
                or_(Recipient.settled_at > now - span, Recipient.settled_at.is_(None)),
                Batch.channel == channel,
                Batch.claimed_at > now - span,
                Batch.id != besides,
            )
            .group_by(Recipient.user)
            .having(func.count() >= ration)
        )
        sated |= {user for user in session.scalars(busy) if user}
    return sated


def _many_batches(session: Session, channel: str, since: datetime, ration: int) -> bool:
    """Tell cheaply if anybody can be sated: one batch has a person once."""
    recent = (
        select(Batch.id)
        .where(Batch.claimed_at > since, Batch.channel == channel)
        .offset(ration - 1)
        .limit(1)
    )
    return session.scalar(recent) is not None
