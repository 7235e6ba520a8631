"""Which time a question is about: 今年, 去年下半年, 三年里, 这学期; none: all of it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.calendar.recurrence.stretches import add_months
from bot.calendar.terms import term_before, term_of
from bot.understanding.when import find_period
from bot.understanding.when.numbers import NUMBER, read_number

WITHIN = re.compile(
    rf"(?:最近|近|这|过去)?(?P<n>{NUMBER})年(?:里|内|来|以来|间|之内|(?=的?(?:成效|成果|业绩)))"
)
TERM = re.compile(r"(?P<which>[这本上])个?学期")
FAR = 100


@dataclass(frozen=True)
class Span:
    """first to last, both within; words: how it was said; start, end: where."""

    first: date
    last: date
    words: str
    start: int
    end: int


def find_past_span(text: str, now: datetime) -> Span | None:
    """Find the stretch of time that a question asks about."""
    today = now.date()
    if hit := WITHIN.search(text):
        years = min(read_number(hit["n"]), FAR)
        first = add_months(today, -12 * years) + timedelta(days=1)
        return Span(first, today, hit[0], *hit.span())
    if hit := TERM.search(text):
        first, last = term_before(today) if hit["which"] == "上" else term_of(today)
        return Span(first, min(last, today), hit[0], *hit.span())
    period = find_period(text, now, "past")
    if period is None:
        return None
    start, end = period.span
    last = (period.end - timedelta(days=1)).date()
    return Span(period.start.date(), last, text[start:end].strip(), start, end)
