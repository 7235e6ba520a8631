"""Orders whose parts are marked, as people wrote them.

tests/understanding/parts has files whose lines are `split`, `kind` and the sentence, in
which `[C …]` is what is carried, `[W …]` for whom, `[N …]` without whom, `[A …]` when
it goes, `[B …]` by when to answer, `[X …]` a choice. `[W …]` within `[C …]` is both.
Of the call to a meeting (`called`) `[K …]` is its name, `[T …]` when and `[P …]` where,
`[G …]` what is on the agenda, `[L …]` who speaks, `[M …]` what to bring or to know.
Of a change to a preview (`change`) `[W …]` is to whom it goes instead, `[+ …]` and
`[- …]` who else and who not, `[D …]` words to be dropped, `[E …]` put in their place.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.said import read_lines
from bench.understanding import LABELLED
from bot.understanding.learnt.tags import CONTENT, NAMED_WITHIN, ORDER, WHO

PARTS = LABELLED.parent / "parts"


@dataclass(frozen=True)
class Marked:
    """tags: one for each character of the text."""

    measured: bool
    kind: str
    text: str
    tags: str


def read_parts() -> Iterator[Marked]:
    for path in sorted(PARTS.glob("*.tsv")):
        for measured, kind, marked in read_lines(path):
            yield Marked(measured, kind, *read_marked(marked))


def read_marked(marked: str) -> tuple[str, str]:
    """Part marked words into the words and their tags. Raises ValueError."""
    text, tags, within = "", "", [ORDER]
    at = 0
    while at < len(marked):
        if marked[at] == "[" and marked[at + 2 : at + 3] == " ":
            tag = marked[at + 1]
            is_both = tag == WHO and within[-1] == CONTENT
            within.append(NAMED_WITHIN if is_both else tag)
            at += 3
            continue
        if marked[at] == "]" and len(within) > 1:
            within.pop()
        else:
            text, tags = text + marked[at], tags + within[-1]
        at += 1
    if len(within) > 1:
        raise ValueError(f"not closed: {marked}")
    return text, tags
