"""What a text is about where it is no known sentence: a few words, in any order.

A sketch is a line of a command's sentence file that begins with "&":

    & <record> & (谈心|谈话) & - 怎么

Each part must stand somewhere in the text, one that begins with "-" nowhere; the first
is the order's own word: by the clause that it stands in it is judged whether anything
is ordered at all. <record> is a piece of the file, or a section of `sketches.phrases`,
which all share. The one with the most parts is meant; where two have as many, both are
offered.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.branch.people.members import Role
from bot.text.phrases import SUFFIX, Line, read_phrases
from bot.understanding.sentences.notation import pattern_of
from bot.understanding.sentences.templates import HasSentences
from bot.understanding.speech import QUOTED
from bot.understanding.text import Said
from bot.understanding.when.beginnings import beginnings

HERE = Path(__file__).with_suffix(SUFFIX)
AND, NOT = " & ", "- "
PAUSES = frozenset(",。;!?:~…、")
LONGEST = 200  # characters; what is longer was written, and says what it is


@dataclass(frozen=True)
class Part:
    """Words of which one must stand in a text, or none may."""

    written: str
    barred: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.written)

    @cached_property
    def signs(self) -> frozenset[str]:
        """What the words may begin with; none where that may be anything."""
        return beginnings(self.written) or frozenset()


class _Heard:
    """A text, and what was looked for in it already: sketches share many words."""

    def __init__(self, text: str) -> None:
        self.text, self._signs = text, frozenset(text)
        self._hits: dict[str, re.Match[str] | None] = {}

    def find(self, part: Part) -> re.Match[str] | None:
        if part.signs and part.signs.isdisjoint(self._signs):
            return None
        if part.written not in self._hits:
            self._hits[part.written] = part.pattern.search(self.text)
        return self._hits[part.written]


@dataclass(frozen=True)
class Sketch:
    intent: str
    role: Role
    line: Line
    parts: tuple[Part, ...]

    def fit(self, heard: "_Heard") -> "Fit | None":
        hits = []
        for part in self.parts:
            hit = heard.find(part)
            if bool(hit) == part.barred:
                return None
            if hit:
                hits.append(hit)
        own = sum(len(hit[0]) for hit in hits)
        clause, at = _clause(heard.text, hits[0])
        return Fit(self, clause, clause[:at], hits[0][0], own)


@dataclass(frozen=True)
class Fit:
    """A sketch that a text fits. clause: where the order's own word stands.

    word: that word; ahead: what of the clause stands before it. own: how many
    characters of the text the sketch knows.
    """

    sketch: Sketch
    clause: str
    ahead: str
    word: str
    own: int

    @property
    def weight(self) -> int:
        return sum(not part.barred for part in self.sketch.parts)


class Sketches:
    """All sketches, learnt once from the commands."""

    def __init__(self, commands: Iterable[HasSentences]) -> None:
        shared = {
            name: " ".join(
                line.text
                for line in sorted(
                    (*each.examples, *each.templates), key=lambda line: line.number
                )
            )
            for name, each in read_phrases(HERE).items()
        }
        self._all = [
            _read(command, line, shared)
            for command in commands
            for line in command.phrases.sketches
        ]

    def find(
        self,
        text: str,
        role: Role,
        may_be: Callable[[Fit], bool],
        passed: Collection[Line] = (),
    ) -> list[Fit]:
        """List what a text fits of what a role may do, of each intent the best.

        Only those that no other outweighs. text: as `pause` writes it. may_be: whether
        nothing speaks against one. passed: lines that are not to be tried.
        """
        if len(text) > LONGEST:
            return []
        heard, best = _Heard(text), dict[str, Fit]()
        for each in self._all:
            if each.role > role or each.line in passed:
                continue
            if fit := each.fit(heard):
                known = best.get(each.intent)
                better = known is None or _rank(fit) > _rank(known)
                if better and may_be(fit):
                    best[each.intent] = fit
        found = sorted(best.values(), key=_rank, reverse=True)
        return [each for each in found if each.weight == found[0].weight]


def pause(said: Said) -> str:
    """Write a text with a comma where it was typed apart: 今晚七点 党徽戴好.

    What is quoted is not the speaker's own, and is left out.
    """
    pieces = []
    for place, sign in enumerate(said.text):
        apart = place in said.gaps and place and said.text[place - 1] not in PAUSES
        pieces.append(f",{sign}" if apart and sign not in PAUSES else sign)
    return QUOTED.sub("“”", "".join(pieces))


def _rank(fit: Fit) -> tuple[int, int]:
    return fit.weight, fit.own


def _clause(text: str, hit: re.Match[str]) -> tuple[str, int]:
    """Give the clause that a word stands in, and where in it."""
    before = max((text.rfind(mark, 0, hit.start()) for mark in PAUSES), default=-1)
    ends = [at for mark in PAUSES if (at := text.find(mark, hit.end())) >= 0]
    start = before + 1
    return text[start : min(ends, default=len(text))], hit.start() - start


def _read(command: HasSentences, line: Line, shared: dict[str, str]) -> Sketch:
    """Read a line. Raises ValueError, with its place, where it is none."""
    pieces = {**shared, **command.phrases.pieces}
    for name in shared.keys() & command.phrases.pieces.keys():
        if f"<{name}>" in line.text:
            raise ValueError(f"{line.place}: <{name}> is of the file and of all")
    parts = []
    for written in line.text.split(AND):
        barred = written.startswith(NOT)
        words = written.removeprefix(NOT)
        try:
            parts.append(Part(f"(?:{pattern_of(words, pieces)})", barred))
        except (ValueError, re.error) as wrong:
            raise ValueError(f"{line.place}: {wrong}") from wrong
    if parts[0].barred:
        raise ValueError(f"{line.place}: a sketch begins with what is ordered")
    return Sketch(command.intent, command.role, line, tuple(parts))
