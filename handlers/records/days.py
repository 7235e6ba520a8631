"""Which day a field means by the words of a text: one that was, or one to come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

from bot.branch.records.fields import Day
from bot.branch.records.kind import Kind
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.taken import GAP
from bot.understanding.when import find_period
from bot.understanding.when.when import Period

DONE = Lexicon(Path(__file__), "done")
HALF_A_YEAR = timedelta(days=183)
WEEK = 7
MOST_PERIODS = 8
"""Stretches that are looked through for one of months; each is read anew."""


@dataclass(frozen=True)
class SaidDay:
    """first, last: of months their first days. words: as said; span: where."""

    first: date
    last: date
    words: str
    span: tuple[int, int]

    @property
    def is_single(self) -> bool:
        """Tell whether it is one day, or one month where those are asked for."""
        return self.first == self.last

    def says_no_day(self, today: date) -> bool:
        """Tell whether it is only a stretch that today is in: 今年, 这个月."""
        return (
            self.last - self.first
        ).days >= WEEK and self.first <= today <= self.last


def find_day(
    kind: Kind, field: Day, text: str, whole: str, now: datetime
) -> SaidDay | None:
    """Find the day that is meant for a field. whole: the text with all that was said.

    Of months the first that is one: 3月5日交了1月党费 is of January.
    """
    done = DONE.stands_in(whole)
    periods = islice(_periods(field, text, now, done=done), MOST_PERIODS)
    period = next(periods, None)
    if period is None:
        return None
    if field.month and not _is_of_months(period):
        period = next(filter(_is_of_months, periods), period)
    days = [each for each in kind.all(Day) if each is not field and not each.ends]
    other = any(each.ahead for each in days)
    if field.today and other and not done and _lies_ahead(text, now):
        return None  # it is the day by which, not the day on which
    first, last = period.start.date(), (period.end - timedelta(days=1)).date()
    if field.month:
        first, last = first.replace(day=1), last.replace(day=1)
    start, end = period.span
    return SaidDay(first, last, text[start:end].strip(), (start, end))


def _periods(field: Day, text: str, now: datetime, *, done: bool) -> Iterator[Period]:
    """Yield the stretches of time that a text names, each at its place."""
    while (period := _read(field, text, now, done=done)) is not None:
        yield period
        start, end = period.span
        text = f"{text[:start]}{GAP * (end - start)}{text[end:]}"


def _read(field: Day, text: str, now: datetime, *, done: bool) -> Period | None:
    """Read a stretch as past or to come: what is over was; else the nearer one.

    What is due is to come, whatever else is over.
    A month that is paid for may be either.
    """
    past = find_period(text, now, "past")
    if field.due:
        return find_period(text, now, "future") or past
    if past is None or not field.ahead or (done and not field.month):
        return past
    ahead = find_period(text, now, "future")
    if ahead is None or (field.month and ahead.start - now > now - past.end):
        return past
    return past if ahead.start - now > HALF_A_YEAR > now - past.end else ahead


def _is_of_months(period: Period) -> bool:
    return period.start.day == 1 == period.end.day


def _lies_ahead(text: str, now: datetime) -> bool:
    period = find_period(text, now, "future")
    return period is not None and period.start > now
