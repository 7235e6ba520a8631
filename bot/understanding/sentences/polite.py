"""Orders put as questions, politely: 能不能…, …可以吗."""

from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon

HERE = Path(__file__)
BEFORE = Lexicon(HERE, "before")
AFTER = Lexicon(HERE, "after")


def without_asking(text: str) -> str:
    """Take the asking from a normalised text; "" where nothing asks so politely.

    吗 alone asks whether something is so: 何雪转正了吗 orders nothing.
    """
    begun = BEFORE.cut(text)
    bare = AFTER.cut(begun if begun == text else begun.rstrip("吗?"))
    return bare if bare != text else ""
