"""The day of something that is over: 昨天, 上周五, 11月20日, never one to come.

What a record is counted from is written out (`find_past_day`: 2026年3月5日, 昨天); of
what is only noted any words of time may tell the day (`take_past_day`).
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.calendar.say import say_date
from bot.calendar.workdays import WEEKDAYS
from bot.errors import Refusal
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.when import find_period

WITH_YEAR = re.compile(r"\d{4}\s*[年./-]|[去前今明后]年")
HALF_A_YEAR = timedelta(days=183)
RANGE = frozenset("到至~～—–、和-")
HERE = Path(__file__)
PART_OF_DAY = Lexicon(HERE, "part_of_day")
LONGEST_ANSWER = 12
SMALL_WORDS = Lexicon(HERE, "small_words")
FULL = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?")
LAST_YEAR = re.compile(r"(去年|前年|今年)\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
SHORT = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?(?!\d)")
DAYS_AGO = {"大前天": 3, "前天": 2, "昨天": 1, "昨日": 1, "今天": 0, "今日": 0}
YEARS_AGO = {"前年": 2, "去年": 1, "今年": 0}
MONTH_ONLY = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月|(?<!\d)\d{1,2}\s*月(?!\s*\d)")
ASK_DAY = "只说到月份，算期限要到哪一天，请说完整的年月日，例：2026年3月5日。"


@dataclass(frozen=True)
class PastDay:
    """A day, and the text without it, and without the part of the day.

    said: the words for it; first: where they mean a stretch, its first day.
    """

    day: date
    rest: str
    said: str = ""
    first: date | None = None

    def is_sure(self, days: float) -> bool:
        """Tell whether something of so many days fits no other day of the stretch."""
        if self.first is None or not RANGE.isdisjoint(self.said):
            return True
        return (self.day - self.first).days < max(1, math.ceil(days))

    @property
    def example(self) -> str:
        """Name a day of the stretch, as an answer would."""
        if self.first and (self.day - self.first).days < len(WEEKDAYS):
            return f"周{WEEKDAYS[self.day.weekday()]}"
        return f"{self.day.month}月{self.day.day}日"

    @property
    def question(self) -> str:
        return f"“{self.said}”的哪一天？"


def names_year(words: str) -> bool:
    """Tell whether words for a day say of which year it is: 2026年3月5日, 明年."""
    return WITH_YEAR.search(words) is not None


def take_past_day(text: str, now: datetime) -> PastDay:
    """Part the day from a text: of a stretch its last, today if none is said.

    Raises Refusal for a date that is still to come this year: last year's is not
    guessed.
    """
    period = find_period(text, now, "past")
    if period is None:
        return PastDay(now.date(), PART_OF_DAY.cut(text, " "))
    first, last = period.span
    said = text[first:last]
    day = min((period.end - timedelta(days=1)).date(), now.date())
    if now.date() - day > HALF_A_YEAR and not names_year(said):
        raise Refusal(f"“{said.strip()}”还没到；要登记去年的，请写上年份。")
    rest = PART_OF_DAY.cut(f"{text[:first]} {text[last:]}", " ")
    return PastDay(day, rest, said.strip(), period.start.date())


def find_day_within(answer: str, said: str, now: datetime) -> date | None:
    """Return the day of a stretch that an answer names: after 上周, 周三 is its own."""
    whole = find_period(said, now, "past")
    if whole is None or len(answer) > LONGEST_ANSWER:
        return None
    bare = re.sub("^(?:周|星期|礼拜)", "", answer)
    for words in (answer, f"{said}{answer}", f"{said}{bare}"):
        found = find_period(words, now, "past")
        if found is None or found.end - found.start > timedelta(days=1):
            continue
        rest = words[: found.span[0]] + words[found.span[1] :]
        within = whole.start <= found.start and found.end <= whole.end
        if within and found.start <= now and SMALL_WORDS.fit(rest):
            return found.start.date()
    return None


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
    if near := next((each for each in DAYS_AGO if each in text), ""):
        return today - timedelta(days=DAYS_AGO[near]), text.replace(near, "", 1)
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
