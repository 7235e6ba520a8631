"""What only orders to write something down, and is none of it: …，给她添到荣誉里头."""

import re
from collections.abc import Collection
from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon

HERE = Path(__file__)
VERB, SMALL, WELL = (Lexicon(HERE, name) for name in ("verb", "small", "well"))
OPENING = re.compile(r"(?P<said>[^\s，,。；;！!：:]+)[：:]\s*(?=\S)")
CLAUSES = re.compile(r"([\s，,。；;！!]+)")


def without_orders(text: str, named: Collection[str] = ()) -> str:
    """Leave a text without the clauses that only order, and how it set out.

    An order may open it with a colon: 记一条报道：3月2日苏州日报….

    named: words for what is written down: 荣誉, in 荣誉里记一个. What would be left
    empty stays as it was.
    """
    text = _without_opening(WELL.cut_start(text), named)
    pieces = CLAUSES.split(text)
    kept = [
        (said, mark)
        for said, mark in zip(pieces[::2], [*pieces[1::2], ""], strict=True)
        if said and not _only_orders(said, named)
    ]
    if len(kept) == len([each for each in pieces[::2] if each]):
        return "".join(pieces)
    return "".join(f"{said}{mark}" for said, mark in kept).strip() or text


def _without_opening(text: str, named: Collection[str]) -> str:
    opening = OPENING.match(text)
    orders = opening and _only_orders(opening["said"], named)
    return text[opening.end() :] if opening and orders else text


def _only_orders(clause: str, named: Collection[str]) -> bool:
    if not VERB.stands_in(clause):
        return False
    for word in sorted(named, key=len, reverse=True):
        clause = clause.replace(word, "")
    return SMALL.is_all_of(VERB.cut(clause))
