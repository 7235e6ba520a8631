"""What people said to previews and to notices, each with what they meant.

tests/understanding/replies has a file for each; its lines are `split`, `meaning` and
the words.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.said import read_lines
from bench.understanding import LABELLED

REPLIES = LABELLED.parent / "replies"


@dataclass(frozen=True)
class MeantReply:
    measured: bool
    meaning: str
    text: str


def read_replies(name: str) -> Iterator[MeantReply]:
    """name: `drafts` or `notices`, to which of them it was said."""
    for measured, meaning, text in read_lines(REPLIES / f"{name}.tsv"):
        yield MeantReply(measured, meaning, text)
