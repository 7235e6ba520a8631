"""Which dates a day may mean, seen from today."""

from dataclasses import dataclass
from datetime import date

from bot.calendar.recurrence.festivals import festival_dates
from bot.calendar.workdays import Notice, add_workdays
from bot.understanding.when.days import DayWord, FestivalDay, WorkdayAhead
from bot.understanding.when.distances import After
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.phrase import Day
from bot.understanding.when.scopes import PointDay, Scope
from bot.understanding.when.weekdays import WeekdayDay

NO_POINT = "一次只能定一个日子，请一个一个地说；若是每月都有，请说“每月5号和20号”。"
_EVERY_WEEK = "是每周都这样，还是只有这一周？每周请说“每周一三五”。"
_WHOSE_POINT = "请说是哪个月的，例如“每月最后一个工作日”或“本月最后一个工作日”。"


@dataclass(frozen=True)
class Choices:
    """Dates in order. rolls: the text leaves open which of them; else there is one."""

    days: tuple[date, ...]
    rolls: bool

    def coming(self, today: date) -> date:
        """Take the only one, or the first that is not past."""
        ahead = (day for day in self.days if not self.rolls or day >= today)
        return _one(next(ahead, None))

    def latest(self, today: date) -> date:
        """Take the only one, or the last that is not to come."""
        past = [day for day in self.days if not self.rolls or day <= today]
        return _one(past[-1] if past else None)


def choices(day: Day, today: date, notice: Notice) -> Choices:
    if isinstance(day, DayWord):
        return Choices((day.day(today),), rolls=False)
    if isinstance(day, WorkdayAhead):
        return Choices((add_workdays(today, day.count, notice).day,), rolls=False)
    if isinstance(day, After):
        return Choices((day.distance.from_day(today, notice),), rolls=False)
    if isinstance(day, WeekdayDay):
        if len(day.days) > 1:
            raise Doubt(_EVERY_WEEK)
        return Choices(day.choices(today), rolls=day.week is None)
    if isinstance(day, FestivalDay):
        return _festival(day, today)
    return _point(day, today, notice)


def is_rolling_year(day: Day) -> bool:
    """12月3日 without a year."""
    if not isinstance(day, PointDay) or day.scope is None:
        return False
    return day.scope.number is not None and day.scope.year is None


def _festival(day: FestivalDay, today: date) -> Choices:
    if day.year is not None:
        found = festival_dates(day.key, day.year.year(today))
        return Choices(found, rolls=len(found) > 1)
    years = range(today.year - 1, today.year + 3)
    found = tuple(one for year in years for one in festival_dates(day.key, year))
    return Choices(found, rolls=True)


def _point(day: PointDay, today: date, notice: Notice) -> Choices:
    if len(day.point.numbers) > 1:
        raise Doubt(NO_POINT)
    scope = day.scope
    if scope is None:
        if day.point.of != "day" or day.point.numbers[0] < 0:
            raise Doubt(_WHOSE_POINT)
        months = (Scope("month", ahead) for ahead in (-1, 0, 1))
        spans = tuple(month.spans(today)[0] for month in months)
    else:
        spans = scope.spans(today)
    found: list[date] = []
    for first, last in spans:
        here = day.point.dates(first, last, notice)
        found += here
        reached = bool(found) and found[-1] >= today
        if not here and (len(spans) == 1 or (last >= today and not reached)):
            raise Doubt(_lacks(day, first))
    return Choices(tuple(found), rolls=len(spans) > 1)


def _lacks(day: PointDay, first: date) -> str:
    if day.scope is not None and day.scope.unit != "month":
        return f"{day.scope.words()}没有{day.point.words()}，请再核对一下。"
    return f"{first.year}年{first.month}月没有{day.point.words()}，请再核对一下日期。"


def _one(day: date | None) -> date:
    if day is None:
        raise Doubt("这一天我推算不出来，请直接说几月几日。")
    return day
