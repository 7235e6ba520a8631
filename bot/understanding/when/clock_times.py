"""Times of day: 早上8点半, 15:00, 下午三点一刻, 今晚12点, and parts of the day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType

from bot.calendar.workdays import NO_NOTICE, Notice
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.numbers import NUMBER, read_number
from bot.understanding.when.tokens import Rule

_WORDS = {
    "凌晨": "凌晨零晨",
    "早上": "一大清早 一大早 大早上 大清早 大早 清晨 清早 早晨 早上 早间 一早 早 晨",
    "上午": "上午 午前",
    "中午": "中午 正午 晌午 午间",
    "下午": "下午 午后",
    "傍晚": "傍晚 黄昏",
    "晚上": "晚上 晚间 夜晚 晚",
    "半夜": "夜里 半夜 深夜 夜间 午夜 子夜 夜",
    "下班": "下班",
    "上班": "上班",
}
"""The parts of the day, and the words for each."""

_PARTS = {word: part for part, words in _WORDS.items() for word in words.split()}
_PARTS |= {"凌晨": "凌晨", "零晨": "凌晨"}

# hours as they are said in each part → the hour of 24
_HOURS = {
    "凌晨": {12: 0, **{hour: hour for hour in range(7)}},
    "早上": {hour: hour for hour in range(4, 12)},
    "上午": {hour: hour for hour in range(6, 13)},
    "中午": {1: 13, 2: 14, 11: 11, 12: 12, 13: 13, 14: 14},
    "下午": {12: 12, **{hour: hour + 12 for hour in range(1, 9)}}
    | {hour: hour for hour in range(13, 20)},
    "傍晚": {hour: hour + 12 for hour in range(4, 9)}
    | {hour: hour for hour in range(16, 21)},
    "晚上": {0: 24, 12: 24, 24: 24, **{hour: hour + 12 for hour in range(5, 12)}}
    | {hour: hour for hour in range(17, 24)},
    "半夜": {0: 24, 12: 24, 24: 24, **{hour: hour for hour in range(1, 6)}}
    | {hour: hour + 12 for hour in range(7, 12)}
    | {hour: hour for hour in range(19, 24)},
}


@dataclass(frozen=True)
class Defaults:
    """How the branch reads what is not said: each use is named in the echo.

    parts: the hour of a part of the day without an hour. plain: of a day without
    either. deadline: of a deadline without either. notice: an imported calendar.
    """

    parts: Mapping[str, time] = field(
        default_factory=lambda: MappingProxyType(
            {
                "早上": time(8),
                "上午": time(9),
                "中午": time(12),
                "下午": time(14),
                "傍晚": time(18),
                "晚上": time(19),
                "下班": time(17, 30),
            }
        )
    )
    plain: time = time(8)
    deadline: time = time(23, 59)
    notice: Notice = field(default_factory=lambda: NO_NOTICE)


@dataclass(frozen=True)
class Part:
    name: str


@dataclass(frozen=True)
class Clock:
    """As it was said: 12 hours, or 24 where exact."""

    hour: int
    minute: int
    exact: bool = False


@dataclass(frozen=True)
class Reading:
    """A time of day; next_day where it ends the day (24:00).

    doubt: what to ask, should this time be past today. assumed: what was not said.
    """

    at: time
    next_day: bool = False
    doubt: str | None = None
    assumed: str | None = None


def read_clock(part: Part | None, clock: Clock) -> Reading:
    """Read an hour with its part of the day; Doubt where it might be another."""
    if clock.minute > 59 or clock.hour > 24 or clock.hour * 60 + clock.minute > 1440:
        raise Doubt(f"没有{clock.hour}点{clock.minute}分这个时间，请再说一次。")
    if part is None or part.name not in _HOURS:
        return _bare(clock)
    hour = _HOURS[part.name].get(clock.hour)
    if hour is None:
        raise Doubt(
            f"“{part.name}{clock.hour}点”我拿不准，请用24小时制再说一次，例如15:00。"
        )
    return _reading(hour, clock.minute)


def read_part(part: Part, defaults: Defaults) -> Reading:
    """Read a part of the day alone, by the branch's habit."""
    at = defaults.parts.get(part.name)
    if at is None:
        raise Doubt(f"{part.name}几点呢？请说具体钟点。")
    return Reading(at, assumed=f"没说几点，{part.name}按{at:%H:%M}")


def _bare(clock: Clock) -> Reading:
    if clock.exact or clock.hour == 0 or clock.hour > 12:
        return _reading(clock.hour, clock.minute)
    if clock.hour < 7:
        raise Doubt(
            f"{_spoken(clock)}是早上（凌晨）还是下午？请说“下午{_spoken(clock)}”这样。"
        )
    later = "半夜" if clock.hour == 12 else "晚上"
    earlier = "中午" if clock.hour == 12 else "早上"
    doubt = f"{earlier}{_spoken(clock)}还是{later}{_spoken(clock)}？"
    return Reading(time(clock.hour, clock.minute), doubt=doubt)


def _reading(hour: int, minute: int) -> Reading:
    if hour == 24:
        return Reading(time(0, minute), next_day=True)
    return Reading(time(hour, minute))


def _spoken(clock: Clock) -> str:
    return f"{clock.hour}点" + (f"{clock.minute:02}分" if clock.minute else "")


def _spoken_clock(found: re.Match[str]) -> object:
    minute = 0
    if found["half"]:
        minute = 30
    elif found["quarter"]:
        minute = 15 * read_number(found["quarter"])
    elif found["minute"]:
        minute = read_number(found["minute"])
        if len(found["minute"]) == 1 and not found["said"] and minute != 10:
            raise Doubt(f"“{found[0]}”是几分？请说“8点05分”这样。")
    return Clock(read_number(found["hour"]), minute)


def _written_clock(found: re.Match[str]) -> object:
    hour, minute = int(found["hour"]), int(found["minute"])
    if found["zone"] and found["zone"] not in {"+08:00", "+0800", "+08"}:
        raise Doubt("我只认北京时间，请换算后再说一次。")
    if found["half"] and hour <= 12:
        return _half_day(hour, minute, found["half"])
    exact = found["hour"].startswith("0") or hour > 12 or bool(found["iso"])
    return Clock(hour, minute, exact)


def _half_day(hour: int, minute: int, half: str) -> Clock:
    return Clock(hour % 12 + (12 if half.lower() == "pm" else 0), minute, exact=True)


def _part(found: re.Match[str]) -> object:
    return Part(_PARTS[found[0]])


_NUMERAL = "[零〇一二两三四五六七八九十]{1,3}"
_LONG_PARTS = "|".join(sorted((w for w in _PARTS if len(w) > 1), key=len)[::-1])

RULES = (
    Rule(
        r"(?P<iso>T)?(?<![\d:])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?"
        r"(?P<zone>[+]\d\d:?(?:\d\d)?|Z)?(?P<half>[aApP][mM])?(?![\d:])",
        _written_clock,
    ),
    Rule(
        rf"(?<![第\d])(?P<hour>{NUMBER})(?:点(?!名|评|赞|子|击|到为止)|时(?![间候长期代段刻事])|点钟)"
        r"钟?(?:(?P<half>半)|(?P<quarter>[一二三123])刻|整|正|过?"
        rf"(?P<minute>\d{{1,2}}(?!\d)|{_NUMERAL})"
        rf"(?:(?P<said>分)(?!钟)|(?!{_NUMERAL}|[个名人位项次年月日号室楼班])))?",
        _spoken_clock,
    ),
    Rule(
        r"(?<![\d:.])(?P<hour>1[0-2]|0?[1-9])(?P<half>[aApP][mM])(?![a-zA-Z])",
        lambda found: _half_day(int(found["hour"]), 0, found["half"]),
    ),
    Rule(_LONG_PARTS, _part),
    Rule(
        r"早起(?:床)?(?=\d{1,2}[点时:]|[一二三四五六七八九十]{1,3}[点时])",
        lambda _found: Part("早上"),
    ),
    Rule(r"[早晚晨夜](?=\d{1,2}[点时:]|[一二三四五六七八九十]{1,3}[点时])", _part),
    Rule(
        r"(?<=[今明昨后每天日儿])[早晚晨夜](?!起|于|到|会|自|报|饭|餐|些|一些|一?点(?!半|钟))",
        _part,
    ),
)
