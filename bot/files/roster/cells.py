"""One cell of a table and how its value is spelled as text."""

import re
from dataclasses import dataclass, field
from datetime import date

from bot.text.radicals import RADICALS


@dataclass(frozen=True)
class Partial:
    """A value of which the cell shows only a part: 2011年7月 of a whole day.

    A cell is what it shows; text is that.
    """

    text: str


# A datetime, which is a date, where a time of day comes with it.
Cell = str | float | bool | date | Partial
Row = list[Cell]

# Zero-width and direction marks that come along with text copied from chats and pages.
INVISIBLE = dict.fromkeys(
    [
        0xAD,
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
    ]
)
CLEANED = {**INVISIBLE, **RADICALS}
PLACEHOLDERS = frozenset((
    "/", "\\", "-", "--", "—", "——", "－", "／", "无", "空", "暂无", "未转正", "不详",
    "未知", "N/A", "n/a", "NA", "null", "NULL", "None", "nan",
))  # fmt: skip
EXCEL_ERRORS = frozenset((
    "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!",
    "#CALC!", "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!",
))  # fmt: skip
SPACES = re.compile(r"\s+")
# How a number is kept from being one: ="20231234", '20231234.
KEPT_TEXT = re.compile(r'="((?:[^"]|"")*)"|[\'‘’＇](?=\w)(.*)', re.DOTALL)


@dataclass
class Sheet:
    """A grid whose first row is row 1 of the spreadsheet.

    name is None where the file has only this sheet. A hidden sheet has no rows.
    shared holds, by (row, column) from 0, the value of the vertical merge that covers
    a cell other than its first. hidden_rows, hidden_columns, struck: what its readers
    do not see, or see crossed out; all counted from 0.
    """

    name: str | None
    rows: list[Row]
    shared: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck: frozenset[tuple[int, int]] = frozenset()

    def cell(self, row: int, column: int) -> Cell:
        cells = self.rows[row]
        own = cells[column] if column < len(cells) else ""
        return self.shared.get((row, column), "") if own == "" else own


def text_of(cell: Cell) -> str:
    """Spell a cell without invisible marks; whole numbers without a point."""
    if isinstance(cell, str):
        seen = cell.translate(CLEANED).replace("_x000D_", "").strip()
        if kept := KEPT_TEXT.fullmatch(seen):
            return (kept[2] or (kept[1] or "").replace('""', '"')).strip()
        return seen
    if isinstance(cell, Partial):
        return cell.text
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def squeeze(text: str) -> str:
    """Drop all white space, line breaks included."""
    return SPACES.sub("", text)


def is_placeholder(text: str) -> bool:
    """Whether secretaries write this where there is nothing to write."""
    return not text or squeeze(text) in PLACEHOLDERS


def is_excel_error(text: str) -> bool:
    return text in EXCEL_ERRORS or text.startswith("Err:")


def is_formula(text: str) -> bool:
    """Whether a formula stands where what it comes to should."""
    return len(text) > 1 and text[0] == "=" and text[1] != "="
