"""The day of something that is over: 昨天, 上周五, 11月20日, never one to come."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.errors import Refusal
from bot.understanding.when import find_period

WITH_YEAR = re.compile(r"\d{4}\s*[年./-]|[去前今]年")
HALF_A_YEAR = timedelta(days=183)


@dataclass(frozen=True)
class PastDay:
    """A day, and the text without it."""

    day: date
    rest: str


def take_past_day(text: str, now: datetime) -> PastDay:
    """Part the day from a text: of a stretch its last, today if none is said.

    Raises Refusal for a date that is still to come this year: last year's is not
    guessed.
    """
    period = find_period(text, now, "past")
    if period is None:
        return PastDay(now.date(), text)
    first, last = period.span
    said = text[first:last]
    day = min((period.end - timedelta(days=1)).date(), now.date())
    if now.date() - day > HALF_A_YEAR and not WITH_YEAR.search(said):
        raise Refusal(f"“{said.strip()}”还没到；要登记去年的，请写上年份。")
    return PastDay(day, f"{text[:first]} {text[last:]}")
