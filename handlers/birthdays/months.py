"""Which days a question is about: 今天, 下周, 7月, 下个月, 最近; else this month."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.calendar.say import say_day
from bot.understanding.when import find_period

SOON = timedelta(days=30)
NEAR = ("最近", "近期", "接下来", "快到", "快过")


@dataclass(frozen=True)
class DaySpan:
    """Both days included. words: how it is called."""

    first: date
    last: date
    words: str


def read_span(text: str, now: datetime) -> DaySpan:
    """Read the days meant; a month that is named is this year's or the next to come."""
    today = now.date()
    if period := find_period(text, now, "future"):
        first = period.start.date()
        last = period.end.date() - timedelta(days=1)
        return DaySpan(first, last, _say(first, last, text[slice(*period.span)]))
    if any(each in text for each in NEAR):
        return DaySpan(today, today + SOON, "未来三十天")
    first = today.replace(day=1)
    last = (first + SOON + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    return DaySpan(first, last, f"{today.month}月")


def _say(first: date, last: date, said: str) -> str:
    """Call a day and a month by their dates, anything else as the asker did."""
    if first == last:
        return say_day(first)
    ends = (last + timedelta(days=1)).day == 1
    if first.day == 1 and ends and first.month == last.month:
        return f"{first.month}月"
    return said.strip()
