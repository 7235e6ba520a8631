"""The terms of a school year: from February to July, from August to January.

A school's own calendar is not known here.
"""

from datetime import date, timedelta

SPRING, AUTUMN = 2, 8
"""The months in which a term begins."""


def term_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of the term that a day is in."""
    if day.month >= AUTUMN:
        return date(day.year, AUTUMN, 1), date(day.year + 1, 1, 31)
    if day.month >= SPRING:
        return date(day.year, SPRING, 1), date(day.year, 7, 31)
    return date(day.year - 1, AUTUMN, 1), date(day.year, 1, 31)


def term_before(day: date) -> tuple[date, date]:
    """Return the term before the one that a day is in."""
    return term_of(term_of(day)[0] - timedelta(days=1))
