"""How a moment was counted on the calendar of working days, to be counted again."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from bot.calendar.recurrence.reckoned import Reckoned, Unit
from bot.understanding.when.clock_times import Reading
from bot.understanding.when.days import WorkdayAhead
from bot.understanding.when.distances import After, Distance, Move
from bot.understanding.when.phrase import Day
from bot.understanding.when.scopes import PointDay, Scope

ONE_DAY = timedelta(days=1)
Step = tuple[Unit, int]


def reckon(
    day: Day, base: date, moves: Sequence[Move], reading: Reading, today: date
) -> Reckoned:
    """Tell from which day it was counted, and how. base: the date that day came to."""
    start, steps = _start(day, base, today)
    for move in moves:
        steps += _steps(move.distance)
    if reading.next_day:
        steps.append(("days", 1))
    return Reckoned(start, reading.at, tuple(steps))


def _start(day: Day, base: date, today: date) -> tuple[date, list[Step]]:
    if isinstance(day, WorkdayAhead):
        return today, [("workdays", day.count)]
    if isinstance(day, After):
        return today, list(_steps(day.distance))
    if isinstance(day, PointDay) and day.point.of == "workday":
        first, last = _stretch(day.scope, base, today)
        number = day.point.numbers[0]
        edge = first - ONE_DAY if number > 0 else last + ONE_DAY
        return edge, [("workdays", number)]
    return base, []


def _stretch(scope: Scope | None, base: date, today: date) -> tuple[date, date]:
    spans = scope.spans(today) if scope else ()
    return next(span for span in spans if span[0] <= base <= span[1])


def _steps(distance: Distance) -> Iterable[Step]:
    told: tuple[Step, ...] = (
        ("workdays", distance.workdays),
        ("months", distance.months),
        ("days", distance.days),
        ("minutes", distance.minutes),
    )
    return [step for step in told if step[1]]
