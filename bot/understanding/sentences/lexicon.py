"""Words that stand within a text: a section of a sentence file, several to a line.

    [done]
    了 已 实到                  each is one of them
    (去|到)[了] {han}+2-8      as `notation` tells
    ! 过来                     where this stands, none of them does

What is written first is found first. White space and commas around them are nothing.
What is found is a match: where it stands, and its pieces by their names.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from bot.text.phrases import SUFFIX, read_phrases
from bot.understanding.sentences.notation import pattern_of
from bot.understanding.when.beginnings import beginnings

SMALL_MARKS = r"\s，,、。；;：:"
HIDDEN = "\x1f"
"""Stands for what only looks like a word: nobody types it."""
FEW = 1000  # characters; what may begin with more is in every text


class Lexicon:
    """The words of one section, of the file beside the code that looks for them.

    Raises ValueError for what is no such section.
    """

    def __init__(self, code: Path, name: str) -> None:
        path = code.with_suffix(SUFFIX)
        if name not in (found := read_phrases(path)):
            raise ValueError(f"{path.name} says nothing of [{name}]")
        self.name = name
        self._phrases = found[name]

    def find(self, text: str, place: int = 0) -> re.Match[str] | None:
        """Find the first of them in a text, from a place on."""
        hit = self._any.search(text, place)
        if hit is None or self._nevers is None:
            return hit
        return self._any.search(self._seen(text), place)

    def find_all(self, text: str) -> Iterator[re.Match[str]]:
        return self._any.finditer(self._seen(text))

    def find_at(self, text: str, place: int = 0) -> re.Match[str] | None:
        """Find the one that stands at a place."""
        return self._any.match(self._seen(text), place)

    def fit(self, text: str) -> re.Match[str] | None:
        """Find the one that is the whole text."""
        return self._any.fullmatch(self._seen(text))

    def may_stand_in(self, signs: frozenset[str]) -> bool:
        """Tell by its characters whether a text can have one of them at all."""
        return not self.beginnings or not self.beginnings.isdisjoint(signs)

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """List the characters that they may begin with; none where those are many."""
        found = beginnings(self.written)
        return found if found and len(found) < FEW else frozenset()

    def stands_in(self, text: str) -> bool:
        return self.find(text) is not None

    def stands_first(self, text: str) -> bool:
        return self._any.match(self._seen(text)) is not None

    def stands_last(self, text: str) -> bool:
        return self._last.search(self._seen(text)) is not None

    def is_one(self, text: str) -> bool:
        return self._any.fullmatch(self._seen(text)) is not None

    def is_all_of(self, text: str) -> bool:
        """Tell whether a text is nothing but such words, or none at all."""
        return self._many.fullmatch(self._seen(text)) is not None

    def cut(self, text: str, gap: str = "") -> str:
        """Leave a text without them. gap: what stands in their place."""
        if self._nevers is None:
            return self._any.sub(gap, text)
        pieces, at = list[str](), 0
        for hit in self.find_all(text):
            pieces.append(text[at : hit.start()])
            at = hit.end()
        return gap.join([*pieces, text[at:]])

    def part(self, text: str) -> tuple[str, str]:
        """Part a text at the first of them into what stands before and after it."""
        hit = self.find(text)
        return (text[: hit.start()], text[hit.end() :]) if hit else (text, "")

    def cut_start(self, text: str) -> str:
        """Leave a text without all that it begins with."""
        hit = self._many.match(self._seen(text))
        return text[hit.end() :] if hit else text

    def cut_first(self, text: str) -> str:
        """Leave a text without the one word that it begins with."""
        hit = self._any.match(self._seen(text))
        return text[hit.end() :].lstrip(" \n，,、。；;：:") if hit else text

    def cut_end(self, text: str) -> str:
        """Leave a text without all that it ends with."""
        hit = self._ends.search(self._seen(text))
        return text[: hit.start()] if hit else text

    @cached_property
    def _any(self) -> re.Pattern[str]:
        return self._compile(self.written)

    @cached_property
    def _last(self) -> re.Pattern[str]:
        return self._compile(f"(?:{self.written})$")

    @cached_property
    def _many(self) -> re.Pattern[str]:
        return self._compile(f"(?:{self.written}|[{SMALL_MARKS}])*")

    @cached_property
    def _ends(self) -> re.Pattern[str]:
        return self._compile(f"(?:{self.written}|[{SMALL_MARKS}])+$")

    @cached_property
    def _nevers(self) -> re.Pattern[str] | None:
        lines = [each.text for each in self._phrases.nevers]
        return self._compile(self._either(lines)) if lines else None

    @cached_property
    def written(self) -> str:
        """Write them all as one pattern, for another that they are a part of."""
        lines = (*self._phrases.examples, *self._phrases.templates)
        ordered = sorted(lines, key=lambda line: line.number)
        return self._either([each.text for each in ordered])

    def _either(self, lines: list[str]) -> str:
        return "|".join(pattern_of(line, self._phrases.pieces) for line in lines)

    def _compile(self, written: str) -> re.Pattern[str]:
        return re.compile(written, re.IGNORECASE)

    def _seen(self, text: str) -> str:
        """Hide what only looks like one of them; every place stays where it is."""
        if self._nevers is None:
            return text
        return self._nevers.sub(lambda hit: HIDDEN * len(hit[0]), text)
