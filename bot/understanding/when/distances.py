"""Distances: 三天后, 半小时后, 一周内; and 前三天, 后第一个工作日 from a day."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.calendar.recurrence.stretches import add_months
from bot.calendar.workdays import Notice, add_workdays
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.numbers import NUMBER, read_number
from bot.understanding.when.tokens import Rule

FARTHEST = 60 * 365
"""In days."""

_UNITS = {
    "分钟": "minutes", "分": "minutes", "刻钟": "quarters", "小时": "hours",
    "钟头": "hours", "天": "days", "日": "days", "周": "weeks", "星期": "weeks",
    "礼拜": "weeks", "月": "months", "季度": "seasons", "年": "years",
    "工作日": "workdays",
}  # fmt: skip
_MINUTES = {"minutes": 1, "quarters": 15, "hours": 60}
_DAYS = {"days": 1, "weeks": 7}
_MONTHS = {"months": 1, "seasons": 3, "years": 12}
ABOUT = re.compile(r"[一二两三四五六七八九](?<!\d)[二三四五六七八九]")
"""两三天, 三五个月: about so many, and not 23 or 35."""
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))


@dataclass(frozen=True)
class Distance:
    """How far, backwards where negative."""

    minutes: int = 0
    days: int = 0
    months: int = 0
    workdays: int = 0

    def from_day(self, day: date, notice: Notice) -> date:
        if self.workdays:
            return add_workdays(day, self.workdays, notice).day
        return add_months(day, self.months) + timedelta(days=self.days)

    def from_moment(self, moment: datetime, notice: Notice) -> datetime:
        day = self.from_day(moment.date(), notice)
        on_day = datetime.combine(day, moment.timetz())
        return on_day + timedelta(minutes=self.minutes)

    def backwards(self) -> bool:
        return min(self.minutes, self.days, self.months, self.workdays) < 0


@dataclass(frozen=True)
class After:
    """A distance from now. within: at the latest then (三天内)."""

    distance: Distance
    words: str = ""
    within: bool = False


@dataclass(frozen=True)
class Move:
    """A distance from the day or moment just named; words: as it was said."""

    distance: Distance
    words: str
    loose: bool = False


def _both(found: re.Match[str]) -> object:
    """Read 一个月零三天后, 两小时零十分钟后."""
    one, other = (
        _distance(found[f"number{each}"], found[f"unit{each}"], half=False, sign=1)
        for each in ("_one", "_other")
    )
    if one.workdays or other.workdays:
        raise Doubt("工作日和天数请不要一起说，请说具体的日期。")
    whole = Distance(
        minutes=one.minutes + other.minutes,
        days=one.days + other.days,
        months=one.months + other.months,
    )
    return After(whole, found[0])


def _distance(number: str, unit: str, *, half: bool, sign: int) -> Distance:
    if ABOUT.fullmatch(number):
        raise Doubt(f"“{number}{unit}”是几{unit}？请说准确的数，或者直接说日期。")
    name = _UNITS[unit]
    count = 0 if number == "半" else read_number(number)
    if count * _days_in(name) > FARTHEST:
        raise Doubt("这个时间太远了，请说具体的日期。")
    halves = (2 * count + (number == "半") + half) * sign
    if name in _MINUTES:
        return Distance(minutes=halves * _MINUTES[name] // 2)
    if name in _MONTHS and halves * _MONTHS[name] % 2 == 0:
        return Distance(months=halves * _MONTHS[name] // 2)
    if halves % 2:
        raise Doubt(f"“半{unit}”有几种算法，请说具体的天数或日期。")
    if name == "workdays":
        return Distance(workdays=halves // 2)
    return Distance(days=halves // 2 * _DAYS[name])


def _days_in(unit: str) -> float:
    if unit in _MINUTES:
        return _MINUTES[unit] / 1440
    return _MONTHS.get(unit, 0) * 30.5 or _DAYS.get(unit, 1.5)


def _after(found: re.Match[str]) -> object:
    sign = -1 if found["way"].endswith("前") else 1
    unit = found["unit"]
    if unit == "日" and found["number"].isascii() and sign > 0:
        raise Doubt(
            f"“{found[0]}”是{found['number']}天之后，还是{found['number']}号之后？"
        )
    half = bool(found["half"] or found["half_after"])
    distance = _distance(found["number"], unit, half=half, sign=sign)
    if found["more"]:
        minutes = distance.minutes + sign * read_number(found["more"])
        distance = Distance(minutes=minutes)
    return After(distance, found[0], within=found["way"].endswith("内"))


def _workday_move(found: re.Match[str]) -> object:
    sign = -1 if found["way"] == "前" else 1
    return Move(Distance(workdays=sign), found[0])


def _move(found: re.Match[str]) -> object:
    sign = -1 if found["way"].endswith("前") else 1
    distance = _distance(found["number"], found["unit"], half=False, sign=sign)
    return Move(distance, found[0], loose=found["way"] == "提前")


_NUMBER = rf"(?P<number>{NUMBER}|半)"

_EVE = {"前一": "前一晚"}

RULES = (
    Rule(
        rf"(?:再?过)?(?P<number_one>{NUMBER})个?(?P<unit_one>{_UNIT})(?<!(?<!个)月)"
        rf"[零又]?(?P<number_other>{NUMBER})个?(?!日)(?P<unit_other>{_UNIT})"
        r"(?:的?时间)?(?:之|以|过)?后(?![天日儿]|续|勤)",
        _both,
    ),
    Rule(
        rf"(?:再?过)?{_NUMBER}(?P<counter>个)?(?P<half>半)?(?P<unit>{_UNIT})"
        rf"(?P<half_after>半)?零?(?:(?P<more>{NUMBER})分钟?)?(?:的?时间)?"
        r"(?P<way>(?:之|以|过)?后(?![天日儿]|续|勤)|(?:之|以)?内(?!容|部)|(?:之|以)?前(?!台|往))"
        r"(?<!(?<!个)月[后前内])(?<!(?<!个)月[之以][后前内])",
        _after,
    ),
    Rule(
        rf"再?过{_NUMBER}(?P<counter>个)?(?P<half>半)?(?P<unit>{_UNIT})"
        rf"(?P<half_after>半)?(?:(?P<more>{NUMBER})分钟?)?(?P<way>)(?!后|之后|以后)",
        _after,
    ),
    Rule(
        r"(?:放假|假期|长假|小长假)?的?(?:之|以)?(?P<way>后)的?"
        r"(?:第?一个?|首个?|下一?个?)(?:工作日|上班日)",
        _workday_move,
    ),
    Rule(
        r"(?:放假|假期|长假|小长假)?的?(?:之|以)?(?P<way>后)的?"
        r"(?:上班(?:的)?第一天|第一天上班|第一个上班日)",
        _workday_move,
    ),
    Rule(
        r"(?:放假|假期|长假|小长假)?的?(?:之|以)?(?P<way>前)的?(?:最后)?一个?工作日",
        _workday_move,
    ),
    Rule(
        rf"的?(?:之|以)?(?P<way>提前|前|后)的?第?(?P<number>{NUMBER}|半)个?(?P<unit>{_UNIT})"
        r"(?!前|后|内)",
        _move,
    ),
    Rule(
        r"的?(?P<day>头一?天|前一(?=[晚夜]))",
        lambda found: Move(Distance(days=-1), _EVE.get(found["day"], found[0])),
    ),
    Rule(
        r"的?(?:第二天|次日|隔天|转天)",
        lambda found: Move(Distance(days=1), found[0]),
    ),
)
