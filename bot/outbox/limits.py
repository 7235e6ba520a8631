"""What each platform takes: how many at once, how often, and what it notices."""

from dataclasses import dataclass
from datetime import timedelta

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Limits:
    """A channel's limits; the defaults are the most careful ones.

    batch_size: recipients of one call. notices_repeats: the platform drops what it has
    already; where it does not, what is uncertain is never sent again. rations: (span,
    messages) to one recipient.
    """

    batch_size: int = 1
    notices_repeats: bool = False
    rations: tuple[tuple[timedelta, int], ...] = ()


CAREFUL = Limits()
LIMITS = {
    "wecom": Limits(
        batch_size=1000,  # touser of message/send (path/90236)
        notices_repeats=True,
        rations=((MINUTE, 30), (HOUR, 1000)),  # what is over is dropped (path/90312)
    ),
    "robot": Limits(rations=((MINUTE, 20),)),  # path/99110
}


def limits_of(channel: str) -> Limits:
    return LIMITS.get(channel, CAREFUL)
