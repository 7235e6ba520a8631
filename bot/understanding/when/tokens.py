"""Cut a text into the words of time that it holds; all other words are left out."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.understanding.when.doubt import Doubt

Build = Callable[[re.Match[str]], object]

BEGINNINGS = (
    "-0123456789T~〇一七三上下不两中为之九二五今从以休倒假傍儿元党全八公六内再农冬凌到前劳十"
    "卅午半单去双同后周四国多夜大天妇子季学宪寒小工左差年建廿开当往或截打抗接提放教新日旧早明"
    "星春昨晌晚晨暑最月期未本来植次止正此每深清烈百的直礼端第结腊自至节赶起转过还这连逢重长阴附除"
    "隔零青非首黄"
)
"""Characters that a word of time begins with: nowhere else are the rules tried."""

_GROUP_NAME = re.compile(r"\(\?P<\w+>")


@dataclass(frozen=True)
class Rule:
    """What a word of time looks like, and what is made of it.

    signs: of one that begins with any character, those that one of must stand in it.
    """

    pattern: str
    build: Build
    signs: str = ""


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
        self._signs = "".join(rule.signs for rule in rules)
        self._all = _Table(rules)
        self._common = _Table([rule for rule in rules if not rule.signs], BEGINNINGS)

    def tokens(self, text: str) -> Iterator[Token]:
        has_sign = any(sign in text for sign in self._signs)
        return (self._all if has_sign else self._common).tokens(text)

    def tokens_by_every_rule(self, text: str) -> Iterator[Token]:
        """Find the same, slowly: each rule is tried at each place."""
        return self._all.tokens(text)


class _Table:
    """Rules as one pattern. beginnings: where they are tried; "" for everywhere."""

    def __init__(self, rules: Sequence[Rule], beginnings: str = "") -> None:
        self._rules = [(re.compile(rule.pattern), rule.build) for rule in rules]
        nameless = (_GROUP_NAME.sub("(?:", rule.pattern) for rule in rules)
        one_of = "|".join(f"({pattern})" for pattern in nameless)
        there = f"(?=[{re.escape(beginnings)}])" if beginnings else ""
        self._pattern = re.compile(f"{there}(?:{one_of})")

    def tokens(self, text: str) -> Iterator[Token]:
        for found in self._pattern.finditer(text):
            pattern, build = self._rules[(found.lastindex or 1) - 1]
            detail = pattern.match(text, found.start())
            if detail is not None:
                yield Token(*found.span(), _meaning(build, detail))


def _meaning(build: Build, found: re.Match[str]) -> object:
    try:
        return build(found)
    except Doubt as doubt:
        return doubt
