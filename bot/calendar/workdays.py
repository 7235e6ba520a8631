"""Which days are worked in China: the State Council's calendar with 调休.

The calendar is data of the `holidays` library (python-holidays, MIT), which was
checked against the General Office's notice of each year from 2001. The notice for
2026 is 《国务院办公厅关于2026年部分节假日安排的通知》 (2025-11-04),
https://www.gov.cn/gongbao/2025/issue_12406/202511/content_7048922.html.

A year whose notice the library does not hold is only computed from the statutory
holidays and knows no 调休: it is provisional (暂算) until its notice is imported.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version
from itertools import islice

from bot.calendar.holiday_data import OFFICIAL_YEARS, China

Notice = Mapping[date, bool]
"""An official notice imported later: day → worked, with every day off that it names.

A year that it covers (its 1 October is listed) is official, and a day of that year
that it does not list is worked from Monday to Friday.
"""

SOURCE = f"国务院办公厅各年节假日安排通知，取自 python-holidays {version('holidays')}"
WEEKDAYS = "一二三四五六日"
SATURDAY = 5
ONE_DAY = timedelta(days=1)
NO_NOTICE: Notice = {}


@dataclass(frozen=True)
class Workday:
    """A working day, and whether its year is only computed (暂算)."""

    day: date
    provisional: bool


def is_workday(day: date, notice: Notice = NO_NOTICE) -> bool:
    if day in notice:
        return notice[day]
    if _covers(notice, day.year):
        return day.weekday() < SATURDAY
    off, made_up = _library_year(day.year)
    return day in made_up or (day.weekday() < SATURDAY and day not in off)


def is_provisional(year: int, notice: Notice = NO_NOTICE) -> bool:
    """Whether no official notice of that year is known."""
    return year not in OFFICIAL_YEARS and not _covers(notice, year)


def add_workdays(day: date, count: int, notice: Notice = NO_NOTICE) -> Workday:
    """Count to the count-th working day after the day (before it, if negative).

    Zero is the day itself, and ValueError if it is not worked.
    """
    if count == 0:
        if not is_workday(day, notice):
            raise ValueError(f"{day} is no working day")
        return _workday(day, notice)
    step = ONE_DAY if count > 0 else -ONE_DAY
    found = _worked_from(day + step, step, notice)
    return _workday(next(islice(found, abs(count) - 1, None)), notice)


def workdays_between(
    first: date, last: date, notice: Notice = NO_NOTICE
) -> tuple[date, ...]:
    """All working days from the first day to the last, both included."""
    span = range(first.toordinal(), last.toordinal() + 1)
    every = (date.fromordinal(number) for number in span)
    return tuple(day for day in every if is_workday(day, notice))


def days_off(day: date, notice: Notice = NO_NOTICE) -> tuple[date, ...]:
    """List the days off in a row around a day; none if it is worked."""
    found: list[date] = []
    for step in (-ONE_DAY, ONE_DAY):
        at = day
        while not is_workday(at, notice):
            found.append(at)
            at += step
    return tuple(sorted(set(found)))


def made_up_days(first: date, last: date, notice: Notice = NO_NOTICE) -> list[date]:
    """List the weekend days of a stretch that are worked (调休)."""
    worked = workdays_between(first, last, notice)
    return [day for day in worked if day.weekday() >= SATURDAY]


def _worked_from(day: date, step: timedelta, notice: Notice) -> Iterator[date]:
    while True:
        if is_workday(day, notice):
            yield day
        day += step


def _workday(day: date, notice: Notice) -> Workday:
    return Workday(day, is_provisional(day.year, notice))


def _covers(notice: Notice, year: int) -> bool:
    return date(year, 10, 1) in notice


@lru_cache(maxsize=256)
def _library_year(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and made-up working weekends of one year.

    A weekend of December that the next New Year borrows is told with its own year.
    """
    known = China(years=year)
    return frozenset(known), frozenset(known.weekend_workdays)
