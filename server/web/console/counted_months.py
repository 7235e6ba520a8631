"""Months of 减负自查 that took long to count, kept a while by the process that did.

Of a month that is over little changes: only who wants quiet now. Of one that goes on
the page says when it was counted. What is counted at once is not kept.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from time import perf_counter

from flask import Flask, current_app

from bot.branch.notices import burden
from bot.branch.notices.burden import Month
from bot.calendar.recurrence.stretches import add_months
from bot.config.settings import Quiet
from server.web.console.desk import Desk

LONG = 0.1  # seconds
FRESH, OVER = timedelta(minutes=10), timedelta(days=1)
MOST = 100


@dataclass(frozen=True)
class Counted:
    month: Month
    at: datetime

    @property
    def was_over(self) -> bool:
        return self.at.date() >= add_months(self.month.first, 1)

    def stands(self, now: datetime) -> bool:
        return now - self.at < (OVER if self.was_over else FRESH)


@dataclass
class CountedMonths:
    """long: from how many seconds on a count is kept."""

    long: float = LONG
    kept: dict[tuple[int, date, Quiet], Counted] = field(default_factory=dict)

    def look_back(self, desk: Desk, first: date) -> Counted:
        key = desk.branch.id, first, desk.config.quiet
        found = self.kept.get(key)
        if found and found.stands(desk.now):
            return found
        began = perf_counter()
        quiet = desk.config.quiet
        month = burden.look_back(desk.session, desk.branch, first, desk.now, quiet)
        counted = Counted(month, desk.now)
        if perf_counter() - began >= self.long:
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[key] = counted
        return counted


def add_counted_months(app: Flask, long: float = LONG) -> None:
    app.extensions["counted_months"] = CountedMonths(long)


def the_counted_months() -> CountedMonths:
    found: CountedMonths = current_app.extensions["counted_months"]
    return found
