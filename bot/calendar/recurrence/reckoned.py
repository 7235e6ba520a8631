"""One moment that is counted on the calendar of working days: 国庆后第一个工作日.

It is kept beside the moment itself while the calendar of that year is not published, as
one short line of a table: "1 2027-10-01 09:00 workdays=1". The number in front is the
form's version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal, get_args

from bot.calendar.recurrence.stored import Unreadable
from bot.calendar.recurrence.stretches import add_months
from bot.calendar.workdays import NO_NOTICE, Notice, add_workdays

VERSION = "1"
Unit = Literal["workdays", "days", "months", "minutes"]
UNITS: Mapping[str, Unit] = {unit: unit for unit in get_args(Unit)}


@dataclass(frozen=True)
class Reckoned:
    """steps: taken one after the other from the day; minutes after the hour."""

    day: date
    at: time
    steps: tuple[tuple[Unit, int], ...]

    def moment(self, zone: tzinfo | None, notice: Notice = NO_NOTICE) -> datetime:
        day, minutes = self.day, 0
        for unit, count in self.steps:
            match unit:
                case "workdays":
                    day = add_workdays(day, count, notice).day
                case "days":
                    day += timedelta(days=count)
                case "months":
                    day = add_months(day, count)
                case "minutes":
                    minutes += count
        return datetime.combine(day, self.at, zone) + timedelta(minutes=minutes)

    def stored(self) -> str:
        steps = [f"{unit}={count}" for unit, count in self.steps]
        return " ".join([VERSION, f"{self.day}", f"{self.at:%H:%M}", *steps])


def read_reckoned(line: str) -> Reckoned:
    """Read what `stored` wrote. Raises Unreadable."""
    version, _, rest = line.partition(" ")
    try:
        if version != VERSION:
            raise ValueError(f"version {version!r}")
        day, at, *steps = rest.split()
        told = (step.split("=") for step in steps)
        return Reckoned(
            date.fromisoformat(day),
            time.fromisoformat(at),
            tuple((UNITS[unit], int(count)) for unit, count in told),
        )
    except (ValueError, KeyError) as error:
        raise Unreadable(f"{line!r}: {error}") from error
