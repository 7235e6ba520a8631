"""同样的再来一个，周五的: the thing last spoken of once more, at another time."""

from pathlib import Path

from bot.understanding.sentences.forms import Forms

FORMS = Forms(Path(__file__))


def find_again(text: str) -> str:
    """Return the words for when it is to be once more; "" for any other text."""
    found = FORMS.find(text)
    return found.slots["when"].strip("的") if found and not found.start else ""
