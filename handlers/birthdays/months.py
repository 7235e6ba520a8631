"""Which days a question is about: 今天, 下周, 7月, 下个月, 最近; else this month."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from bot.calendar.say import say_day

MONTH = re.compile(r"(?<!\d)(1[0-2]|[1-9])月|(十[一二]?|[一二三四五六七八九])月")
NUMERALS = "一二三四五六七八九十"
SOON = timedelta(days=30)
DECEMBER = 12


@dataclass(frozen=True)
class DaySpan:
    """Both days included. words: how it is called."""

    first: date
    last: date
    words: str


def read_span(text: str, today: date) -> DaySpan:
    """Read the days meant; a month that is named is this year's or the next to come."""
    for ahead, form in enumerate(("今天|今日", "明天|明日", "后天")):
        if re.search(form, text):
            day = today + timedelta(days=ahead)
            return DaySpan(day, day, say_day(day))
    if re.search("下下?个?(?:周|星期|礼拜)", text):
        return _week(today + timedelta(days=7), "下周")
    if re.search("[这本](?:周|星期|礼拜)", text):
        return _week(today, "本周")
    if re.search("下个?月", text):
        return _month(today.year, today.month + 1)
    if hit := MONTH.search(text):
        number = int(hit[1]) if hit[1] else _number(hit[2])
        return _month(today.year + (number < today.month), number)
    if re.search("最近|近期|接下来|快到|快过", text):
        return DaySpan(today, today + SOON, "未来三十天")
    return _month(today.year, today.month)


def _week(day: date, words: str) -> DaySpan:
    monday = day - timedelta(days=day.weekday())
    return DaySpan(monday, monday + timedelta(days=6), words)


def _month(year: int, month: int) -> DaySpan:
    if month > DECEMBER:
        year, month = year + 1, 1
    last = monthrange(year, month)[1]
    return DaySpan(date(year, month, 1), date(year, month, last), f"{month}月")


def _number(words: str) -> int:
    return sum(NUMERALS.index(each) + 1 for each in words)
