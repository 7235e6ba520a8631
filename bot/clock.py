"""The only place where the time of day is read."""

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    def now(self) -> datetime: ...


class WallClock:
    """The real time, in the branch's time zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def now(self) -> datetime:
        return datetime.now(self.zone)


class StoppedClock:
    """A moment that does not pass: "as if it were then"."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


class MovableClock:
    """The real time plus an offset that can be moved forward: the demo's clock."""

    def __init__(self, zone: ZoneInfo, start: datetime | None = None) -> None:
        self._wall = WallClock(zone)
        self._offset = start - self._wall.now() if start else None

    def now(self) -> datetime:
        real = self._wall.now()
        return real + self._offset if self._offset else real

    def move_to(self, moment: datetime) -> None:
        self._offset = moment - self._wall.now()
