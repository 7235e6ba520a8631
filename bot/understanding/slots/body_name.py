"""What a party body is called, whether there is one or not: 第二党小组, 机电支部."""

from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon

HERE = Path(__file__)
NAME = Lexicon(HERE, "name")


def find_body_name(text: str) -> str:
    """Find the first name of a body; "" for none."""
    hit = NAME.find(text)
    return hit[0] if hit else ""
