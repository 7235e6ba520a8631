"""What people said to previews and to notices, each with what they meant.

tests/understanding/replies has a file for each; its lines are `split`, `meaning` and
the words.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.understanding import LABELLED

REPLIES = LABELLED.parent / "replies"
MEASURED = "measure"


@dataclass(frozen=True)
class MeantReply:
    measured: bool
    meaning: str
    text: str


def read_replies(name: str) -> Iterator[MeantReply]:
    """name: `drafts` or `notices`, to which of them it was said."""
    path = REPLIES / f"{name}.tsv"
    for line in path.read_text("utf-8").splitlines():
        split, meaning, text = line.split("\t")
        yield MeantReply(split == MEASURED, meaning, text)
