"""同样的再来一个，周五的: the thing last spoken of once more, at another time."""

from pathlib import Path

from bot.understanding.sentences.forms import Forms

FORMS = Forms(Path(__file__))


def find_again(text: str, of: str = "") -> str | None:
    """Return the words for when it is to be once more, "" where none are said.

    None for any other text. of: what the thing is called; a text that says 提醒 is of
    no notice.
    """
    found = FORMS.find(text)
    if found is None or found.start:
        return None
    if of and found.slots.get("thing", of) != of:
        return None
    return found.slots.get("when", "").strip("的")
