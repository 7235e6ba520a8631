"""A point in a stretch of days: the 5th, the last day, the first working day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.calendar.workdays import NO_NOTICE, WEEKDAYS, Notice, workdays_between

Of = Literal["day", "workday", "weekday"]


@dataclass(frozen=True)
class Point:
    """Numbered days of a stretch, counted from 1, or from its end with -1.

    of "weekday" counts only the weekday given (0 is Monday).
    """

    of: Of
    numbers: tuple[int, ...]
    weekday: int = 0

    def dates(
        self, first: date, last: date, notice: Notice = NO_NOTICE
    ) -> tuple[date, ...]:
        """Find its days, in order; a number that the stretch lacks gives none."""
        days = self._counted(first, last, notice)
        found = {
            days[number - 1 if number > 0 else number]
            for number in self.numbers
            if 0 < abs(number) <= len(days)
        }
        return tuple(sorted(found))

    def words(self) -> str:
        if self.of == "day" and self.numbers[0] >= 0:
            return "、".join(f"{number}日" for number in self.numbers)
        unit = {"day": "天", "workday": "个工作日"}.get(
            self.of, f"个周{WEEKDAYS[self.weekday]}"
        )
        return _ordinal(self.numbers[0]) + unit

    def _counted(self, first: date, last: date, notice: Notice) -> tuple[date, ...]:
        if self.of == "workday":
            return workdays_between(first, last, notice)
        length = (last - first).days + 1
        days = (first + timedelta(days=number) for number in range(length))
        if self.of == "day":
            return tuple(days)
        return tuple(day for day in days if day.weekday() == self.weekday)


def _ordinal(number: int) -> str:
    if number == -1:
        return "最后一"
    return f"第{number}" if number > 0 else f"倒数第{-number}"
