"""When the assistant keeps quiet: no push of its own at night or in one's own hours."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.config.settings import Quiet

HALF_HOURS = tuple(time(number // 2, number % 2 * 30) for number in range(48))


@dataclass(frozen=True)
class Hours:
    """Hours of every day in which somebody wants to hear nothing; may span midnight."""

    starts: time
    ends: time


def is_quiet(quiet: Quiet | Hours, moment: datetime) -> bool:
    """Tell whether a local moment lies in the quiet hours, which may span midnight."""
    return _lies_in(quiet, moment.time())


def next_loud(quiet: Quiet | Hours, moment: datetime) -> datetime:
    """Return the moment itself, or when the quiet hours around it end."""
    if not is_quiet(quiet, moment):
        return moment
    end = moment.replace(
        hour=quiet.ends.hour, minute=quiet.ends.minute, second=0, microsecond=0
    )
    return end if end > moment else end + timedelta(days=1)


def next_open(quiet: Quiet, own: Hours | None, moment: datetime) -> datetime:
    """Return when neither the house nor a person is quiet any more."""
    if own is None:
        return next_loud(quiet, moment)
    return next_loud(quiet, next_loud(own, next_loud(quiet, moment)))


def hours_open(quiet: Quiet, own: Hours) -> float:
    """Count the hours of a day in which neither is quiet, by half hours."""
    loud = [
        each
        for each in HALF_HOURS
        if not _lies_in(quiet, each) and not _lies_in(own, each)
    ]
    return len(loud) / 2


def _lies_in(quiet: Quiet | Hours, at: time) -> bool:
    if quiet.starts <= quiet.ends:
        return quiet.starts <= at < quiet.ends
    return at >= quiet.starts or at < quiet.ends
