"""What is wrong with a roster, said so that the secretary finds the cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Refusal

SHOWN_LENGTH = 24
SHOWN_FAULTS = 200

# Ten digits and more are an identity card, a phone or a bank card: never in full.
LONG_NUMBER = re.compile(r"\d{9,}[Xx]?|\d(?:[\s-]?\d){10,}[Xx]?")


class Unreadable(ValueError):
    """A cell that cannot be understood; the text says why, in Chinese."""


@dataclass(frozen=True)
class Fault:
    """One remark about one place; row and sheet as the spreadsheet shows them."""

    sentence: str
    row: int | None = None
    column: str | None = None
    value: str = ""
    sheet: str | None = None

    def __str__(self) -> str:
        sheet = f"工作表「{self.sheet}」" if self.sheet else ""
        row = f"第 {self.row} 行" if self.row else ""
        column = f"「{self.column}」" if self.column else ""
        value = f"“{self.value}”" if self.value else ""
        place = f"{sheet}{row}{column}{value}"
        return f"{place}：{self.sentence}" if place else self.sentence


class RosterError(Refusal):
    """The roster is refused as a whole; nothing of it may be used."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[:SHOWN_FAULTS]]
        if (more := len(self.faults) - SHOWN_FAULTS) > 0:
            lines.append(f"……另有 {more} 处。")
        super().__init__("\n".join(lines))


def shorten(text: str) -> str:
    """Make a value fit to be shown: one short line, no private number in full."""
    line = " ".join(text.split())
    line = LONG_NUMBER.sub(lambda number: f"{number[0][:3]}***", line)
    return line if len(line) <= SHOWN_LENGTH else f"{line[:SHOWN_LENGTH]}…"
