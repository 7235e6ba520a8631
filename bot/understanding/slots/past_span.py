"""Which time a question is about: 今年, 去年下半年, 三年里, 这学期; none: all of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.calendar.recurrence.stretches import add_months
from bot.calendar.terms import term_before, term_of
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.when import find_period
from bot.understanding.when.numbers import read_number

HERE = Path(__file__)
WITHIN = Lexicon(HERE, "within")
TERM = Lexicon(HERE, "term")
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
    if hit := WITHIN.find(text):
        years = min(read_number(hit["n"]), FAR)
        first = add_months(today, -12 * years) + timedelta(days=1)
        return Span(first, today, hit[0], *hit.span())
    if hit := TERM.find(text):
        first, last = term_before(today) if hit["which"] == "上" else term_of(today)
        return Span(first, min(last, today), hit[0], *hit.span())
    period = find_period(text, now, "past")
    if period is None:
        return None
    start, end = period.span
    last = (period.end - timedelta(days=1)).date()
    return Span(period.start.date(), last, text[start:end].strip(), start, end)
