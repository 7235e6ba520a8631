"""Small text can be read: 4.5:1 against what lies under it (WCAG 2.2, 1.4.3)."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot.cards import birthday, collective
from bot.cards.sheet import STYLES, Sheet, StyleName, draw
from tests.bot.cards.test_birthday import CARDS, WANG
from tests.bot.cards.test_collective import make_card

pytestmark = pytest.mark.thorough

CELL, LEAST, TITLE = 60, 4.5, 180
WRITING = 300
"""So many pixels of a square are more than a rule or the edge of a letter."""
Colour = tuple[int, int, int]


def luminance(colour: Colour) -> float:
    """Tell the relative luminance as WCAG 2.2 defines it."""
    shares = [each / 255 for each in colour[:3]]
    red, green, blue = (
        s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def contrasts(values: dict[str, Any], style: StyleName) -> Iterator[float]:
    """Tell, of each small square with writing in it, how well it stands out.

    The title is large, and rules are no writing.
    """
    written, bare = (
        Image.open(BytesIO(draw({**values, "bare": each}, Sheet(style)))).convert("RGB")
        for each in (False, True)
    )
    for top in range(TITLE, written.height, CELL):
        for left in range(0, written.width, CELL):
            box = (left, top, left + CELL, top + CELL)
            ink, ground = written.crop(box), bare.crop(box)
            pairs: list[tuple[Any, Any]] = list(
                zip(ink.get_flattened_data(), ground.get_flattened_data(), strict=True)
            )
            rows = [pairs[at : at + CELL] for at in range(0, len(pairs), CELL)]
            letters = [
                [pair for pair in row if pair[0] != pair[1]]
                for row in rows
                if sum(a != b for a, b in row) < CELL * 0.8
            ]
            found = [pair for row in letters for pair in row]
            if len(found) >= WRITING:
                yield max(contrast(a, b) for a, b in set(found))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("card", [CARDS["noted"], replace(WANG, party_age=0)])
def test_of_one_member(style: StyleName, card: birthday.BirthdayCard) -> None:
    found = list(contrasts(birthday.gather_values(card), style))
    assert len(found) > 40
    assert min(found) >= LEAST


@pytest.mark.parametrize("style", STYLES)
def test_of_many(style: StyleName) -> None:
    found = list(contrasts(collective.gather_values(make_card(24)), style))
    assert len(found) > 40
    assert min(found) >= LEAST
