"""A day that has been, as people write it: 2026年3月5日, 3月5日, 昨天."""

import re
from datetime import date, timedelta

from bot.calendar.say import say_date
from bot.errors import Refusal

FULL = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?")
LAST_YEAR = re.compile(r"(去年|前年|今年)\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
SHORT = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?(?!\d)")
NEAR = re.compile(r"大前天|前天|昨天|昨日|今天|今日")
DAYS_AGO = {"大前天": 3, "前天": 2, "昨天": 1, "昨日": 1, "今天": 0, "今日": 0}
YEARS_AGO = {"前年": 2, "去年": 1, "今年": 0}
MONTH_ONLY = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月|(?<!\d)\d{1,2}\s*月(?!\s*\d)")
ASK_DAY = "只说到月份，算期限要到哪一天，请说完整的年月日，例：2026年3月5日。"


def find_past_day(
    text: str, today: date, *, future: bool = False
) -> tuple[date | None, str]:
    """Return the day that a text names, or None, and the text without it.

    A day without its year is the latest that has been. future: it may lie ahead, and
    without its year is the next. Raises Refusal for a day that is none.
    """
    for form, read in ((FULL, _full), (LAST_YEAR, _by_year), (SHORT, None)):
        if hit := form.search(text):
            day = read(hit, today) if read else _short(hit, today, future=future)
            if day > today and not future:
                raise Refusal(f"{say_date(day)}还没到，请再核对。")
            return day, text[: hit.start()] + text[hit.end() :]
    if hit := NEAR.search(text):
        day = today - timedelta(days=DAYS_AGO[hit[0]])
        return day, text[: hit.start()] + text[hit.end() :]
    if MONTH_ONLY.search(text):
        raise Refusal(ASK_DAY)
    return None, text


def _full(hit: re.Match[str], today: date) -> date:
    return _day(int(hit[1]), int(hit[2]), int(hit[3]))


def _by_year(hit: re.Match[str], today: date) -> date:
    return _day(today.year - YEARS_AGO[hit[1]], int(hit[2]), int(hit[3]))


def _short(hit: re.Match[str], today: date, *, future: bool) -> date:
    day = _day(today.year, int(hit[1]), int(hit[2]))
    if future and day < today:
        return _day(today.year + 1, int(hit[1]), int(hit[2]))
    if not future and day > today:
        return _day(today.year - 1, int(hit[1]), int(hit[2]))
    return day


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Refusal(f"没有{year}年{month}月{day}日这一天，请再核对。") from None
