"""Where an order may begin in a text: after nothing but polite words and the like.

The words before are taken away one after another, so that it takes the same time
however they overlap; one pattern with all of them tried would not.
"""

from collections.abc import Sequence

from bot.understanding.names import OPENER

FIRST = OPENER.beginnings
FARTHEST = 60
"""Characters; an order that begins later is a part of a story."""


def starts(text: str) -> Sequence[int]:
    """List the places before which only openers stand."""
    if FIRST and text[:1] not in FIRST:
        return [0] if text else []
    places = range(min(len(text), FARTHEST))
    return [place for place in places if not OPENER.cut(text[:place])]
