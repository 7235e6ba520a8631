"""不是李伟是何雪: who or what is meant in the place of another."""

from pathlib import Path

from bot.understanding.sentences.forms import Forms
from bot.understanding.speech import asks_of_us
from bot.understanding.text import normalise

FORMS = Forms(Path(__file__))
MARKS = " ，,。：:“”"


def read_instead(text: str) -> tuple[str, str] | None:
    """Return what it was not and what it is; None for any other text."""
    found = FORMS.find(text)
    if found is None or found.start or asks_of_us(normalise(text).text):
        return None
    old, new = found.slots["old"].strip(MARKS), found.slots["new"].strip(MARKS)
    return (old, new) if old and new else None
