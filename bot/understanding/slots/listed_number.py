"""The number by which something is listed: 第3个, 编号 3, 3."""

from collections.abc import Iterable
from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.when.numbers import find_number

HERE = Path(__file__)
NUMBER = Lexicon(HERE, "number")
ALONE = Lexicon(HERE, "alone")
AHEAD = Lexicon(HERE, "ahead")
PLACE = Lexicon(HERE, "place")
PARTED = (" ", "\t", "\n", "，", ",", "。", "：", ":")


def number_in(words: str) -> int | None:
    """Read a listed number among other words; a date or an hour is none."""
    found = NUMBER.find(words)
    return int(found["n"] or found["bare"]) if found else None


def only_number(words: str) -> int | None:
    """Read a listed number that is all that is said: 3, 第3个吧."""
    return number_in(words) if ALONE.fit(words) else None


def number_ahead(words: str) -> int | None:
    """Read the number that words begin with, or that they are: 12 标题…, 十二."""
    hit = AHEAD.find_at(words)
    return int(hit["n"]) if hit else find_number(words)


def part_number_ahead(words: str, titles: Iterable[str]) -> tuple[int, str] | None:
    """Part the number that words begin with from what follows; None for no number.

    It stands for itself: 12 日期…, 第12条; not 12月, nor 3小时. titles: what may
    follow it at once.
    """
    hit = AHEAD.find_at(words)
    if hit is None:
        return None
    rest = words[hit.end() :]
    alone = hit["of"] or hit[0][-1:].isspace() or not rest
    alone = alone or rest.startswith((*PARTED, *titles))
    return (int(hit["n"]), rest) if alone else None


def place_in(words: str) -> int | None:
    """Read which in its order a thing is: 第二项."""
    hit = PLACE.find(words)
    return find_number(hit["n"]) if hit else None
