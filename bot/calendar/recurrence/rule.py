"""A recurring time, which a clock can ask for the next."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from bot.calendar.recurrence.festivals import festival_dates
from bot.calendar.recurrence.points import Point
from bot.calendar.recurrence.stretches import (
    LATEST_YEAR,
    Unit,
    add_months,
    bounds,
    number_of,
)
from bot.calendar.workdays import (
    NO_NOTICE,
    Notice,
    add_workdays,
    is_provisional,
    is_workday,
)

Kind = Literal["daily", "workdays", "weekly", "monthly", "quarterly", "yearly"]

KINDS: Mapping[str, Kind] = {kind: kind for kind in get_args(Kind)}
_UNITS: dict[Kind, Unit] = {
    "daily": "day",
    "workdays": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
}
EMPTY_STRETCHES = 400
"""So many stretches in a row without one day of the rule: there is none to come."""


@dataclass(frozen=True)
class Recurrence:
    """One rule.

    at: the time of day, in the zone of the moment that is asked about.
    weekdays: for weekly, 0 is Monday. point: for monthly, quarterly, yearly.
    month: of the year for yearly, of the quarter for quarterly; None is the whole.
    festival: for yearly, instead of a point.
    interval: every so many stretches, counted from the one with the anchor.
    anchor: the rule's first day can be no earlier. until: its last, included.
    shift: days (or working days, with shift_workdays) added to each day found.
    """

    kind: Kind
    at: time
    weekdays: tuple[int, ...] = ()
    point: Point | None = None
    month: int | None = None
    festival: str | None = None
    interval: int = 1
    anchor: date | None = None
    until: date | None = None
    shift: int = 0
    shift_workdays: bool = False

    def next_after(
        self, moment: datetime, notice: Notice = NO_NOTICE
    ) -> datetime | None:
        """Find the first moment of the rule strictly after; None if there is none."""
        since = max(moment.date(), self.anchor or date.min)
        for day in self._days_from(since, notice):
            if self.until is not None and day > self.until:
                return None
            found = datetime.combine(day, self.at, moment.tzinfo)
            if found > moment:
                return found
        return None

    def next_three(
        self, moment: datetime, notice: Notice = NO_NOTICE
    ) -> tuple[datetime, ...]:
        found: list[datetime] = []
        after: datetime | None = self.next_after(moment, notice)
        while after is not None and len(found) < 3:
            found.append(after)
            after = self.next_after(after, notice)
        return tuple(found)

    def is_on(self, day: date, notice: Notice = NO_NOTICE) -> bool:
        """Whether it has that day, whatever its first and last are."""
        return next(self._days_from(day, notice), None) == day

    def rests_on_forecast(
        self, moments: Iterable[datetime], notice: Notice = NO_NOTICE
    ) -> bool:
        """Whether moments of its own rest on a calendar not yet published (暂算)."""
        return self.needs_workdays() and any(
            is_provisional(moment.year, notice) for moment in moments
        )

    def needs_workdays(self) -> bool:
        """Whether its days follow the calendar of working days."""
        by_point = self.point is not None and self.point.of == "workday"
        return self.kind == "workdays" or by_point or self.shift_workdays

    def _days_from(self, since: date, notice: Notice) -> Iterator[date]:
        """All days of the rule from that day on, in order."""
        unit = _UNITS[self.kind]
        number = self._aligned(number_of(unit, self._before_shift(since)))
        empty = 0
        while empty < EMPTY_STRETCHES and number <= number_of(unit, _LATEST):
            first, last = bounds(unit, number)
            days = [
                self._shifted(day, notice)
                for day in self._days_within(first, last, notice)
            ]
            empty = 0 if days else empty + 1
            yield from (day for day in days if day >= since)
            number += self.interval

    def _days_within(self, first: date, last: date, notice: Notice) -> tuple[date, ...]:
        if self.kind == "workdays":
            return (first,) if is_workday(first, notice) else ()
        if self.weekdays:
            return tuple(first + timedelta(days=day) for day in sorted(self.weekdays))
        if self.festival is not None:
            return festival_dates(self.festival, first.year)
        if self.point is None:
            return (first,)
        if self.month is not None:
            first = add_months(first, self.month - 1)
            last = add_months(first, 1) - timedelta(days=1)
        return self.point.dates(first, last, notice)

    def _shifted(self, day: date, notice: Notice) -> date:
        if self.shift_workdays and self.shift:
            return add_workdays(day, self.shift, notice).day
        return day + timedelta(days=self.shift)

    def _before_shift(self, since: date) -> date:
        """Where to start looking, so that no shifted day is overlooked."""
        days = self.shift * 2 + 14 if self.shift_workdays else self.shift
        return since - timedelta(days=max(days, 0))

    def _aligned(self, number: int) -> int:
        if self.interval == 1 or self.anchor is None:
            return number
        start = number_of(_UNITS[self.kind], self.anchor)
        return number + (start - number) % self.interval


_LATEST = date(LATEST_YEAR, 12, 31)
