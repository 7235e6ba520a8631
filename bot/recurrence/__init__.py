"""What comes again: a rule, its next moments, its words, its stored form."""

from bot.recurrence.rule import Recurrence
from bot.recurrence.stored import Unreadable, from_stored, to_stored

__all__ = ["Recurrence", "Unreadable", "from_stored", "to_stored"]
