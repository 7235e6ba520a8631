"""Words that stand within a text: a section of a sentence file, several to a line.

    [done]
    了 已 实到                  each is one of them
    (去|到)[了] <more>         (a|b) one of these, [ ] or nothing, <> a piece
    ! 过来                     where this stands, none of them does

What is written first is found first. White space and commas around them are nothing.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from bot.text.phrases import SUFFIX, Phrases, read_phrases
from bot.understanding.sentences.form import APART, tokens_of

SMALL_MARKS = r"\s，,、。；;：:"
OPENS = {"(": "(?:", "[": "(?:", ")": ")", "]": ")?", "|": "|"}


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

    def stands_in(self, text: str) -> bool:
        return self._any.search(self._seen(text)) is not None

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
        pieces, at = list[str](), 0
        for hit in self._any.finditer(self._seen(text)):
            pieces.append(text[at : hit.start()])
            at = hit.end()
        return gap.join([*pieces, text[at:]])

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
        return self._compile(self._written)

    @cached_property
    def _last(self) -> re.Pattern[str]:
        return self._compile(f"(?:{self._written})$")

    @cached_property
    def _many(self) -> re.Pattern[str]:
        return self._compile(f"(?:{self._written}|[{SMALL_MARKS}])*")

    @cached_property
    def _ends(self) -> re.Pattern[str]:
        return self._compile(f"(?:{self._written}|[{SMALL_MARKS}])+$")

    @cached_property
    def _nevers(self) -> re.Pattern[str] | None:
        lines = [each.text for each in self._phrases.nevers]
        return self._compile(_either(lines, self._phrases)) if lines else None

    @property
    def _written(self) -> str:
        lines = (*self._phrases.examples, *self._phrases.templates)
        ordered = sorted(lines, key=lambda line: line.number)
        return _either([each.text for each in ordered], self._phrases)

    def _compile(self, written: str) -> re.Pattern[str]:
        return re.compile(written, re.IGNORECASE)

    def _seen(self, text: str) -> str:
        """Hide what only looks like one of them; every place stays where it is."""
        if self._nevers is None:
            return text
        return self._nevers.sub(lambda hit: APART * len(hit[0]), text)


def _either(lines: list[str], phrases: Phrases) -> str:
    words = [word for line in lines for word in line.split()]
    return "|".join("".join(_patterns(word, phrases)) for word in words)


def _patterns(word: str, phrases: Phrases) -> Iterator[str]:
    """Yield the pieces of a word's pattern. Raises ValueError."""
    for token in tokens_of(word):
        if token["literal"]:
            yield re.escape(token["literal"])
        elif token["mark"]:
            yield OPENS[token["mark"]]
        elif token["piece"] in phrases.pieces:
            yield f"(?:{''.join(_patterns(phrases.pieces[token['piece']], phrases))})"
        else:
            raise ValueError(f"no word of a list: {word}")
