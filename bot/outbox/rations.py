"""How many messages one recipient may get before the platform takes no more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from bot.outbox.letters import Batch, Recipient
from bot.outbox.limits import limits_of


def sated_users(  # noqa: PLR0913  # all of it is named
    session: Session,
    channel: str,
    among: Select[str | None] | Sequence[str],
    now: datetime,
    *,
    besides: int = 0,
    weight: int = 1,
) -> set[str]:
    """Name those among some users for whom `weight` more messages are too many.

    Counts what is on its way and what was settled in the span; not the batch `besides`.
    What is heavier than a whole ration goes to whoever had nothing.
    """
    sated: set[str] = set()
    for span, ration in limits_of(channel).rations:
        most = max(ration - weight, 0)
        if not _sent_more(session, channel, now - span, most):
            continue
        # Theirs first, whatever the planner thinks: of a table that was just filled it
        # knows nothing, and goes through everybody's batches (OFFSET 0 holds it).
        # Two searches, not one with OR: that would go through all they ever got.
        mine = select(Recipient.user, Recipient.batch_id).where(
            Recipient.user.in_(among)
        )
        theirs = (
            union_all(
                mine.where(Recipient.settled_at > now - span),
                mine.where(Recipient.settled_at.is_(None)),
            )
            .offset(0)
            .subquery()
        )
        busy = (
            select(theirs.c.user)
            .join(Batch, Batch.id == theirs.c.batch_id)
            .where(
                Batch.channel == channel,
                Batch.claimed_at > now - span,
                Batch.id != besides,
            )
            .group_by(theirs.c.user)
            .having(func.sum(Batch.weight) > most)
        )
        sated |= {user for user in session.scalars(busy) if user}
    return sated


def _sent_more(session: Session, channel: str, since: datetime, most: int) -> bool:
    """Tell cheaply if anybody can be sated: one batch has a person once."""
    recent = (
        select(Batch.weight)
        .where(Batch.claimed_at > since, Batch.channel == channel)
        .limit(most + 1)
        .subquery()
    )
    return (session.scalar(select(func.sum(recent.c.weight))) or 0) > most
