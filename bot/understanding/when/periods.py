"""Stretches that a question is about: 昨天, 上周三, 本月, 去年下半年, 最近7天."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot.calendar.recurrence.stretches import add_months, bounds, number_of
from bot.calendar.say import say_whole_day
from bot.calendar.workdays import NO_NOTICE
from bot.understanding.when.choices import Choices, choices
from bot.understanding.when.distances import After
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.numbers import NUMBER, read_number
from bot.understanding.when.phrase import Day, Phrase
from bot.understanding.when.phrases import read_phrases
from bot.understanding.when.scopes import YEAR, PointDay, Scope, read_ahead, read_year
from bot.understanding.when.weekdays import WeekdayDay
from bot.understanding.when.when import Period
from bot.understanding.when.words import Words, clean

Looking = Literal["past", "future"]
Days = tuple[date, date]

MONTHS_OF_UNIT = {"月": 1, "季度": 3, "年": 12}
DAYS_OF_UNIT = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}
FARTHEST = 1200

_LAST = re.compile(
    rf"(?:最近|过去|近)的?这?(?P<count>{NUMBER}|半)?个?"
    r"(?P<unit>天|日|周|星期|礼拜|季度|月|年)(?!前|后)"
)
_MAY_BE_LONG = re.compile("[天日周星礼季月年双]")
"""What every unit of a stretch begins with, and its names; most texts have none."""
_HALF_YEAR = re.compile(rf"(?P<year>{YEAR})?的?(?P<half>[上下])半年")
_WEEKEND = re.compile(
    r"(?P<ahead>上+个?|下+个?|这个?|本)?(?:周末|双休日?|星期末|礼拜末)"
)


@dataclass(frozen=True)
class _Seen:
    """How a stretch that is not certain is read: as past, or as to come."""

    today: date
    looking: Looking

    def day(self, day: Day) -> date:
        return self._one(choices(day, self.today, NO_NOTICE))

    def scope(self, scope: Scope) -> Days:
        spans = scope.spans(self.today)
        if len(spans) == 1:
            return spans[0]
        if self.looking == "past":
            return [span for span in spans if span[0] <= self.today][-1]
        return next(span for span in spans if span[1] >= self.today)

    def _one(self, found: Choices) -> date:
        if self.looking == "past":
            return found.latest(self.today)
        return found.coming(self.today)


def find_period(text: str, now: datetime, looking: Looking = "past") -> Period | None:
    """Find the first stretch of whole days in a text; None if there is none.

    looking: how 周三, 5号 or 3月 without a year is meant.
    """
    words = clean(text)
    seen = _Seen(now.date(), looking)
    long = (_last, _half_year, _weekend) if _MAY_BE_LONG.search(words.text) else ()
    for find in (*long, _spoken):
        found = find(words, seen)
        if found is not None:
            (first, last), (start, end) = found
            return _period(first, last, now, words.span(start, end))
    return None


Found = tuple[Days, tuple[int, int]] | None


def _period(first: date, last: date, now: datetime, span: tuple[int, int]) -> Period:
    start = datetime(first.year, first.month, first.day, tzinfo=now.tzinfo)
    after = last + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=now.tzinfo)
    echo = (
        say_whole_day(first)
        if first == last
        else f"{say_whole_day(first)}至{say_whole_day(last)}"
    )
    return Period(start, end, span, echo)


def _last(words: Words, seen: _Seen) -> Found:
    """最近7天 ends today and counts it; 近一个月 begins the day after a month ago."""
    found = _LAST.search(words.text)
    if found is None or found["count"] == "半":
        return None
    count = min(read_number(found["count"] or "1"), FARTHEST)
    unit = found["unit"]
    if unit in DAYS_OF_UNIT:
        before = seen.today - timedelta(days=count * DAYS_OF_UNIT[unit])
    else:
        before = add_months(seen.today, -count * MONTHS_OF_UNIT[unit])
    return (before + timedelta(days=1), seen.today), found.span()


def _half_year(words: Words, seen: _Seen) -> Found:
    found = _HALF_YEAR.search(words.text)
    if found is None:
        return None
    said = read_year(found["year"])
    year = said.year(seen.today) if said else seen.today.year
    if found["half"] == "上":
        return (date(year, 1, 1), date(year, 6, 30)), found.span()
    return (date(year, 7, 1), date(year, 12, 31)), found.span()


def _weekend(words: Words, seen: _Seen) -> Found:
    found = _WEEKEND.search(words.text)
    if found is None:
        return None
    ahead = read_ahead(found["ahead"])
    if not found["ahead"] and seen.looking == "past" and seen.today.weekday() < 5:
        ahead = -1
    sunday = bounds("week", number_of("week", seen.today) + ahead)[1]
    return (sunday - timedelta(days=1), sunday), found.span()


def _spoken(words: Words, seen: _Seen) -> Found:
    for phrase in read_phrases(words):
        if phrase.every or phrase.doubt or not (phrase.days or phrase.scope):
            continue
        try:
            return _stretch(phrase, seen), (phrase.start, phrase.end)
        except Doubt:
            continue
    return None


def _stretch(phrase: Phrase, seen: _Seen) -> Days:
    if phrase.scope is not None:
        first, last = seen.scope(phrase.scope)
        if phrase.scope_range_end is not None:
            spans = phrase.scope_range_end.spans(seen.today)
            last = _after(first, [span[1] for span in spans if span[0] >= first])
        return first, last
    day = phrase.days[0]
    if isinstance(day, After) and day.distance.minutes:
        raise Doubt("这不是一整天。")
    if isinstance(day, WeekdayDay) and len(day.days) > 1:
        first = seen.day(WeekdayDay(day.days[:1], day.week))
        return first, first + timedelta(days=day.days[-1] - day.days[0])
    first = seen.day(day)
    for move in phrase.moves:
        first = move.distance.from_day(first, NO_NOTICE)
    if phrase.day_range_end is None:
        return first, first
    return first, _range_end(first, day, phrase.day_range_end, seen)


def _range_end(first: date, start: Day, end: Day, seen: _Seen) -> date:
    """Take the end of the range that follows its start: 3月1日到15日 is one month."""
    if isinstance(start, PointDay) and isinstance(end, PointDay) and end.scope is None:
        end = PointDay(start.scope, end.point)
    found = choices(end, seen.today, NO_NOTICE).days
    return _after(first, [day for day in found if day >= first])


def _after(first: date, found: list[date]) -> date:
    if not found:
        raise Doubt("结束早于开始。")
    return found[0]
