"""To whom a concern went on, in a bare sentence: 转后勤了, 已经报给学院了."""

from pathlib import Path

from bot.understanding.drafts.changes import SIGHS
from bot.understanding.sentences.forms import Forms

FORMS = Forms(Path(__file__), "passed")


def find_passed(text: str) -> str:
    """Return the words for who has it now; "" where a text says nothing of that."""
    found = FORMS.find(SIGHS.sub("", text))
    return found.slots["to"] if found and not found.start else ""


def says_passed(text: str) -> bool:
    return bool(find_passed(text))
