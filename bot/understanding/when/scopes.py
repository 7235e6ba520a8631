"""Stretches that are spoken of: 本周, 下个月, 12月, 第一季度, 明年."""

import re
from dataclasses import dataclass
from datetime import date

from bot.calendar.recurrence.points import Point
from bot.calendar.recurrence.stretches import Unit, bounds, number_of
from bot.calendar.say import say_quarter
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.numbers import NUMBER, read_number
from bot.understanding.when.tokens import Rule

YEAR = (
    r"(?:(?:\d{4}|(?<!\d)\d{2}|[〇零一二三四五六七八九]{4}"
    r"|今|明|大?后|去|大?前|本|当)年)"
)
WEEK = r"(?:周|星期|礼拜)"
AHEAD = r"(?:下+(?:一个|个|一)?|上+(?:一个|个|一)?|这一?个?|本|当)"
END = rf"(?:(?P<end>[底末尾])(?:的?前(?P<back>{NUMBER})天)?)"
"""The last day of a stretch, or so many days before it: 月底前一天."""

_YEARS_AHEAD = {
    "今": 0, "本": 0, "当": 0, "明": 1, "后": 2, "大后": 3,
    "去": -1, "前": -2, "大前": -3,
}  # fmt: skip
_UNIT_WORDS: dict[Unit, str] = {
    "week": "周",
    "month": "月",
    "quarter": "季度",
    "year": "年",
}
_YEAR_WORDS = {
    ahead: word for word, ahead in _YEARS_AHEAD.items() if word not in "本当"
}
_AHEAD_WORDS = {-2: "上上", -1: "上", 0: "本", 1: "下", 2: "下下"}
_MONTHS_OF_QUARTER = {"首": 1, "末": 3, "最后": 3}
MONTH_OF_QUARTER = (
    r"(?:第?(?P<month_of>[一二三123首])个?月|(?P<end_month>末月|最后一?个月))"
)


@dataclass(frozen=True)
class YearWord:
    """A year by its number, or so many years from this one."""

    number: int | None
    ahead: int = 0

    def year(self, today: date) -> int:
        return self.number if self.number is not None else today.year + self.ahead


@dataclass(frozen=True)
class Scope:
    """ahead: stretches from the present one. number: which month or quarter of a year.

    With a number but no year, it is that of any year. month_of picks one month of
    a quarter. loose: its end was named loosely (年底).
    """

    unit: Unit
    ahead: int = 0
    number: int | None = None
    year: YearWord | None = None
    month_of: int | None = None
    loose: bool = False

    def spans(self, today: date) -> tuple[tuple[date, date], ...]:
        """Give all that may be meant, in order; only one where it is certain."""
        if self.number is None:
            found = [self._relative(today)]
        else:
            years = self._years(today)
            found = [self._numbered(year) for year in years]
        return tuple(self._narrowed(first, last) for first, last in found)

    def words(self) -> str:
        if self.number is not None:
            return (
                f"{self.number}月" if self.unit == "month" else say_quarter(self.number)
            )
        if self.year is not None:
            ahead = _YEAR_WORDS.get(self.year.ahead, "那")
            return f"{self.year.number or ahead}年"
        word = _AHEAD_WORDS.get(self.ahead, "")
        return word + _UNIT_WORDS[self.unit]

    def _relative(self, today: date) -> tuple[date, date]:
        if self.year is not None:
            return bounds("year", _checked_year(self.year.year(today)))
        return bounds(self.unit, number_of(self.unit, today) + self.ahead)

    def _years(self, today: date) -> tuple[int, ...]:
        if self.year is not None:
            return (_checked_year(self.year.year(today)),)
        return today.year - 1, today.year, today.year + 1

    def _numbered(self, year: int) -> tuple[date, date]:
        a_year = 12 if self.unit == "month" else 4
        if not 1 <= (self.number or 0) <= a_year:
            raise Doubt(f"没有{self.words()}，请再说一次日期。")
        return bounds(self.unit, year * a_year + (self.number or 1) - 1)

    def _narrowed(self, first: date, last: date) -> tuple[date, date]:
        if self.month_of is None:
            return first, last
        return bounds("month", number_of("month", first) + self.month_of - 1)


@dataclass(frozen=True)
class PointDay:
    """A point of a scope; without a scope it is of this month, else of the next."""

    scope: Scope | None
    point: Point


def _checked_year(year: int) -> int:
    if not 1950 <= year <= 2098:
        raise Doubt(f"{year}年太远了，请再核对一下年份。")
    return year


def read_year(text: str | None) -> YearWord | None:
    """Read what YEAR matched; 27年 is 2027年."""
    if text is None:
        return None
    word = text.removesuffix("年")
    if word in _YEARS_AHEAD:
        return YearWord(None, _YEARS_AHEAD[word])
    number = read_number(word)
    return YearWord(number + 2000 if number < 100 else number)


def read_ahead(text: str | None) -> int:
    """Read what AHEAD matched: 下下个 is 2, 上 is -1, 本 is 0."""
    text = text or ""
    return text.count("下") - text.count("上")


def read_month_of(found: re.Match[str]) -> int | None:
    if found["end_month"]:
        return 3
    word = found["month_of"]
    if word is None:
        return None
    return _MONTHS_OF_QUARTER.get(word) or read_number(word)


def _at_end(scope: Scope, found: re.Match[str]) -> Scope | PointDay:
    if not found["end"]:
        return scope
    back = read_number(found["back"]) if found["back"] else 0
    return PointDay(scope, Point("day", (-1 - back,)))


def _month(found: re.Match[str]) -> object:
    number = read_number(found["month"])
    return _at_end(Scope("month", 0, number, read_year(found["year"])), found)


def _relative(unit: Unit) -> Rule:
    word = {"month": "月份?", "quarter": "季度?", "week": WEEK, "year": "年"}[unit]

    def build(found: re.Match[str]) -> object:
        month_of = read_month_of(found) if unit == "quarter" else None
        scope = Scope(unit, read_ahead(found["ahead"]), month_of=month_of)
        return _at_end(scope, found)

    month_of = f"(?:的?{MONTH_OF_QUARTER})?" if unit == "quarter" else ""
    end = f"{END}?" if unit != "week" else "(?P<end>$^)?(?P<back>$^)?"
    return Rule(f"(?P<ahead>{AHEAD}){word}{month_of}{end}", build)


def _quarter(found: re.Match[str]) -> object:
    number = read_number(found["number"]) if found["number"] else None
    month_of = read_month_of(found)
    year = read_year(found["year"])
    return _at_end(Scope("quarter", 0, number, year, month_of), found)


def _year(found: re.Match[str]) -> object:
    loose = bool(found["end"])
    return _at_end(Scope("year", year=read_year(found["year"]), loose=loose), found)


def _this_year(found: re.Match[str]) -> object:
    loose = bool(found["end"])
    return _at_end(Scope("year", year=YearWord(None), loose=loose), found)


RULES = (
    _relative("month"),
    _relative("quarter"),
    _relative("week"),
    Rule(
        rf"(?:(?P<year>{YEAR})的?)?第?(?P<number>[一二三四1-4])季度"
        rf"(?:的?{MONTH_OF_QUARTER})?{END}?",
        _quarter,
    ),
    Rule(
        rf"(?P<year>$^)?(?P<number>$^)?季度(?:的?{MONTH_OF_QUARTER})?{END}",
        _quarter,
    ),
    Rule(
        rf"(?:(?P<year>{YEAR})的?)?(?<!\d)(?P<month>{NUMBER})月份?{END}?",
        _month,
    ),
    Rule(f"月{END}", lambda found: _at_end(Scope("month"), found)),
    Rule(rf"(?P<year>{YEAR})(?:的?年?{END})?", _year),
    Rule(rf"年(?:{END}|(?=(?:之|以)?内))", _this_year),
)
