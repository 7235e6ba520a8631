"""Which due moments of which jobs were seen to: two clocks are as good as one."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.database import Base, insert_new
from bot.storage.invariants import proof
from bot.storage.prepared import Prepared

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


_TABLE = Occasion.metadata.tables["occasion"]
_ITS = (_TABLE.c.job == bindparam("of_job"), _TABLE.c.due == bindparam("of_due"))
_SEEN_TO = Prepared(select(_TABLE.c.held_until, _TABLE.c.done_at).where(*_ITS))
_TAKE_OVER = Prepared(
    update(_TABLE)
    .where(*_ITS, _TABLE.c.done_at.is_(None), _TABLE.c.held_until <= bindparam("now"))
    .values(held_until=bindparam("until"))
)
_FINISH = Prepared(update(_TABLE).where(*_ITS).values(done_at=bindparam("at")))
_RELEASE = Prepared(update(_TABLE).where(*_ITS).values(held_until=bindparam("until")))


def take(session: Session, job: str, due: datetime, now: datetime) -> bool:
    """Take a due moment on; False if it was done or another is at it."""
    until = now + RUN_LASTS
    if insert_new(session, Occasion, {"job": job, "due": due, "held_until": until}):
        return True
    over = {"of_job": job, "of_due": due, "now": now, "until": until}
    return _TAKE_OVER.run(session, **over) == 1


def is_free(session: Session, job: str, due: datetime, now: datetime) -> bool:
    """Tell whether a due moment could be taken on."""
    row = _SEEN_TO.first(session, of_job=job, of_due=due)
    return row is None or (row[1] is None and row[0] <= now)


def is_running(session: Session, now: datetime) -> bool:
    """Tell whether somebody is at a due moment."""
    held = select(Occasion.job).where(
        Occasion.done_at.is_(None), Occasion.held_until > now
    )
    return session.scalar(held.limit(1)) is not None


def pass_over(
    session: Session, moments: Iterable[tuple[str, datetime, datetime]]
) -> None:
    """Note that there was nothing to do, unless another is at it.

    moments: of each the job, when it was due, and when its book was asked.
    """
    for job, due, asked in moments:
        row = {"job": job, "due": due, "held_until": asked, "done_at": asked}
        if not insert_new(session, Occasion, row) and take(session, job, due, asked):
            finish(session, job, due, asked)


def finish(session: Session, job: str, due: datetime, now: datetime) -> None:
    _FINISH.run(session, of_job=job, of_due=due, at=now)


def release(session: Session, job: str, due: datetime, now: datetime) -> None:
    """Let somebody try again soon: this run failed."""
    _RELEASE.run(session, of_job=job, of_due=due, until=now + TRY_AGAIN)


def forget(session: Session, job: str, due: datetime) -> None:
    """Let a due moment be taken anew."""
    gone = delete(Occasion).where(Occasion.job == job, Occasion.due == due)
    session.execute(gone)


def last_done(session: Session, job: str, now: datetime) -> datetime | None:
    """Return a job's latest due moment that was seen to; none that is to come."""
    done = (Occasion.job == job, Occasion.done_at.is_not(None), Occasion.due <= now)
    return session.scalar(select(func.max(Occasion.due)).where(*done))


def forget_all(session: Session) -> None:
    """Let every moment be taken anew."""
    session.execute(delete(Occasion))


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(Occasion).where(Occasion.due < now - REMEMBERED_FOR))


@proof("定时事：做完的不在它该做之前")
def in_order(session: Session) -> Iterator[str]:
    early = select(Occasion).where(Occasion.done_at < Occasion.due)
    for each in session.scalars(early):
        yield f"{each.job}（{each.due:%Y-%m-%d %H:%M}）"
