"""What comes again: a rule, its next moments, its words, its stored form."""

from bot.recurrence.reckoned import Reckoned, read_reckoned
from bot.recurrence.rule import Recurrence
from bot.recurrence.stored import Unreadable, from_stored, to_stored

__all__ = [
    "Reckoned",
    "Recurrence",
    "Unreadable",
    "from_stored",
    "read_reckoned",
    "to_stored",
]
