"""Make the rule of a phrase that recurs, or find what is in doubt about it."""

from dataclasses import replace
from datetime import date, datetime

from bot.calendar.recurrence.points import Point
from bot.calendar.recurrence.rule import Recurrence
from bot.calendar.recurrence.stretches import bounds
from bot.calendar.recurrence.words import write_rule
from bot.understanding.when.clock_times import Defaults, Reading
from bot.understanding.when.days import FestivalDay
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.every import Every
from bot.understanding.when.limits import limited
from bot.understanding.when.moments import default_hour, read_hour
from bot.understanding.when.phrase import Phrase
from bot.understanding.when.scopes import PointDay
from bot.understanding.when.weekdays import WeekdayDay
from bot.understanding.when.when import When

IN_EVERY_MONTH = 28
WORKDAYS_IN_EVERY_MONTH = 15
A_LEAP_YEAR = 2028
_WHICH = {
    "week": "每周的周几？请说“每周一早上8点”这样。",
    "month": "每月的几号？请说“每月5号上午9点”这样。",
    "quarter": "每季度的哪一天？请说“每季度第一个月10号”这样。",
    "year": "每年的几月几日？请说“每年7月1日”这样。",
}
_TWO_DAYS = "您说了两种日子，对不上，请只说一种。"


def recurs(phrase: Phrase) -> bool:
    if phrase.every is not None:
        return True
    only = phrase.days[0] if len(phrase.days) == 1 else None
    return isinstance(only, WeekdayDay) and only.ranged and only.week is None


def place_rule(phrase: Phrase, now: datetime, defaults: Defaults) -> When:
    """Make the rule and its next three moments; Doubt if it is not certain."""
    if phrase.end_clock is not None or phrase.day_range_end is not None:
        raise Doubt("重复的提醒只要开始的钟点，请只说一个钟点。")
    said = read_hour(phrase, defaults)
    reading = said or default_hour(phrase, defaults)
    rule = _moved(_rule(phrase, reading), phrase, reading)
    rule = _bounded(rule, phrase, now, defaults)
    coming = rule.next_three(now, defaults.notice)
    if not coming:
        raise Doubt("按这个说法往后一次也没有，请再核对一下。")
    provisional = rule.rests_on_forecast(coming, defaults.notice)
    echo = write_rule(rule) + ("前" if phrase.deadline else "")
    echo += f"（{reading.assumed}）" if reading.assumed else ""
    return When(
        next=coming,
        recurring=True,
        deadline=phrase.deadline,
        rule=rule,
        echo=echo + ("（暂算）" if provisional else ""),
        date_only=said is None,
        assumed=(reading.assumed,) if reading.assumed else (),
        provisional=provisional,
    )


def _rule(phrase: Phrase, reading: Reading) -> Recurrence:
    every = phrase.every or Every("week")
    if every.doubt is not None:
        raise Doubt(every.doubt)
    if every.interval < 1 or every.interval > 60:
        raise Doubt("这个间隔我排不了，请换个说法。")
    if len(phrase.days) > 1:
        raise Doubt(_TWO_DAYS)
    plain = Recurrence("daily", reading.at, interval=every.interval)
    if every.unit in {"day", "workday"}:
        if phrase.days:
            raise Doubt(_TWO_DAYS)
        return plain if every.unit == "day" else replace(plain, kind="workdays")
    if every.unit == "week":
        return _weekly(plain, every, phrase)
    if every.unit == "year":
        return _yearly(plain, phrase)
    return _monthly(plain, every, phrase)


def _weekly(plain: Recurrence, every: Every, phrase: Phrase) -> Recurrence:
    weekly = replace(plain, kind="weekly", weekdays=every.weekdays)
    if not phrase.days and every.weekdays:
        return weekly
    if every.weekdays:
        raise Doubt(_TWO_DAYS)
    day = phrase.days[0] if phrase.days else None
    if isinstance(day, WeekdayDay) and day.week is None:
        return replace(weekly, weekdays=day.days)
    if isinstance(day, PointDay) and day.scope is None and day.point.of == "workday":
        return replace(weekly, point=day.point)
    raise Doubt(_WHICH["week"])


def _monthly(plain: Recurrence, every: Every, phrase: Phrase) -> Recurrence:
    point = every.point
    day = phrase.days[0] if phrase.days else None
    if isinstance(day, PointDay) and day.scope is None and point is None:
        point, day = day.point, None
    if point is None or day is not None:
        raise Doubt(_TWO_DAYS if point else _WHICH[every.unit])
    if every.unit == "month":
        _check_point(point)
        return replace(plain, kind="monthly", point=point)
    if (
        every.month_of is None
        and point.of == "day"
        and point.numbers not in {(1,), (-1,)}
    ):
        raise Doubt(_WHICH["quarter"])
    _check_point(point)
    return replace(plain, kind="quarterly", point=point, month=every.month_of)


def _yearly(plain: Recurrence, phrase: Phrase) -> Recurrence:
    day = phrase.days[0] if phrase.days else None
    if isinstance(day, FestivalDay) and day.year is None:
        return replace(plain, kind="yearly", festival=day.key)
    scope = day.scope if isinstance(day, PointDay) else None
    if not isinstance(day, PointDay) or scope is None or scope.number is None:
        raise Doubt(_WHICH["year"])
    if scope.unit != "month" or scope.year is not None:
        raise Doubt(_WHICH["year"])
    if not 1 <= scope.number <= 12:
        raise Doubt(f"没有{scope.number}月，请再说一次日期。")
    first, last = bounds("month", A_LEAP_YEAR * 12 + scope.number - 1)
    if len(day.point.dates(first, last)) < len(day.point.numbers):
        raise Doubt(f"{scope.number}月没有{day.point.words()}，请再核对一下日期。")
    if scope.number == 2 and 29 in day.point.numbers and day.point.of == "day":
        raise Doubt("2月29日不是每年都有，请改成“每年2月最后一天”或别的日子。")
    return replace(plain, kind="yearly", month=scope.number, point=day.point)


def _check_point(point: Point) -> None:
    """Ask back where some months have no such day."""
    high, low = max(point.numbers), min(point.numbers)
    if high > 31 or low == 0:
        raise Doubt(f"没有{point.words()}，请再核对一下日期。")
    most = {"day": IN_EVERY_MONTH, "workday": WORKDAYS_IN_EVERY_MONTH, "weekday": 4}
    if high > most[point.of]:
        raise Doubt(
            f"不是每个月都有{point.words()}，没有的月份怎么办？"
            "可以改成“每月最后一天”，或28号及以前的日子。"
        )


def _moved(rule: Recurrence, phrase: Phrase, reading: Reading) -> Recurrence:
    days = sum(move.distance.days for move in phrase.moves)
    workdays = sum(move.distance.workdays for move in phrase.moves)
    others = any(move.distance.minutes or move.distance.months for move in phrase.moves)
    late = int(reading.next_day and rule.kind != "daily")
    if others or (workdays and (days or late)) or (phrase.moves and rule.interval > 1):
        raise Doubt("重复的提醒只能提前或推后几天，请直接说日子和钟点。")
    if workdays:
        return replace(rule, shift=workdays, shift_workdays=True)
    return replace(rule, shift=days + late)


def _bounded(
    rule: Recurrence, phrase: Phrase, now: datetime, defaults: Defaults
) -> Recurrence:
    rule = limited(rule, phrase, now.date(), defaults.notice)
    if rule.interval == 1:
        return rule
    return _anchored(rule, now, defaults)


def _anchored(rule: Recurrence, now: datetime, defaults: Defaults) -> Recurrence:
    """Count the interval from the first day that comes."""
    first = replace(rule, interval=1).next_after(now, defaults.notice)
    anchor: date | None = first.date() if first else None
    return replace(rule, anchor=anchor)
