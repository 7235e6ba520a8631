"""When a line that was lost is opened again: soon, then later and later.

Never at the same moment as a thousand others that were lost with it.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.channels.aibot import lease


@dataclass(frozen=True)
class Pace:
    """Seconds: the first wait and the longest.

    settled: how long a line must stay open for the waits to begin anew; one that is
    thrown out at once each time must not be opened as if it were the first time.
    """

    first: float
    longest: float
    settled: float


LOST = Pace(first=0.2, longest=30.0, settled=30.0)
MISCONFIGURED = Pace(first=30.0, longest=600.0, settled=0.0)
REPLACED = Pace(first=30.0, longest=900.0, settled=600.0)
"""Another process, not of ours, has the robot: taking it back at once would have it do
the same, for ever."""


@dataclass(frozen=True)
class Rhythm:
    """Seconds. renew: without a word for so long, a line is opened anew.

    A line that was cut off unnoticed still acknowledges heartbeats. look: between looks
    at who has the line; sweep: between looks at what is to go out.
    """

    beat: float = lease.BEAT
    dead_after: float = lease.DEAD_AFTER
    look: float = 1.0
    renew: float = 900.0
    sweep: float = 0.5
    finish: float = 5.0
    lost: Pace = LOST
    misconfigured: Pace = MISCONFIGURED
    replaced: Pace = REPLACED


@dataclass
class Waits:
    """The waits of one reason. draw: a number from 0 to 1."""

    pace: Pace
    draw: Callable[[], float] = random.random
    _tries: int = field(default=0)

    def next(self, stayed: float) -> float:
        """Return how long to wait now. stayed: for how long the line was open."""
        if stayed >= self.pace.settled > 0:
            self._tries = 0
        most = min(self.pace.first * 2.0**self._tries, self.pace.longest)
        if most < self.pace.longest:
            self._tries += 1
        return most * (1 + self.draw()) / 2

    def reset(self) -> None:
        self._tries = 0
