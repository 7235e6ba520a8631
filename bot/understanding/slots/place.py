"""Where something is held: whether words are a place, and where a text names one."""

from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon

HERE = Path(__file__)
LIKE_A_PLACE = Lexicon(HERE, "like_a_place")
IN_TEXT = Lexicon(HERE, "in_text")
SOMEWHERE = Lexicon(HERE, "somewhere")


OF_NO_ROOM = ("线上", "线下", "网上", "腾讯会议", "视频会议")
"""Where people meet without a room; 线下 is wherever they met before."""


def is_place(words: str) -> bool:
    """Tell whether words are like a place and nothing else: 302, 党员活动室, 线上."""
    return LIKE_A_PLACE.fit(words) is not None or words in OF_NO_ROOM


def find_places(text: str) -> list[tuple[int, int]]:
    """List where in a text the places stand at which something is held."""
    spans = []
    for found in IN_TEXT.find_all(text):
        group = next(each for each in ("told", "held", "met") if found[each])
        spans.append(found.span(group))
    return spans


def part_place(text: str) -> tuple[str, str]:
    """Part what is said to be where it is from a text; "" where none is told.

    A comma stays where it stood.
    """
    hit = SOMEWHERE.find(text)
    if hit is None:
        return "", text
    return hit["place"], f"{text[: hit.start()]}，{text[hit.end() :]}"
