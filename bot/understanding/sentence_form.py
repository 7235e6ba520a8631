"""A template's text → one pattern, and the words that a text must have to fit it.

    (登记|补登)    one of them          [一下]     or nothing
    {who}         a slot: its name tells what may stand there (SHAPES)
    {title=what}  a slot with a name of its own, of that kind
    {how:先|后}   a slot that is one of these
    <ways>        a piece that the sentence file defines
    a blank       a gap: white space, a comma or a colon; [ ] where there may be one

Raises ValueError for what is none of these.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.understanding.words.masks import TIME

NUMERAL = "0-9零〇一二两三四五六七八九十百千半"
SHAPES = {
    "who": r"[^:?。!;《“]{1,60}?",
    "name": r"[一-龥·]{2,8}?",
    "n": rf"[{NUMERAL}]+",
    "time": TIME.pattern,
    "day": rf"(?={TIME.pattern})[^:。!?;]{{1,24}}?",
    "when": rf"(?={TIME.pattern})[^。!?;]{{1,40}}?",
    "what": r"[^,。!?:;]{1,24}?",
    "part": r".+?",
    "rest": r".+",
    "dated": rf"(?={TIME.pattern}).+",
}
"""By kind: what may stand in a slot, in a text's compared form."""
TIMES = ("time", "day", "when", "dated")
"""Kinds that begin with a time; "time" is one, and nothing else."""
FREE = ("rest",)
"""Kinds that are the speaker's own words: what they say is no order."""
CONTENT = ("dated",)
"""Kinds that are so by what they begin with: only their end may ask."""
GAP = r"[,:;。!、]*"
TOKEN = re.compile(
    r"\{(?P<slot>\w+)(?:=(?P<kind>\w+)|:(?P<choices>[^{}]+))?\}"
    r"|<(?P<piece>\w+)>|(?P<mark>[()\[\]|])|(?P<gap> +)|(?P<literal>[^()\[\]{}<>| ]+)"
)
Needles: TypeAlias = frozenset[str]


@dataclass(frozen=True)
class Form:
    """pattern: of the whole; needles: one of these is in every text that fits.

    slots: the kind of each. gaps: groups that must be punctuation, or follow white
    space. literals: groups that are the template's own words.
    """

    pattern: re.Pattern[str]
    needles: Needles
    slots: Mapping[str, str]
    gaps: tuple[str, ...]
    literals: tuple[str, ...]


@dataclass
class _Part:
    """A piece of pattern, and what is needed of a text for it (None: nothing)."""

    pattern: str
    needles: Needles | None = None


@dataclass
class _Reader:
    pieces: Mapping[str, str]
    slots: dict[str, str] = field(default_factory=dict)
    gaps: list[str] = field(default_factory=list)
    literals: list[str] = field(default_factory=list)

    def sequence(self, tokens: list[re.Match[str]]) -> _Part:
        """Read up to a closing mark or the end, and take those tokens away."""
        if [each[0][:1] for each in tokens[:2]] == [" ", "]"]:
            del tokens[:2]
            return _Part(GAP)
        branches: list[list[_Part]] = [[]]
        while tokens:
            token = tokens.pop(0)
            mark = token["mark"]
            if mark == "|":
                branches.append([])
            elif mark in (")", "]"):
                return self._either(branches, optional=mark == "]")
            elif mark:
                branches[-1].append(self.sequence(tokens))
            else:
                branches[-1].append(self._single(token))
        return self._either(branches, optional=False)

    def _either(self, branches: Sequence[Sequence[_Part]], *, optional: bool) -> _Part:
        joined = [_join(each) for each in branches]
        pattern = "|".join(each.pattern for each in joined)
        if optional:
            return _Part(f"(?:{pattern})?")
        needed = [each.needles or frozenset() for each in joined]
        needles = frozenset[str]().union(*needed) if all(needed) else None
        return _Part(f"(?:{pattern})" if len(joined) > 1 else pattern, needles)

    def _single(self, token: re.Match[str]) -> _Part:
        if name := token["piece"]:
            if name not in self.pieces:
                raise ValueError(f"no piece is called <{name}>")
            inner = self.sequence(tokens_of(self.pieces[name]))
            return _Part(f"(?:{inner.pattern})", inner.needles)
        if token["slot"]:
            return self._slot(token)
        if token["gap"]:
            return _Part(self._group(GAP, self.gaps, "g"))
        words = token["literal"].lower()
        return _Part(
            self._group(re.escape(words), self.literals, "l"), frozenset([words])
        )

    def _slot(self, token: re.Match[str]) -> _Part:
        name, choices = token["slot"], token["choices"]
        kind = token["kind"] or ("one" if choices else name)
        if kind not in SHAPES and not choices:
            raise ValueError(f"no slot is of the kind {kind}")
        number = sum(each.partition("__")[0] == name for each in self.slots)
        group = f"{name}__{number}"  # once in each branch
        self.slots[group] = kind
        if choices:
            every = choices.lower().split("|")
            shape = "|".join(map(re.escape, sorted(every, key=len, reverse=True)))
            return _Part(f"(?P<{group}>{shape})", frozenset(every))
        return _Part(f"(?P<{group}>{SHAPES[kind]})")

    def _group(self, pattern: str, names: list[str], kind: str) -> str:
        name = f"_{kind}{len(names)}"
        names.append(name)
        return f"(?P<{name}>{pattern})"


def read_form(text: str, pieces: Mapping[str, str], ending: str) -> Form:
    """Read a template. ending: a pattern of what may follow it and says nothing."""
    reader = _Reader(pieces)
    tokens = tokens_of(text)
    whole = reader.sequence(tokens)
    if tokens:
        raise ValueError(f"a bracket is closed that is not open: {text}")
    if not whole.needles:
        raise ValueError(f"no word of its own: {text}")
    return Form(
        re.compile(f"(?:{whole.pattern})(?:{ending})$"),
        whole.needles,
        reader.slots,
        tuple(reader.gaps),
        tuple(reader.literals),
    )


def tokens_of(text: str) -> list[re.Match[str]]:
    found, at, depth = [], 0, 0
    while at < len(text):
        token = TOKEN.match(text, at)
        if token is None:
            raise ValueError(f"not to be read from {text[at:]!r}")
        depth += (token["mark"] or " ") in "(["
        depth -= (token["mark"] or " ") in ")]"
        found.append(token)
        at = token.end()
    if depth:
        raise ValueError(f"a bracket is left open or closed twice: {text}")
    return found


def _join(parts: Sequence[_Part]) -> _Part:
    """Set parts after one another; of what they need, the longest is looked for."""
    needed = [each.needles for each in parts if each.needles]
    best = max(needed, key=lambda each: min(map(len, each)), default=None)
    return _Part("".join(each.pattern for each in parts), best)
