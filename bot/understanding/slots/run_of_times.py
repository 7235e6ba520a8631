"""Whether words are times and polite words only: 从下周起每周一早上, 请在明早九点."""

import re
from pathlib import Path

from bot.understanding.names import OPENER
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.when.marks import SOFT
from bot.understanding.when.phrases import outside_times
from bot.understanding.when.words import clean

LONGEST = 40
VAGUE = re.compile(
    "|".join((*sorted(SOFT, key=len, reverse=True), "到时候?", "到点", r"\d+\.\d+"))
)
HERE = Path(__file__)
PAST = Lexicon(HERE, "past")
JOINTS = Lexicon(HERE, "joints")


def is_run_of_times(text: str) -> bool:
    """Tell; times that are over are none that something can be done at."""
    if len(text) > LONGEST or text.endswith(("的", "个")) or PAST.find(text):
        return False
    if _is_harmless(outside_times(clean(text))):
        return True
    certain = VAGUE.sub("", text)
    rest = outside_times(clean(certain))
    return certain != text and _is_harmless(certain if rest is None else rest)


def _is_harmless(rest: str | None) -> bool:
    return rest is not None and not OPENER.cut(JOINTS.cut(rest))


def holds_time(text: str) -> bool:
    return outside_times(clean(text)) is not None
