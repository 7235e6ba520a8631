"""A field of cells, drawn: who has what at a glance, its table beside it.

What is filled is one path, so that a branch's field stays small over the wire.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.records.special import Overview

CELL, GAP, LEFT, HEAD, FOOT = 18, 3, 84, 96, 6
NONE = ("", "—")
LONGEST_HEAD, LONGEST_NAME = 8, 5


@dataclass(frozen=True)
class Label:
    """A word beside the field, and where it stands."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Matrix:
    """filled, bare: the paths of cells that have something, and of those that lack it.

    said: what the picture shows, in words.
    """

    filled: str
    bare: str
    names: Sequence[Label]
    heads: Sequence[Label]
    wide: int
    high: int
    said: str


def draw_matrix(overview: Overview) -> Matrix:
    """Place a cell for each of the table's; the first column names the rows."""
    step = CELL + GAP
    rows, heads = overview.rows, overview.heads[1:]
    squares: dict[bool, list[str]] = {True: [], False: []}
    for down, row in enumerate(rows):
        for across, cell in enumerate(row[1:]):
            if cell == "—":
                continue
            x, y = LEFT + across * step, HEAD + down * step
            squares[cell not in NONE].append(f"M{x} {y}h{CELL}v{CELL}h-{CELL}z")
    had, lacked = len(squares[True]), len(squares[False])
    return Matrix(
        "".join(squares[True]),
        "".join(squares[False]),
        [
            Label(row[0][:LONGEST_NAME], LEFT - 8, HEAD + down * step + 14)
            for down, row in enumerate(rows)
        ],
        [
            Label(head[:LONGEST_HEAD], LEFT + across * step + 6, HEAD - 8)
            for across, head in enumerate(heads)
        ],
        LEFT + max(1, len(heads)) * step + HEAD,
        HEAD + len(rows) * step + FOOT,
        f"{had + lacked} 格里有 {had} 格",
    )
