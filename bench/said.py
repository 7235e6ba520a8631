"""The sentences that people were asked to say for each command, as they were written.

tests/understanding/said has a file for each topic; its lines are `split`, `intent` and
`text`. From those of `train` is learnt (`make learn`), on those of `measure` measured.
"""

from collections.abc import Iterator
from dataclasses import dataclass

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
        for line in path.read_text("utf-8").splitlines():
            split, intent, text = line.split("\t")
            yield SaidSentence(split == MEASURED, intent, text)
