"""The hour that a phrase gives, and what is taken for it when it gives none."""

from datetime import date, datetime, time, timedelta, tzinfo

from bot.understanding.when.clock_times import (
    Clock,
    Defaults,
    Part,
    Reading,
    read_clock,
    read_part,
)
from bot.understanding.when.days import DayWord
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.phrase import Phrase

_PARTS_WITH_AN_END = {"中午", "下班"}
_NIGHT = time(7)


def read_hour(phrase: Phrase, defaults: Defaults) -> Reading | None:
    """Read the phrase's hour; None if it has neither an hour nor a part of the day."""
    if phrase.clock is not None:
        reading = read_clock(phrase.part, phrase.clock)
        _refuse_night(phrase, reading)
        return reading
    if phrase.part is None:
        return None
    if phrase.deadline and phrase.part.name not in _PARTS_WITH_AN_END:
        raise Doubt(f"{phrase.part.name}几点前呢？请说具体钟点。")
    return read_part(phrase.part, defaults)


def default_hour(phrase: Phrase, defaults: Defaults) -> Reading:
    if phrase.deadline:
        at = defaults.deadline
        return Reading(at, assumed=f"没说几点，当天也算，到{at:%H:%M}")
    at = defaults.plain
    return Reading(at, assumed=f"没说几点，按{at:%H:%M}")


def at_hour(day: date, reading: Reading, zone: tzinfo | None) -> datetime:
    day += timedelta(days=int(reading.next_day))
    return datetime.combine(day, reading.at, zone)


def read_end(phrase: Phrase, day: date, start: datetime) -> datetime | None:
    """Read the end of 下午2点到4点; it lies in the start's part of the day."""
    if phrase.end_clock is None:
        return None
    reading = _read_end_clock(phrase.end_part or phrase.part, phrase.end_clock)
    end = at_hour(day, reading, start.tzinfo)
    if end <= start:
        raise Doubt("结束的时间早于开始的时间，请再说一次。")
    return end


def _read_end_clock(part: Part | None, clock: Clock) -> Reading:
    return read_clock(part, clock)


def _refuse_night(phrase: Phrase, reading: Reading) -> None:
    """半夜两点 of a day may belong to either of two nights."""
    if phrase.part is None or phrase.part.name != "半夜":
        return
    tonight = phrase.days == [DayWord(0)] and reading.next_day
    if (phrase.days or phrase.every) and reading.at < _NIGHT and not tonight:
        raise Doubt("半夜是哪一天的？请说“12月4日凌晨0点”这样的日期和钟点。")
