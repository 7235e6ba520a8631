"""Cut a text into the words of time that it holds; all other words are left out."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.understanding.when.doubt import Doubt

Build = Callable[[re.Match[str]], object]

_GROUP_NAME = re.compile(r"\(\?P<\w+>")


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
        self._rules = [(re.compile(rule.pattern), rule.build) for rule in rules]
        nameless = (_GROUP_NAME.sub("(?:", rule.pattern) for rule in rules)
        self._any = re.compile("|".join(f"({pattern})" for pattern in nameless))

    def tokens(self, text: str) -> Iterator[Token]:
        for found in self._any.finditer(text):
            pattern, build = self._rules[(found.lastindex or 1) - 1]
            detail = pattern.match(text, found.start())
            if detail is not None:
                yield Token(*found.span(), _meaning(build, detail))


def _meaning(build: Build, found: re.Match[str]) -> object:
    try:
        return build(found)
    except Doubt as doubt:
        return doubt
