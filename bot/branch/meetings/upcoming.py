"""When a meeting next asks for something by itself: an evening, a door, a mending."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.branch.meetings import leave_letters, life, meetings
from bot.branch.meetings.letters import CALLED_LONG, DOOR_OPENS, EVENING
from bot.branch.meetings.meetings import Meeting
from bot.storage.prepared import Prepared

A_DAY = timedelta(days=1)
_CALLED = Prepared(
    select(Meeting.at, Meeting.starts_at).where(
        Meeting.state == meetings.State.CALLED,
        Meeting.starts_at > bindparam("since"),
    )
)


def next_due(session: Session, now: datetime) -> datetime | None:
    """Return the first moment at which a meeting may ask for something; None if none.

    now: local time.
    """
    if leave_letters.has_news(session, now):
        return now
    mended = (_midnight(day, now) for day in life.next_days(session))
    return min([*_called(session, now), *mended], default=None)


def _called(session: Session, now: datetime) -> Iterator[datetime]:
    for called, starts in _CALLED.all(session, since=now - DOOR_OPENS):
        begins = starts.astimezone(now.tzinfo)
        yield begins - DOOR_OPENS
        evening = datetime.combine(begins.date() - A_DAY, time(*EVENING), now.tzinfo)
        told = max(evening, called + CALLED_LONG)
        if max(told, now).astimezone(now.tzinfo).date() < begins.date():
            yield told


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(0), now.tzinfo)
