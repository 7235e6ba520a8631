"""How many messages one recipient may get before the platform takes no more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from bot.outbox.letters import Batch, Recipient
from bot.outbox.limits import limits_of
from bot.storage.in_list import among
from bot.storage.prepared import Prepared

_CHANNEL = Batch.channel == bindparam("of_channel")
_SINCE: Any = bindparam("since", type_=Batch.claimed_at.type)
_RECENT = Prepared(
    select(
        func.sum(
            select(Batch.weight)
            .where(Batch.claimed_at > _SINCE, _CHANNEL)
            .limit(bindparam("enough"))
            .subquery()
            .c.weight
        )
    )
)


def _busy() -> Select[Any]:
    """Select who had more than `most` since then; not counting the batch `besides`."""
    # Theirs first, whatever the planner thinks: of a table that was just filled it
    # knows nothing, and goes through everybody's batches (OFFSET 0 holds it).
    # Two searches, not one with OR: that would go through all they ever got.
    mine = select(Recipient.user, Recipient.batch_id).where(
        among(Recipient.user, "users")
    )
    theirs = (
        union_all(
            mine.where(Recipient.settled_at > _SINCE),
            mine.where(Recipient.settled_at.is_(None)),
        )
        .offset(0)
        .subquery()
    )
    return (
        select(theirs.c.user)
        .join(Batch, Batch.id == theirs.c.batch_id)
        .where(_CHANNEL, Batch.claimed_at > _SINCE, Batch.id != bindparam("besides"))
        .group_by(theirs.c.user)
        .having(func.sum(Batch.weight) > bindparam("most"))
    )


BUSY = _busy()


def sated_users(  # noqa: PLR0913  # all of it is named
    session: Session,
    channel: str,
    users: Sequence[str],
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
        since = {"of_channel": channel, "since": now - span}
        # Cheaply first whether anybody can be: one batch has a person once.
        recent = _RECENT.first(session, **since, enough=most + 1)
        if recent and (recent[0] or 0) > most:
            values = {**since, "users": list(users), "besides": besides, "most": most}
            sated |= {user for user in session.scalars(BUSY, values) if user}
    return sated
