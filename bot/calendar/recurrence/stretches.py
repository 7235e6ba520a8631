"""Weeks, months, quarters and years, numbered one after the other."""

from datetime import date, timedelta
from typing import Literal

Unit = Literal["day", "week", "month", "quarter", "year"]

MONTHS = {"month": 1, "quarter": 3, "year": 12}
LATEST_YEAR = 2199


def number_of(unit: Unit, day: date) -> int:
    if unit == "day":
        return day.toordinal()
    if unit == "week":
        return (day.toordinal() - 1) // 7  # 0001-01-01 was a Monday
    return (day.year * 12 + day.month - 1) // MONTHS[unit]


def bounds(unit: Unit, number: int) -> tuple[date, date]:
    """Give the first and the last day of the stretch of that number."""
    if unit == "day":
        day = date.fromordinal(number)
        return day, day
    if unit == "week":
        monday = date.fromordinal(number * 7 + 1)
        return monday, monday + timedelta(days=6)
    months = MONTHS[unit]
    return _first(number * months), _first((number + 1) * months) - timedelta(days=1)


def add_months(day: date, count: int) -> date:
    """Add calendar months; a day the month lacks becomes its last."""
    first, last = bounds("month", number_of("month", day) + count)
    return min(first + timedelta(days=day.day - 1), last)


def _first(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
