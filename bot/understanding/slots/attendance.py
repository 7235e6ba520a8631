"""Who was there, at the end of what is told: 参加：王芳 · 王芳和李伟参加 · 除了何雪."""

from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon

HERE = Path(__file__)
CAME = Lexicon(HERE, "came")
LAST = Lexicon(HERE, "last")
WITHOUT = Lexicon(HERE, "without")


def part_attendance(text: str) -> tuple[str, str]:
    """Part a text into what comes before, and who came, "" if it says nothing of it.

    除了何雪 stays as it is: whom it is an exception to, is not said.
    """
    found = CAME.find(text) or WITHOUT.find(text) or LAST.find(text)
    return (text[: found.start()], found["who"]) if found else (text, "")
