"""What every laid-out card must keep to."""

from collections.abc import Callable
from itertools import combinations

import pytest

from bot.cards.fonts import open_font
from bot.cards.sheet import Box, Layout, Line

Check = Callable[[Layout], None]


def find_ink(line: Line) -> Box:
    """Find the box of the ink itself: figures are lower than their em."""
    _, top, _, bottom = open_font("serif", line.hand.size).getbbox(
        line.text, anchor="ls"
    )
    box = line.box
    return Box(box.left, line.baseline + top, box.right, line.baseline + bottom)


@pytest.fixture(scope="session")
def assert_tidy() -> Check:
    """Every line inside the margins, and none upon another."""

    def check(layout: Layout) -> None:
        for line in layout.lines:
            assert layout.margins.contains(line.box), line
        inks = [(find_ink(line), line) for line in layout.lines]
        for (one, a), (other, b) in combinations(inks, 2):
            assert not one.overlaps(other), (a, b)
        for rule in layout.rules:
            assert layout.margins.contains(rule.box)

    return check
