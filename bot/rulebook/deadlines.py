"""Timers of the rules, counted by the calendar: a month is not 30 days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.calendar.recurrence.stretches import add_months
from bot.rulebook.load import find_rule
from bot.rulebook.rule import Rule

MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True)
class Deadline:
    """The day at which a rule's time is up.

    bound: "latest" if it must be done by the end of that day, "earliest" if it cannot
    be done before that day.
    """

    day: date
    rule: Rule
    bound: Literal["latest", "earliest"]


def deadline(
    rule_id: str, start: date, is_workday: Callable[[date], bool] | None = None
) -> Deadline:
    """Count a rule's time from the day it starts.

    The edition in force on that day counts; if none is on file, the earliest that is.
    Working days are counted from the day after the start. KeyError if there is no such
    rule, ValueError if it is no timer or is_workday is needed and missing.
    """
    rule = find_rule(rule_id, start)
    value = rule.value
    if "bound" not in value:
        raise ValueError(f"{rule_id} is no timer")
    if "months" in value:
        day = add_months(start, int(rule.decimal("months")))
    elif "years" in value:
        day = add_months(start, int(rule.decimal("years")) * MONTHS_OF_A_YEAR)
    elif "workdays" in value and is_workday is not None:
        day = _add_workdays(start, int(rule.decimal("workdays")), is_workday)
    else:
        raise ValueError(f"{rule_id} needs is_workday")
    return Deadline(
        day, rule, "latest" if value.get("bound") == "latest" else "earliest"
    )


def _add_workdays(start: date, count: int, is_workday: Callable[[date], bool]) -> date:
    day = start
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day
