"""One measured figure beside the bar that it must clear, and how both are printed."""

from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import east_asian_width


@dataclass(frozen=True)
class Figure:
    """bar: at most (or, with `least`, at least) this; None where nothing is asked."""

    what: str
    value: float
    unit: str
    bar: float | None = None
    least: bool = False

    @property
    def row(self) -> tuple[str, str, str, str]:
        return self.what, f"{_short(self.value)} {self.unit}", self._bar, self._verdict

    @property
    def _bar(self) -> str:
        sign = "≥" if self.least else "<"
        return "" if self.bar is None else f"{sign} {_short(self.bar)} {self.unit}"

    @property
    def _verdict(self) -> str:
        if self.bar is None:
            return ""
        cleared = self.value >= self.bar if self.least else self.value < self.bar
        return "ok" if cleared else "MISSED"


def draw(title: str, figures: Iterable[Figure]) -> str:
    """Write a Markdown table that can be read as it is."""
    head = (title, "measured", "bar", "")
    rows = [head, *(figure.row for figure in figures)]
    widths = [max(_width(row[at]) for row in rows) for at in range(len(head))]
    lines = [
        "| "
        + " | ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=True))
        + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _short(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
