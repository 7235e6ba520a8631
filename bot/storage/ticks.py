"""Which due moments of which jobs were seen to: two clocks are as good as one."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.database import Base, insert_new
from bot.storage.invariants import proof

RUN_LASTS = timedelta(minutes=10)
TRY_AGAIN = timedelta(minutes=2)
REMEMBERED_FOR = timedelta(days=60)


class Occasion(Base):
    """A due moment of a job. held_until: when another may take it, unless done."""

    __tablename__ = "occasion"

    job: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[datetime] = mapped_column(primary_key=True)
    held_until: Mapped[datetime]
    done_at: Mapped[datetime | None]


def take(session: Session, job: str, due: datetime, now: datetime) -> bool:
    """Take a due moment on; False if it was done or another is at it."""
    row = {"job": job, "due": due, "held_until": now + RUN_LASTS}
    if insert_new(session, Occasion, row):
        return True
    free = (
        Occasion.job == job,
        Occasion.due == due,
        Occasion.done_at.is_(None),
        Occasion.held_until <= now,
    )
    taken = session.execute(
        update(Occasion).where(*free).values(held_until=now + RUN_LASTS)
    )
    return cast("CursorResult[Any]", taken).rowcount == 1


def finish(session: Session, job: str, due: datetime, now: datetime) -> None:
    _set(session, job, due, {"done_at": now})


def release(session: Session, job: str, due: datetime, now: datetime) -> None:
    """Let somebody try again soon: this run failed."""
    _set(session, job, due, {"held_until": now + TRY_AGAIN})


def forget(session: Session, job: str, due: datetime) -> None:
    """Let a due moment be taken anew."""
    gone = delete(Occasion).where(Occasion.job == job, Occasion.due == due)
    session.execute(gone)


def last_done(session: Session, job: str, now: datetime) -> datetime | None:
    """Return a job's latest due moment that was seen to; none that is to come."""
    done = (Occasion.job == job, Occasion.done_at.is_not(None), Occasion.due <= now)
    return session.scalar(select(func.max(Occasion.due)).where(*done))


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(Occasion).where(Occasion.due < now - REMEMBERED_FOR))


def _set(session: Session, job: str, due: datetime, values: dict[str, Any]) -> None:
    session.execute(
        update(Occasion).where(Occasion.job == job, Occasion.due == due).values(values)
    )


@proof("定时事：做完的不在它该做之前")
def in_order(session: Session) -> Iterator[str]:
    early = select(Occasion).where(Occasion.done_at < Occasion.due)
    for each in session.scalars(early):
        yield f"{each.job}（{each.due:%Y-%m-%d %H:%M}）"
