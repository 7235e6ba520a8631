"""Place a phrase on the calendar once, or find what is in doubt about it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.calendar.recurrence.reckoned import Reckoned
from bot.calendar.recurrence.words import write_clock, write_end
from bot.calendar.say import say_whole_day, say_whole_moment
from bot.calendar.workdays import WEEKDAYS, Notice, is_provisional
from bot.understanding.when.choices import Choices, choices, is_rolling_year
from bot.understanding.when.clock_times import Defaults, Reading
from bot.understanding.when.days import DayWord, FestivalDay, WorkdayAhead
from bot.understanding.when.distances import After, Move
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.moments import at_hour, default_hour, read_end, read_hour
from bot.understanding.when.phrase import Day, Phrase
from bot.understanding.when.reckon import reckon
from bot.understanding.when.refusals import (
    check_moves,
    refuse_no_day_to_move,
    refuse_open_limit,
    refuse_year_end,
)
from bot.understanding.when.scopes import PointDay
from bot.understanding.when.weekdays import WeekdayDay
from bot.understanding.when.when import When

JUST_PAST = timedelta(days=30)
FESTIVAL_JUST_PAST = timedelta(days=7)
_RANGE = "这是一段日子，请说具体哪一天、几点。"
_NIGHT_PARTS = {"凌晨", "半夜"}


@dataclass(frozen=True)
class _Placing:
    """A phrase with one certain day, seen from now."""

    phrase: Phrase
    day: Day
    reading: Reading
    now: datetime
    notice: Notice

    def moment(self, base: date) -> datetime:
        day, minutes = base, 0
        for move in self.phrase.moves:
            day = move.distance.from_day(day, self.notice)
            minutes += move.distance.minutes
        return at_hour(day, self.reading, self.now.tzinfo) + timedelta(minutes=minutes)


def place_once(phrase: Phrase, now: datetime, defaults: Defaults) -> When:
    """Place a phrase that does not recur; Doubt if it cannot be placed for certain."""
    refuse_year_end(phrase)
    refuse_no_day_to_move(phrase)
    if phrase.day_range_end is not None or phrase.since:
        raise Doubt(_RANGE)
    if phrase.scope is not None:
        return _place_scope(phrase, now, defaults)
    if not phrase.days:
        return _place_today(phrase, now, defaults)
    first = phrase.days[0]
    if isinstance(first, After) and phrase.clock is None and phrase.part is None:
        return _place_after(phrase, first, now, defaults)
    return _place_day(phrase, now, defaults)


def _place_day(phrase: Phrase, now: datetime, defaults: Defaults) -> When:
    check_moves(phrase)
    said = read_hour(phrase, defaults)
    if phrase.before and said is None and not phrase.moves:
        refuse_open_limit(phrase.days[0])
    reading = said or default_hour(phrase, defaults)
    days = sorted(phrase.days, key=lambda day: isinstance(day, WeekdayDay))
    placing = _Placing(phrase, days[0], reading, now, defaults.notice)
    found = choices(days[0], now.date(), defaults.notice)
    base = _choose(placing, found)
    for gloss in days[1:]:
        _check_gloss(base, gloss, placing)
    moment = placing.moment(base)
    end = read_end(phrase, moment.date(), moment) if not reading.next_day else None
    return _told(placing, base, moment, end=end, date_only=said is None)


def _choose(placing: _Placing, found: Choices) -> date:
    """Choose the date that makes the moment lie ahead, where only one can be meant."""
    today = placing.now.date()
    base = found.coming(today)
    _check_today(placing, base)
    if found.rolls and _is_forward(placing.phrase.moves):
        base = next(
            (day for day in found.days if placing.moment(day) > placing.now), base
        )
    if placing.moment(base) > placing.now:
        _refuse_just_past(placing, found, base)
        return base
    return _after_past(placing, found, base)


def _after_past(placing: _Placing, found: Choices, base: date) -> date:
    """Take the next 周三 or 5号, where its hour is over today."""
    today = base == placing.now.date()
    if today and placing.reading.doubt and not placing.phrase.moves:
        raise Doubt(placing.reading.doubt)
    monthly = isinstance(placing.day, PointDay) and placing.day.scope is None
    again = isinstance(placing.day, WeekdayDay) or monthly
    if today and found.rolls and again and not placing.phrase.moves:
        later = [day for day in found.days if day > base]
        if later and not placing.reading.assumed:
            return later[0]
    if today and placing.reading.assumed:
        raise Doubt("今天几点？请说具体钟点；若不是今天，请说日期。")
    raise Doubt(f"{say_whole_moment(placing.moment(base))}已经过去了，请说将来的时间。")


def _check_today(placing: _Placing, base: date) -> None:
    """Ask what a bare 周三 means on a Wednesday: today, or in a week."""
    phrase, day = placing.phrase, placing.day
    open_day = isinstance(day, WeekdayDay) and day.week is None
    hour_said = phrase.clock or phrase.part or phrase.moves
    if open_day and not hour_said and base == placing.now.date():
        sign = WEEKDAYS[base.weekday()]
        raise Doubt(
            f"今天就是周{sign}，您说的是今天还是下周{sign}？请带上钟点再说一次。"
        )


def _check_gloss(base: date, gloss: Day, placing: _Placing) -> None:
    """12月3日（周四）: the second must be the same day as the first."""
    if isinstance(gloss, WeekdayDay) and gloss.week is None:
        fits = gloss.days == (base.weekday(),)
    else:
        fits = base in choices(gloss, placing.now.date(), placing.notice).days
    if not fits:
        raise Doubt(f"{say_whole_day(base)}和后面说的日子对不上，请核对一下再说。")


def _refuse_just_past(placing: _Placing, found: Choices, base: date) -> None:
    """Ask whether next year is meant, where this year's day is hardly over."""
    if isinstance(placing.day, FestivalDay):
        limit = FESTIVAL_JUST_PAST
    elif is_rolling_year(placing.day):
        limit = JUST_PAST
    else:
        return
    today = placing.now.date()
    before = [day for day in found.days if day < today]
    if base > today + JUST_PAST and before and today - before[-1] <= limit:
        raise Doubt(
            f"{say_whole_day(before[-1])}刚过去，您说的是明年吗？请带上年份再说一次。"
        )


def _is_forward(moves: list[Move]) -> bool:
    return bool(moves) and not any(move.distance.backwards() for move in moves)


def _place_today(phrase: Phrase, now: datetime, defaults: Defaults) -> When:
    """Place an hour without a day: today's, if it is still ahead."""
    check_moves(phrase)
    reading = read_hour(phrase, defaults)
    if reading is None:
        raise Doubt("没看出时间，请说哪天、几点。")
    placing = _Placing(phrase, DayWord(0), reading, now, defaults.notice)
    base = now.date()
    if placing.moment(base) <= now:
        if reading.doubt:
            raise Doubt(reading.doubt)
        night = phrase.part is not None and phrase.part.name in _NIGHT_PARTS
        midnight = phrase.part is None and reading.at.hour == 0
        if not night and not midnight:
            said = write_clock(reading.at)
            raise Doubt(f"今天{said}已经过了，是明天{said}吗？请带上日期再说一次。")
        base += timedelta(days=1)
    moment = placing.moment(base)
    end = read_end(phrase, base, moment) if not reading.next_day else None
    return _told(placing, base, moment, end=end, date_only=False)


def _place_after(
    phrase: Phrase, after: After, now: datetime, defaults: Defaults
) -> When:
    if len(phrase.days) > 1 or phrase.moves:
        raise Doubt("您说了两个时间，请只说一个。")
    moment = after.distance.from_moment(now, defaults.notice)
    if moment <= now:
        raise Doubt("这个时间已经过去了，请说将来的时间。")
    exact = bool(after.distance.minutes)
    assumed = None if exact else f"没说几点，按现在的钟点{now:%H:%M}"
    reading = Reading(moment.time(), assumed=assumed)
    if phrase.deadline and not exact:
        reading = default_hour(phrase, defaults)
    placing = _Placing(phrase, after, reading, now, defaults.notice)
    moment = placing.moment(moment.date())
    return _told(placing, moment.date(), moment, end=None, date_only=not exact)


def _place_scope(phrase: Phrase, now: datetime, defaults: Defaults) -> When:
    """本周内: only a limit makes a day of a week or a month."""
    assert phrase.scope is not None
    if not phrase.within or phrase.clock or phrase.part or phrase.moves:
        raise Doubt(f"是{phrase.scope.words()}的哪一天、几点？请说具体些。")
    ends = [last for _, last in phrase.scope.spans(now.date()) if last >= now.date()]
    if not ends:
        raise Doubt(f"{phrase.scope.words()}已经过去了，请说将来的时间。")
    last = ends[-1]
    reading = default_hour(phrase, defaults)
    placing = _Placing(phrase, DayWord(0), reading, now, defaults.notice)
    moment = placing.moment(last)
    return _told(placing, last, moment, end=None, date_only=True)


def _told(
    placing: _Placing,
    base: date,
    moment: datetime,
    *,
    end: datetime | None,
    date_only: bool,
) -> When:
    phrase, assumed = placing.phrase, placing.reading.assumed
    provisional = _needs_workdays(placing) and is_provisional(
        moment.year, placing.notice
    )
    moved = say_whole_day(base) + "".join(move.words for move in phrase.moves) + "："
    echo = (moved if phrase.moves else "") + say_whole_moment(moment)
    echo += write_end(moment, end) if end else ""
    echo += "前" if phrase.deadline else ""
    echo += f"（{assumed}）" if assumed else ""
    return When(
        next=(moment,),
        deadline=phrase.deadline,
        echo=echo + ("（暂算）" if provisional else ""),
        date_only=date_only,
        assumed=(assumed,) if assumed else (),
        provisional=provisional,
        reckoned=_reckon(placing, base) if provisional else None,
        end=end,
    )


def _reckon(placing: _Placing, base: date) -> Reckoned:
    moves, today = placing.phrase.moves, placing.now.date()
    return reckon(placing.day, base, moves, placing.reading, today)


def _needs_workdays(placing: _Placing) -> bool:
    day = placing.day
    by_day = (
        isinstance(day, WorkdayAhead)
        or (isinstance(day, PointDay) and day.point.of == "workday")
        or (isinstance(day, After) and day.distance.workdays != 0)
    )
    return by_day or any(move.distance.workdays for move in placing.phrase.moves)
