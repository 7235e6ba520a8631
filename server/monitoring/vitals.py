"""Signs of life that the database holds: they tell of every process, dead ones too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.outbox.letters import NOT_DONE, UNCLAIMED, Batch, Letter
from bot.storage.ticks import Occasion


@dataclass(frozen=True)
class Finished:
    """The latest due moment of a job that was seen to, and when that was done."""

    due: datetime
    done_at: datetime

    @property
    def lateness(self) -> timedelta:
        return self.done_at - self.due


@dataclass(frozen=True)
class Vitals:
    """What the outbox and the clock have come to.

    oldest_due: since when the longest waiting letter could have gone.

    waiting: how many letters can go now. retries: batches that were tried more than
    once and are not done. claimed_at: when a batch was last claimed. finished: by job.
    """

    oldest_due: datetime | None
    waiting: int
    retries: int
    claimed_at: datetime | None
    finished: Mapping[str, Finished]


def take(session: Session, now: datetime) -> Vitals:
    waiting = select(func.count()).where(
        UNCLAIMED, Letter.not_before <= now, Letter.not_after > now
    )
    retries = select(func.count()).where(NOT_DONE, Batch.attempts > 1)
    return Vitals(
        outbox.oldest_due(session, now),
        session.scalar(waiting) or 0,
        session.scalar(retries) or 0,
        session.scalar(select(func.max(Batch.claimed_at))),
        _finished(session),
    )


def _finished(session: Session) -> dict[str, Finished]:
    """Find each job's latest due moment that was seen to; no job has a colon."""
    latest = (
        select(Occasion.job, func.max(Occasion.due).label("due"))
        .where(Occasion.done_at.is_not(None))
        .group_by(Occasion.job)
        .subquery()
    )
    rows = session.execute(
        select(Occasion.job, Occasion.due, Occasion.done_at).join(
            latest, (latest.c.job == Occasion.job) & (latest.c.due == Occasion.due)
        )
    )
    return {
        job: Finished(due, done) for job, due, done in rows if done and ":" not in job
    }
