"""What every card must keep to, read from its PDF: where each character stands."""

from dataclasses import dataclass
from itertools import combinations

import pypdfium2
from pypdfium2.raw import FPDFText_GetFontSize

A5 = (148 * 72 / 25.4, 210 * 72 / 25.4)


@dataclass(frozen=True)
class Char:
    """A character's ink in points from the upper left corner, and its size."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    size: float

    def overlaps(self, other: "Char", slack: float = 0.4) -> bool:
        return not (
            other.left >= self.right - slack
            or self.left >= other.right - slack
            or other.top >= self.bottom - slack
            or self.top >= other.bottom - slack
        )


def read_chars(paper: bytes) -> list[Char]:
    """Read what is written on the only page, without spaces."""
    [page] = pypdfium2.PdfDocument(paper)
    text, height = page.get_textpage(), page.get_height()
    found = []
    for at in range(text.count_chars()):
        char = text.get_text_range(at, 1)
        if char.strip():
            left, bottom, right, top = text.get_charbox(at)
            size = FPDFText_GetFontSize(text, at)
            found.append(Char(char, left, height - top, right, height - bottom, size))
    return found


def read_text(paper: bytes) -> str:
    return "".join(each.char for each in read_chars(paper))


def assert_tidy(paper: bytes, edge: float = 0.0) -> None:
    """Every character within the sheet's margins, and none upon another.

    edge: points between the page's edge and the sheet's.
    """
    [page] = pypdfium2.PdfDocument(paper)
    width, height = page.get_size()
    margin = edge + 28
    chars = read_chars(paper)
    for each in chars:
        assert margin <= each.left, each
        assert each.right <= width - margin, each
        assert margin / 2 <= each.top, each
        assert each.bottom <= height - margin, each
    inks = {(each.left, each.top): each for each in chars}  # —— is one glyph
    for one, other in combinations(inks.values(), 2):
        assert not one.overlaps(other), (one, other)
