"""What one slot has read is taken out of a text: a gap stays, which no other reads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.understanding.sentences.form import APART

GAP = APART
MARKS = rf"[{GAP}\s，,。；;、]"


@dataclass(frozen=True)
class Taken:
    """A value as it is written. start, end: where it stands."""

    value: str
    start: int
    end: int


def take_out(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{GAP}{text[end:]}"


def take_alone(text: str, words: Sequence[str]) -> str:
    """Take words out where they stand alone between marks: …，无偿的，…."""
    return _alone(tuple(words)).sub(GAP, text)


@lru_cache
def _alone(words: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(map(re.escape, words))
    return re.compile(rf"(?:^|(?<={MARKS}))(?:是|的)?(?:{either})的?(?=$|{MARKS})")
