"""Sentence files: how people say what a command does, beside the command's own file.

    # a remark
    [study.training]
    = 登记培训                          a name, which calls it outright
    登记培训 昨天 集中学习 半天            an example, learnt by likeness
    (登记|补登)[一下]培训 {rest}          a template, read whole, its slots typed
    ~ 改到{day}                         a template; who may not, means something else
    <when> = (昨天|今天)                 a piece that the templates below may use
    ! 假如上周集中学习，大家都来了          never this; a template bars what fits it
    & <note> & (培训|讲座) & - 怎么        a sketch: words in any order

One sentence a line, in the order in which they are learnt.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

SUFFIX = ".phrases"
INTENT = re.compile(r"\[([a-z][a-z0-9_.]*)\]")
PIECE = re.compile(r"<(\w+)> = (.+)")
MARKS = {"= ": "names", "! ": "nevers", "& ": "sketches"}
TEMPLATE = re.compile(r"[(\[{<|]")


@dataclass(frozen=True)
class Line:
    """A sentence, and where it is written: a file's name and a line from 1.

    yields: said by whoever may not do it, it means something else.
    """

    text: str
    file: str = ""
    number: int = 0
    yields: bool = False

    @property
    def place(self) -> str:
        return f"{self.file}:{self.number}"


@dataclass(frozen=True)
class Phrases:
    """All that is written of one intent. pieces: by name, what templates share."""

    names: tuple[Line, ...] = ()
    examples: tuple[Line, ...] = ()
    templates: tuple[Line, ...] = ()
    nevers: tuple[Line, ...] = ()
    sketches: tuple[Line, ...] = ()
    pieces: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[str], examples: Iterable[str] = ()) -> "Phrases":
        """Make them of plain sentences that no file holds."""
        return cls(tuple(map(Line, names)), tuple(map(Line, examples)))


def read_beside(code: Path, intent: str) -> Phrases:
    """Read what stands of an intent beside a file of code. Raises ValueError."""
    path = code.with_suffix(SUFFIX)
    found = read_phrases(path) if path.exists() else {}
    if intent not in found:
        raise ValueError(f"{path.name} says nothing of [{intent}]")
    return found[intent]


@cache
def read_phrases(path: Path) -> Mapping[str, Phrases]:
    """Read a sentence file: intent → its phrases. Raises ValueError by line."""
    found: dict[str, dict[str, list[Line]]] = {}
    pieces: dict[str, str] = {}
    kinds: dict[str, list[Line]] | None = None
    file = f"{path.parent.name}/{path.name}"
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        text = raw.strip()
        line = Line(text, file, number)
        if not text or text.startswith("# "):
            continue
        if opened := INTENT.fullmatch(text):
            if opened[1] in found:
                raise ValueError(f"{line.place}: [{opened[1]}] stands here twice")
            kinds = found[opened[1]] = {}
        elif piece := PIECE.fullmatch(text):
            pieces[piece[1]] = piece[2]
        elif kinds is None:
            raise ValueError(f"{line.place}: no [intent] stands above this")
        else:
            yields = text.startswith("~ ")
            kind, said = _sort(text.removeprefix("~ "))
            kinds.setdefault(kind, []).append(Line(said, file, number, yields))
    return {
        intent: Phrases(
            **{kind: tuple(lines) for kind, lines in each.items()}, pieces=pieces
        )
        for intent, each in found.items()
    }


def _sort(text: str) -> tuple[str, str]:
    for mark, kind in MARKS.items():
        if text.startswith(mark):
            return kind, text[len(mark) :]
    return ("templates" if TEMPLATE.search(text) else "examples"), text


def is_template(line: Line) -> bool:
    return bool(TEMPLATE.search(line.text))
