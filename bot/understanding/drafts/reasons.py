"""Whether a clause behind an order only says why: 先别给他发，他说不想要."""

from pathlib import Path

from bot.understanding.drafts.changes import says_why
from bot.understanding.sentences.lexicon import Lexicon

BECAUSE = Lexicon(Path(__file__), "because")


def gives_reason(clause: str) -> bool:
    """Tell whether a clause says why, or begins as a reason does."""
    return says_why(clause) or BECAUSE.stands_first(clause)
