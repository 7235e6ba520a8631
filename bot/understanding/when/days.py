"""Single days: 明天, 12月3号, 中秋节, 农历八月十五, 下个工作日."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.calendar.recurrence.festivals import NAMES, lunar_key
from bot.calendar.recurrence.points import Of, Point
from bot.calendar.workdays import WEEKDAYS
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.numbers import NUMBER, read_number
from bot.understanding.when.scopes import (
    WEEK,
    YEAR,
    PointDay,
    Scope,
    YearWord,
    read_year,
)
from bot.understanding.when.tokens import Rule

_NAME = "|".join(sorted(map(re.escape, NAMES), key=len, reverse=True))
_DAY_WORDS = {"今": 0, "明": 1, "后": 2, "昨": -1, "前": -2}
_NO_DAY_AFTER = (
    r"(?!楼|会议|教室|线|桌|文|馆|房|门|厅|车|院|食堂|机|令|通知|实训|报告|程|常|记|子)"
)
_PART_FOLLOWS = r"(?=上午|下午|早|晚|中午|凌晨|傍晚|\d{1,2}[:点])"
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12, "大年": 1}


_FEAST = "二月二|三月三|五月五|六月六|七月七|七月十五|八月十五|九月九"
"""Days that are feasts of the lunar year, and may be of the other."""


@dataclass(frozen=True)
class DayWord:
    """So many days from today."""

    ahead: int

    def day(self, today: date) -> date:
        return today + timedelta(days=self.ahead)


@dataclass(frozen=True)
class FestivalDay:
    """The next day of that name, or that of a year."""

    key: str
    year: YearWord | None = None


@dataclass(frozen=True)
class WorkdayAhead:
    """The next working day, or the one after it."""

    count: int


def _written(found: re.Match[str]) -> object:
    year = YearWord(int(found["year"]))
    scope = Scope("month", 0, int(found["month"]), year)
    return PointDay(scope, Point("day", (int(found["day"]),)))


def _month_day(found: re.Match[str]) -> object:
    year = read_year(found["year"])
    scope = Scope("month", 0, read_number(found["month"]), year)
    return PointDay(scope, Point("day", (read_number(found["day"]),)))


def _bare_month_day(found: re.Match[str]) -> object:
    scope = Scope("month", 0, int(found["month"]))
    return PointDay(scope, Point("day", (int(found["day"]),)))


def _lunar(found: re.Match[str]) -> object:
    word = found["month"]
    month = _LUNAR_MONTHS.get(word) or read_number(word)
    day = read_number(found["day"].removeprefix("初"))
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise Doubt(f"没有农历{month}月{day}日，请再核对一下日期。")
    return FestivalDay(lunar_key(month, day), read_year(found["year"]))


def _either_calendar(found: re.Match[str]) -> object:
    said = found["said"]
    day = f"{read_number(found['month'])}月{read_number(found['day'])}日"
    raise Doubt(f"“{said}”是农历{said}，还是{day}？请说清哪一个，例如“农历{said}”。")


def _festival(found: re.Match[str]) -> object:
    return FestivalDay(NAMES[found["name"]], read_year(found["year"]))


def _word(found: re.Match[str]) -> object:
    step = _DAY_WORDS[found["word"]]
    more = len(found["more"] or "")
    return DayWord(step + more if step > 0 else step - more)


def _numbers(found: re.Match[str]) -> object:
    numbers = re.findall(NUMBER, found["numbers"])
    return PointDay(None, Point("day", tuple(map(read_number, numbers))))


def _nth(of: Of) -> Rule:
    unit = {
        "day": "天",
        "workday": "个?工作日",
        "weekday": f"个?{WEEK}(?P<sign>[一二三四五六日天])",
    }[of]

    def build(found: re.Match[str]) -> object:
        number = read_number(found["nth"]) if found["nth"] else 1
        number = -number if found["back"] or found["last"] else number
        sign = found["sign"] if of == "weekday" else "一"
        weekday = WEEKDAYS.index("日" if sign == "天" else sign)
        return PointDay(None, Point(of, (number,), weekday))

    return Rule(
        rf"(?:(?P<last>最后一?|最末一?)|首|(?P<back>倒数)?第(?P<nth>{NUMBER})){unit}",
        build,
    )


RULES = (
    Rule(
        r"(?<!\d)(?P<year>\d{4})[-/.年](?P<month>\d{1,2})(?:[-/.月])"
        r"(?P<day>\d{1,2})(?:[日号]|(?!\d))",
        _written,
    ),
    Rule(r"(?<!\d)(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)", _written),
    Rule(
        rf"(?:(?P<year>{YEAR})的?)?(?:(?:农历|阴历|旧历)(?P<month>[正冬腊]|{NUMBER})月"
        rf"(?P<day>初?{NUMBER})[日号]?)",
        _lunar,
    ),
    Rule(
        rf"(?:(?P<year>{YEAR})的?)?(?P<month>[正冬腊])月(?P<day>初?{NUMBER})[日号]?",
        _lunar,
    ),
    Rule(
        rf"(?:(?P<year>{YEAR})的?)?(?P<month>{NUMBER})月(?P<day>初{NUMBER})",
        _lunar,
    ),
    Rule(
        rf"(?:(?P<year>{YEAR})的?)?(?P<month>大年)(?P<day>初{NUMBER})",
        _lunar,
    ),
    Rule(
        rf"(?<![历一二三四五六七八九十])(?P<said>(?=(?:{_FEAST})(?!十))"
        r"(?P<month>[二三五六七八九])月(?P<day>[二三五六七九]|十五))"
        r"(?![日号初\d一二三四五六七八九十个天年])",
        _either_calendar,
    ),
    Rule(
        rf"(?:(?P<year>{YEAR})的?)?(?<!\d)(?P<month>{NUMBER})月份?的?(?P<day>{NUMBER})"
        rf"(?:日|号{_NO_DAY_AFTER}|{_PART_FOLLOWS})",
        _month_day,
    ),
    Rule(
        r"(?<![\d/.])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d/]|的?(?:党员|人|以上|多数))",
        _bare_month_day,
    ),
    Rule(
        r"(?<![\d.])(?P<month>\d{1,2})\.(?P<day>\d{1,2})(?:[日号]|(?= \d{1,2}[:点])"
        rf"|{_PART_FOLLOWS})",
        _bare_month_day,
    ),
    Rule(
        r"(?<![\d-])(?P<month>\d{1,2})-(?P<day>\d{1,2})"
        rf"(?:(?= ?\d{{1,2}}:)|{_PART_FOLLOWS})",
        _bare_month_day,
    ),
    Rule(
        rf"(?:(?P<year>{YEAR})的?)?(?<![一二三四五六七八九十周期拜\d])(?P<name>{_NAME})"
        r"(?![月日号个点时分:周]|[一二三四五六七八九]*[点月号])节?",
        _festival,
    ),
    Rule(
        r"(?P<more>大+(?=[后前]))?"
        r"(?P<word>(?<![目以之会课饭])[后前]|(?<![证文光声阐申说])明|[今昨])"
        r"(?:儿个|[天日儿]|(?<![后前])(?=[早晚晨夜]))",
        _word,
    ),
    Rule(r"下下个工作日", lambda found: WorkdayAhead(2)),
    Rule(r"下一?个?工作日", lambda found: WorkdayAhead(1)),
    _nth("weekday"),
    _nth("workday"),
    _nth("day"),
    Rule(
        rf"(?<![第\d])(?P<numbers>{NUMBER}(?:[日号]?[、,，和与及]{NUMBER}){{0,30}})[号日]"
        rf"{_NO_DAY_AFTER}",
        _numbers,
    ),
)
