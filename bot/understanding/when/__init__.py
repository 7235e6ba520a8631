"""Expressions of time in Chinese: read_when, find_when, find_period."""

from bot.calendar.recurrence import Recurrence
from bot.understanding.when.clock_times import Defaults
from bot.understanding.when.periods import find_period
from bot.understanding.when.read import find_when, read_when
from bot.understanding.when.when import Period, When

__all__ = [
    "Defaults",
    "Period",
    "Recurrence",
    "When",
    "find_period",
    "find_when",
    "read_when",
]
