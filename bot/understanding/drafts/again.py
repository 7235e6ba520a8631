"""同样的再来一个，周五的: the thing last spoken of once more, at another time."""

from pathlib import Path

from bot.understanding.sentences.forms import Forms

FORMS = Forms(Path(__file__))


def find_again(text: str) -> str | None:
    """Return the words for when it is to be once more, "" where none are said.

    None for any other text.
    """
    found = FORMS.find(text)
    if found is None or found.start:
        return None
    return found.slots.get("when", "").strip("的")
