"""What only orders to write something down, and is none of it: …，给她添到荣誉里头."""

import re
from collections.abc import Collection
from pathlib import Path

from bot.understanding.learnt.tags import MARKS, ORDER, RECORD_TAGGER, Part
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.clauses import part_clauses
from bot.understanding.words.masks import FACTS, mask

HERE = Path(__file__)
VERB, SMALL, WELL = (Lexicon(HERE, name) for name in ("verb", "small", "well"))
OPENING = re.compile(r"(?P<said>[^\s，,。；;！!：:]+)[：:]\s*(?=\S)")


def without_orders(text: str, named: Collection[str] = ()) -> str:
    """Leave a text without the clauses that only order, and how it set out.

    An order may also open it, with a colon: 记一条报道：3月2日苏州日报…. What would be
    left empty stays as it was. named: words for what is written down: 荣誉, in
    荣誉里记一个.
    """
    text = _without_opening(WELL.cut_start(text), named)
    clauses = part_clauses(text)
    kept = [each for each in clauses if not _only_orders(each[0], named)]
    if kept == clauses:
        return text
    return "".join(f"{said}{mark}" for said, mark in kept).strip() or text


def without_order_words(text: str, names: Collection[str]) -> str:
    """Leave a text without a last clause that was learnt to be the order's own words.

    …，这种小事也能进办实事吧？能就写. What names a time, a figure or somebody stays.
    names: of people who are known.
    """
    parted = RECORD_TAGGER.part(text, names)
    if parted is None or not parted.content:
        return text
    parts = list(parted.parts)
    before = "".join(each.words for each in parts[:-1])
    if _is_idle(parts[-1]) and {before[-1:], parts[-1].words[0]} & {*MARKS}:
        return before.strip(MARKS) or text
    return text


def _is_idle(part: Part) -> bool:
    said = mask(part.words)
    names_facts = any(sign in said for sign in FACTS) or "半" in said
    return part.tag == ORDER and VERB.stands_in(part.words) and not names_facts


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
