"""Whom an order leaves out, wherever it says so: 除了孙丽, 孙丽不用通知, 不含何雪."""

import re
from pathlib import Path

from bot.text.parts import part_at
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.audience import Take
from bot.understanding.words.people import NAME

HERE = Path(__file__)
BUT = tuple(Lexicon(HERE, name) for name in ("but", "not_told", "left_out"))
BETWEEN = "、，,和跟与及"
EDGES = "，,；; "


def take_exceptions(text: str, take: Take) -> tuple[str, str]:
    """Part a text into what is left of it, and the words for who is left out.

    A name that is nobody's here is taken too where it has a clause of its own: whoever
    reads it asks back. Other words stay where they are: 除了带笔记，还要带笔.
    """
    gone: list[str] = []
    for form in BUT:
        at = 0
        while hit := form.find(text, at):
            at = hit.end()
            if are_people(hit["who"], take, parted=bool(hit["lead"])):
                gone.append(hit["who"])
                text, at = cut(text, *hit.span()), hit.start()
    return text, "、".join(gone)


def are_people(words: str, take: Take, *, parted: bool) -> bool:
    """Whether words are people, known here or, in a clause of their own, by form."""
    known = not take(words)[1].strip()
    parts = part_at(words, BETWEEN)
    return known or (parted and all(re.fullmatch(NAME, each) for each in parts))


def cut(text: str, start: int, end: int) -> str:
    """Take a piece out, with the marks that parted it."""
    before, after = text[:start].rstrip(EDGES), text[end:].lstrip(EDGES)
    if not before or not after or before[-1] in "。！!：:\n" or after[0] in "。！!\n":
        return f"{before}{after}"
    return f"{before}，{after}"
