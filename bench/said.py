"""The sentences that people were asked to say for each command, as they were written.

tests/understanding/said has a file for each topic; its lines are `split`, `intent` and
`text`. From those of `train` is learnt (`make learn`), on those of `measure` measured.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.understanding import LABELLED

SAID = LABELLED.parent / "said"
MEASURED = "measure"


@dataclass(frozen=True)
class SaidSentence:
    measured: bool
    intent: str
    text: str


def read_said() -> Iterator[SaidSentence]:
    for path in sorted(SAID.glob("*.tsv")):
        for measured, intent, text in read_lines(path):
            yield SaidSentence(measured, intent, text)


def read_lines(path: Path) -> Iterator[tuple[bool, str, str]]:
    """Give each line: whether it is measured, what it means, and its words."""
    for line in path.read_text("utf-8").splitlines():
        split, meaning, words = line.split("\t")
        yield split == MEASURED, meaning, words
