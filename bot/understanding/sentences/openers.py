"""Where an order may begin in a text: after nothing but polite words and the like.

The words before are taken away one after another, so that it takes the same time
however they overlap; one pattern with all of them tried would not.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.understanding.names import OPENER

FARTHEST = 60
"""Characters; an order that begins later is a part of a story."""


def starts(text: str, harmless: re.Pattern[str] | None = None) -> Sequence[int]:
    """List the places before which only openers stand, and what is harmless too."""
    words = _words(harmless.pattern if harmless else "")
    places = range(min(len(text), FARTHEST))
    return [place for place in places if not words.sub("", text[:place])]


def match_at(
    form: re.Pattern[str], text: str, places: Iterable[int]
) -> re.Match[str] | None:
    """Match a form at the first of the places where it fits."""
    return next(filter(None, (form.match(text, place) for place in places)), None)


@lru_cache
def _words(harmless: str) -> re.Pattern[str]:
    return re.compile(f"{harmless}|{OPENER.pattern}") if harmless else OPENER
