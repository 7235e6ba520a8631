"""What comes again: a rule, its next moments, its words, its stored form."""

from bot.calendar.recurrence.reckoned import Reckoned, read_reckoned
from bot.calendar.recurrence.rule import Recurrence
from bot.calendar.recurrence.stored import Unreadable, from_stored, to_stored

__all__ = [
    "Reckoned",
    "Recurrence",
    "Unreadable",
    "from_stored",
    "read_reckoned",
    "to_stored",
]
