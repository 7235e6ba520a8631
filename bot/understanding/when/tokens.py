"""Cut a text into the words of time that it holds; all other words are left out."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.understanding.when.beginnings import beginnings
from bot.understanding.when.doubt import Doubt

Build = Callable[[re.Match[str]], object]


@dataclass(frozen=True)
class Rule:
    """What a word of time looks like, and what is made of it."""

    pattern: str
    build: Build


@dataclass(frozen=True)
class Token:
    start: int
    end: int
    meaning: object


class Lexer:
    """Tries the rules in their order at each place of the text.

    A word that cannot mean anything certain has its Doubt for a meaning.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._anywhere: list[_Tried] = []
        self._by_first: dict[str, list[_Tried]] = {}
        firsts = [beginnings(rule.pattern) for rule in rules]
        chars = frozenset[str]().union(*filter(None, firsts))
        for rule, first in zip(rules, firsts, strict=True):
            tried = re.compile(rule.pattern), rule.build
            if first is None:
                self._anywhere.append(tried)
            for char in chars if first is None else first:
                self._by_first.setdefault(char, []).append(tried)

    def tokens(self, text: str) -> Iterator[Token]:
        at = 0
        while at < len(text):
            token = _try(self._by_first.get(text[at], self._anywhere), text, at)
            if token:
                yield token
            at = token.end if token else at + 1


_Tried: TypeAlias = tuple[re.Pattern[str], Build]


def _try(rules: Iterable[_Tried], text: str, at: int) -> Token | None:
    for pattern, build in rules:
        found = pattern.match(text, at)
        if found and found.end() > at:
            return Token(at, found.end(), _meaning(build, found))
    return None


def _meaning(build: Build, found: re.Match[str]) -> object:
    try:
        return build(found)
    except Doubt as doubt:
        return doubt
