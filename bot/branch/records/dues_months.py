"""党费 by months: which are paid, by which payment."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from sqlalchemy.orm import Session

from bot.branch.people.tree import Branch
from bot.branch.records import search
from bot.branch.records.fields import Value
from bot.branch.records.kinds.dues import DUES
from bot.branch.records.kinds.dues_rate import RATE
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import people_of
from bot.calendar.recurrence.stretches import add_months


def find_begin(session: Session, branch: Branch) -> date | None:
    """Return the first month that the book of dues has; before it nobody is behind."""
    return search.first_day(session, Query(DUES, branch))


def paid_by_months(
    session: Session, branch: Branch, of: int | None = None
) -> Mapping[int, Mapping[date, Record]]:
    """Return whose months are paid: the first day of each, and the payment.

    of: the number of the one member who is asked about; None for everybody.
    """
    rows = search.find(session, Query(DUES, branch, member=of))
    people = people_of(session, rows)
    found: dict[int, dict[date, Record]] = {}
    for row in rows:
        months = list(span(row.fields))
        for number, _ in people[row.id].get("people", ()):
            if number:
                found.setdefault(number, {}).update(dict.fromkeys(months, row))
    return found


def span(values: Mapping[str, Value]) -> Iterator[date]:
    """Yield the months that one payment is for."""
    first = date.fromisoformat(values["day"])
    last = date.fromisoformat(values.get("until") or values["day"])
    return months(first, last)


def months(first: date, last: date) -> Iterator[date]:
    """Yield the first days of months, from that of one day to that of another."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = add_months(month, 1)


Rates: TypeAlias = Mapping[int, Sequence[tuple[date, float]]]
"""By member: from which month on, what is owed a month; the earliest first."""


def rates(session: Session, branch: Branch, of: int | None = None) -> Rates:
    """Return what members owe a month. of: one member's; None for everybody's."""
    rows = search.find(session, Query(RATE, branch, member=of))
    people = people_of(session, rows)
    found: dict[int, list[tuple[date, float]]] = {}
    for row in rows:
        first = date.fromisoformat(row.fields["day"]).replace(day=1)
        for number, _ in people[row.id].get("people", ()):
            if number:
                found.setdefault(number, []).append((first, row.amount or 0.0))
    return {number: sorted(told) for number, told in found.items()}


def owed(told: Sequence[tuple[date, float]], month: date) -> float | None:
    """Tell what is owed for a month by what was told for it; None where nothing was."""
    before = [amount for first, amount in told if first <= month]
    return before[-1] if before else None
