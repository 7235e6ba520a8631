"""A sheet before it is drawn: its size, and where every line of text will stand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.cards.typeset import Hand, cut_clusters, measure

SizeName = Literal["phone", "a5"]
Ink = Literal["title", "hero", "name", "label", "body", "accent", "foot", "rule"]
Side = Literal["left", "center", "right"]

ASCENT = 0.88
"""The part of the em box above the baseline in both faces."""


@dataclass(frozen=True)
class Size:
    """Pixels of a sheet; `u` is the unit of all lengths: 1/1080 of its width."""

    width: int
    height: int
    dpi: int

    def u(self, units: float) -> int:
        return round(units * self.width / 1080)


SIZES: dict[SizeName, Size] = {
    "phone": Size(1080, 1440, 150),
    "a5": Size(1748, 2480, 300),
}


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    def contains(self, other: "Box", slack: float = 0.5) -> bool:
        return (
            self.left - slack <= other.left
            and self.top - slack <= other.top
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def overlaps(self, other: "Box", slack: float = 0.5) -> bool:
        apart_x = other.left >= self.right - slack or self.left >= other.right - slack
        apart_y = other.top >= self.bottom - slack or self.top >= other.bottom - slack
        return not (apart_x or apart_y)


@dataclass(frozen=True)
class Line:
    """One line of text; `x` is its left end, `gap` extra pixels between clusters."""

    text: str
    hand: Hand
    ink: Ink
    x: float
    baseline: float
    gap: float = 0.0

    @property
    def box(self) -> Box:
        gaps = max(0, len(cut_clusters(self.text)) - 1) * self.gap
        right = self.x + measure(self.text, self.hand) + gaps
        top = self.baseline - ASCENT * self.hand.size
        return Box(self.x, top, right, top + self.hand.size)


@dataclass(frozen=True)
class Rule:
    """A hairline, drawn as a filled box."""

    box: Box


@dataclass(frozen=True)
class Block:
    """Lines and rules that move together; tops are measured from the block's own."""

    height: float
    lines: tuple[Line, ...] = ()
    rules: tuple[Rule, ...] = ()

    def moved(self, down: float) -> "Block":
        return Block(
            self.height,
            tuple(replace(one, baseline=one.baseline + down) for one in self.lines),
            tuple(
                Rule(replace(r.box, top=r.box.top + down, bottom=r.box.bottom + down))
                for r in self.rules
            ),
        )


@dataclass(frozen=True)
class Layout:
    """All that is written on a sheet, and the margins within which it stands."""

    size: Size
    margins: Box
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...] = ()


def place(text: str, hand: Hand, ink: Ink, at: tuple[float, float], side: Side) -> Line:
    """Stand a line with its left end, middle or right end at x, its baseline at y."""
    x, baseline = at
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[side]
    return Line(text, hand, ink, x - share * measure(text, hand), baseline)


def stack(blocks: Sequence[Block], top: float, gaps: Sequence[float]) -> list[Block]:
    """Set blocks under each other from `top`; `gaps` are those between neighbours."""
    placed = []
    for block, gap in zip(blocks, [*gaps, 0.0], strict=True):
        placed.append(block.moved(top))
        top += block.height + gap
    return placed
