"""How much of some words stands in a text: by their pairs of characters."""

import re
from functools import lru_cache

PAIR = 2
MARKS = r"[，。,.!?！？：:；;“”\"\s]"


def share(words: str, text: str) -> float:
    """Return which part of the words' pairs the text has, 0 to 1.

    A single character says little, but it is there or it is not.
    """
    if len(words) < PAIR:
        return float(words in text)
    pairs = {words[at : at + PAIR] for at in range(len(words) - PAIR + 1)}
    return sum(pair in text for pair in pairs) / len(pairs)


def without(text: str, idle: str) -> str:
    """Leave of a text what says something: no marks, nor any of the idle words."""
    return _words(idle).sub("", text)


@lru_cache
def _words(idle: str) -> re.Pattern[str]:
    return re.compile("|".join((*map(re.escape, idle.split()), MARKS)))
