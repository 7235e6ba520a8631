"""Days of the week: 周三, 下下周一, 每周一三五, 周一到周五."""

import re
from dataclasses import dataclass
from datetime import date

from bot.calendar.recurrence.stretches import bounds, number_of
from bot.calendar.workdays import WEEKDAYS
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.every import Every
from bot.understanding.when.numbers import NUMBER, read_number
from bot.understanding.when.scopes import AHEAD, WEEK, read_ahead
from bot.understanding.when.tokens import Rule

# what makes a sign no weekday: 每周三次, 下周一定, 本周一个人
_NOT_DAY = (
    r"(?!次(?!日)|遍|篇|件|个|方面|分钟|回(?![复报执收访顾去来家])|场(?![地馆所景])"
    r"|条(?!件)|份(?!额)|题(?![目库])|名(?![单额誉])|位(?![置于])|项(?!目)"
    r"|期(?![间末中待望])|支(?![部委书援教持])|讲(?![话座课解])|(?<=[二三四五六])天(?!天)"
    r"|(?<=一)[般样直定致切些共旦同边律概起课])"
)
# and a further sign none: 周一三点, 周二二十点, 周五六月
_NOT_NEXT = r"(?!(?:[一二三四五]?十)?[一二三四五六七八九]?[点时刻:号月])"
_SIGN = rf"(?:[一二三四五六日天]{_NOT_DAY}|[1-7](?![\d点时:.月日号个次人名分/天]))"
_SEPARATOR = rf"(?:(?:[、,，和与及跟]|以及)(?:{WEEK})?)"
_TO = rf"[到至~-](?:{WEEK})?"
_DAYS = (
    rf"(?P<days>{_SIGN}(?:{_TO}{_SIGN}{_NOT_NEXT}|{_SEPARATOR}{_SIGN}{_NOT_NEXT}"
    rf"|[一二三四五六日天]{_NOT_DAY}{_NOT_NEXT})*)"
)
_EVERY = (
    rf"(?P<odd>每?[单双]|每隔(?!一个?{WEEK}){NUMBER}个?)|(?P<gap>每隔一个?|隔)"
    rf"|每(?:个|逢|一个?)?(?={WEEK})"
    rf"|逢|每(?P<weeks>{NUMBER})个?"
)

_SIGNS = {"天": 6, **{sign: day for day, sign in enumerate(WEEKDAYS)}}
_PIECE = re.compile(rf"([到至~-])?(?:{WEEK})?([一二三四五六日天1-7])")


@dataclass(frozen=True)
class WeekdayDay:
    """Days of one week; without a week, of the one that comes.

    ranged: from one day to another, as in 周一到周五.
    """

    days: tuple[int, ...]
    week: int | None = None
    ranged: bool = False

    def choices(self, today: date) -> tuple[date, ...]:
        """Days that its first weekday may mean, in order."""
        week = number_of("week", today)
        ahead = range(-1, 3) if self.week is None else (self.week,)
        mondays = (bounds("week", week + number)[0] for number in ahead)
        return tuple(
            date.fromordinal(monday.toordinal() + self.days[0]) for monday in mondays
        )


def read_days(text: str) -> tuple[tuple[int, ...], bool]:
    """Read 一三五, 一、三, 一到五; and whether a range is in it."""
    days: list[int] = []
    ranged = False
    for found in _PIECE.finditer(text):
        sign = found[2]
        day = int(sign) - 1 if sign.isascii() else _SIGNS[sign]
        if found[1] and days:
            ranged = True
            if day <= days[-1]:
                raise Doubt("这几天的先后我没看懂，请直接说是周几，例如“每周一三五”。")
            days += range(days[-1] + 1, day)
        days.append(day)
    return tuple(dict.fromkeys(days)), ranged


def _weekday(found: re.Match[str]) -> object:
    days, ranged = read_days(found["days"])
    week = read_ahead(found["ahead"]) if found["ahead"] else None
    return WeekdayDay(days, week, ranged)


def _every(found: re.Match[str]) -> object:
    if found["odd"]:
        return Every("week", doubt="单双周、每隔几周容易弄错，请说“每两周的周几”。")
    days = read_days(found["days"])[0] if found["days"] else ()
    interval = 2 if found["gap"] else read_number(found["weeks"] or "1")
    return Every("week", interval, days)


def _no_weekday(found: re.Match[str]) -> object:
    raise Doubt(f"没有“{found[0]}”，一周是周一到周日，请再说一次。")


RULES = (
    Rule(rf"(?<=[从自])(?P<ahead>{AHEAD})?{WEEK}(?P<days>一)(?=起)", _weekday),
    Rule(rf"(?:{_EVERY}){WEEK}的?(?:{WEEK})?{_DAYS}", _every),
    Rule(rf"(?:{_EVERY}){WEEK}(?P<days>$^)?(?!工作日)", _every),
    Rule(rf"(?P<ahead>{AHEAD})?{WEEK}{_DAYS}", _weekday),
    Rule(
        rf"(?:{AHEAD}|每)?{WEEK}(?:[七八九]|[089](?!\d|点|:))(?!点|:)",
        _no_weekday,
    ),
)
