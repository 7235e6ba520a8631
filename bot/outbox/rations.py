"""How many messages one recipient may get before the platform takes no more."""

from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from bot.outbox.letters import Batch, Recipient
from bot.outbox.limits import limits_of


def sated_users(
    session: Session, channel: str, now: datetime, *, besides: int | None = None
) -> set[str]:
    """Name whose ration of this minute or hour is used up by batches but this one."""
    sated: set[str] = set()
    for span, ration in limits_of(channel).rations:
        recent = and_(
            Batch.claimed_at > now - span,
            Batch.channel == channel,
            Batch.id != (besides or 0),
        )
        # One batch has a person once: fewer batches than the ration sate nobody.
        batches = session.scalar(select(func.count()).where(recent)) or 0
        if batches < ration:
            continue
        busy = (
            select(Recipient.user)
            .join(Batch, Batch.id == Recipient.batch_id)
            .where(recent)
            .group_by(Recipient.user)
            .having(func.count() >= ration)
        )
        sated |= {user for user in session.scalars(busy) if user}
    return sated
