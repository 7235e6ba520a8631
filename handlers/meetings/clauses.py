"""Clauses of an order, or of an answer to its preview: 记录 陈静; 地点 302; 议题 …."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.sentences.forms import Forms

HERE = Path(__file__)
OF_A_MEETING = (
    "agenda",
    "host",
    "recorder",
    "lecturer",
    "observers",
    "place",
    "deadline",
)
IN_AN_ORDER = Forms(HERE, *OF_A_MEETING)
IN_AN_EDIT = Forms(HERE, *OF_A_MEETING, "item", "name", "to", "at", "keep")
OF_KIND = Forms(HERE, "of_kind")
SAME_HOUR = Forms(HERE, "same_hour")
VERBS = (
    *("讨论", "研究", "审议", "表决", "传达", "通报", "总结", "选举", "部署"),
    *("商量", "商议", "商定", "酝酿"),
)
ABOUT = (*VERBS, *(f"专题{each}" for each in VERBS))
"""What begins an agenda without saying so."""
MARKS = re.compile(r"([，,。；;\n])")
EDGES = " \t\n，,。；;：:、"


@dataclass(frozen=True)
class Clause:
    """of: which of a meeting's particulars it says, as the sections are called."""

    of: str
    words: str


def read_clause(said: str, forms: Forms) -> Clause | None:
    """Read one clause; None where it says nothing of its own."""
    if said.startswith(ABOUT):
        return Clause("agenda", said)
    found = forms.find(said)
    if found is None:
        return None
    return Clause(found.template.intent, found.slots.get("words", "").strip(EDGES))


def part_clauses(
    text: str, is_apart: Callable[[str], bool]
) -> tuple[str, Sequence[Clause]]:
    """Part the clauses that say something of their own from the rest of an order.

    What follows the agenda is of it too, but for who leads, where it is, and what
    stands apart from any: when it is, who is left out.
    """
    rest, agenda, found = list[str](), list[str](), list[Clause]()
    pieces = [*MARKS.split(text), ""]
    for said, mark in zip(pieces[::2], pieces[1::2], strict=True):
        left, clause = _cut_last(said)
        if clause and clause.of == "agenda" and not agenda:
            rest += [left, mark]
            agenda += [clause.words, mark]
        elif agenda and clause is None and is_apart(said):
            rest += [said, mark]
        elif agenda and (clause is None or clause.of == "agenda" or left.strip()):
            agenda += [said, mark]
        else:
            rest += [left, mark]
            found += [clause] if clause else []
    if items := "".join(agenda).strip(EDGES):
        found.append(Clause("agenda", items))
    return "".join(rest), found


def _cut_last(said: str) -> tuple[str, Clause | None]:
    """Cut off what a piece ends with, from as far left as white space lets it begin."""
    words = said.split()
    for at in range(len(words)):
        if clause := read_clause(" ".join(words[at:]), IN_AN_ORDER):
            return " ".join(words[:at]), clause
    return said, None
