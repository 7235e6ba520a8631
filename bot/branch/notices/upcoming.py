"""When a notice next asks for something by itself: a chase, a report, a stop."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from bot.branch.notices.chasing import REPORT_WITHIN, chase_time
from bot.branch.notices.notices import GOOD_FOR, Notice, State
from bot.branch.notices.withdrawal import RECALLABLE
from bot.config.settings import Quiet
from bot.storage.prepared import Prepared

_CHASES = Prepared(
    select(Notice.goes_at, Notice.deadline).where(
        Notice.state == State.SENT,
        Notice.deadline > bindparam("now"),
        Notice.chased_at.is_(None),
    )
)
_OTHERS = Prepared(
    select(
        select(func.min(Notice.deadline))
        .where(
            Notice.state == State.SENT,
            Notice.deadline > bindparam("reported_since"),
            Notice.reported_at.is_(None),
        )
        .scalar_subquery(),
        select(func.min(Notice.goes_at))
        .where(
            Notice.state == State.SENT,
            Notice.corrects.is_not(None),
            Notice.goes_at > bindparam("corrected_since"),
        )
        .scalar_subquery(),
        select(func.min(Notice.goes_at))
        .where(
            Notice.state == State.WITHDRAWN,
            Notice.goes_at > bindparam("recalled_since"),
        )
        .scalar_subquery(),
    )
)


def next_due(session: Session, quiet: Quiet, now: datetime) -> datetime | None:
    """Return the first moment at which a notice may ask for something; None if none.

    now: local time.
    """
    others = _OTHERS.first(
        session,
        reported_since=now - REPORT_WITHIN,
        corrected_since=now - GOOD_FOR,
        recalled_since=now - RECALLABLE,
    )
    found = [each for each in others or () if each]
    return min([*found, *_chases(session, quiet, now)], default=None)


def _chases(session: Session, quiet: Quiet, now: datetime) -> Iterator[datetime]:
    zone = now.tzinfo
    for goes_at, deadline in _CHASES.all(session, now=now):
        at = chase_time(quiet, goes_at.astimezone(zone), deadline.astimezone(zone))
        if at:
            yield at
