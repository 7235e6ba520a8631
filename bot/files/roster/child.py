"""Runs as a child: a workbook on standard input → its cells as JSON on standard output.

Called with the kind of workbook: xlsx, xls or ods.
"""

import io
import json
import sys
from datetime import date
from typing import Any

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from bot.files.roster.biff import is_locked
from bot.files.roster.cells import Partial
from bot.files.roster.error_cells import find_looks
from bot.files.roster.limits import MAX_CELLS, MAX_ROWS
from bot.files.roster.looks import ErrorCells, Looks
from bot.files.roster.number_formats import show
from bot.files.sandbox import limit_self
from bot.files.xlsx_parts import Package

# Where macros keep their lists; nobody can see it without opening the macro editor.
VERY_HIDDEN = SheetVisibleEnum.VeryHidden
# Two gigabytes of memory, 45 seconds of computing.
MEMORY, SECONDS = 2 * 1024**3, 45
MAX_ANSWER = 200 * 1024 * 1024


class TooLarge(ValueError):
    """The workbook has more rows or cells than a roster may have."""


def answer_for(content: bytes, kind: str) -> str:
    """Answer {"sheets": [{"name", "hidden", "rows", …}]} or {"refusal": why}.

    why: "password" or "large".
    """
    if kind == "xls" and is_locked(content):
        return json.dumps({"refusal": "password"})
    try:
        sheets = readable_sheets(content, kind)
    except TooLarge:
        return json.dumps({"refusal": "large"})
    answer = json.dumps({"sheets": sheets}, default=spell)
    return answer if len(answer) <= MAX_ANSWER else json.dumps({"refusal": "large"})


def readable_sheets(content: bytes, kind: str) -> list[dict[str, Any]]:
    if kind == "xlsx":
        content = Package(content).for_library() or content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    looks = find_looks(content, kind)
    sheets = []
    rows_left, cells_left = MAX_ROWS, MAX_CELLS
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible == VERY_HIDDEN:
            continue
        if sheet.visible == SheetVisibleEnum.Hidden:
            sheets.append({"name": sheet.name, "hidden": True})
            continue
        grid = book.get_sheet_by_name(sheet.name)
        rows_left -= grid.total_height
        cells_left -= grid.total_height * grid.total_width
        if rows_left < 0 or cells_left < 0:
            raise TooLarge
        sheets.append(cells_of(grid, looks.get(sheet.name, Looks())))
    return sheets


def cells_of(sheet: CalamineSheet, looks: Looks) -> dict[str, Any]:
    rows: list[list[Any]] = [
        list(row) for row in sheet.to_python(skip_empty_area=False)
    ]
    show_texts(rows, looks.texts)
    for row, column, code in looks.codes:
        if row < len(rows) and column < len(rows[row]):
            shown = show(rows[row][column], code)
            rows[row][column] = rows[row][column] if shown is None else shown
    merges = [
        (top, left, bottom)
        for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []
        if bottom > top
    ]
    return {
        "name": sheet.name,
        "hidden": False,
        "rows": rows,
        "merges": merges,
        "hidden_rows": looks.hidden_rows,
        "hidden_columns": looks.hidden_columns,
        "struck": looks.struck,
    }


def show_texts(rows: list[list[Any]], texts: ErrorCells) -> None:
    for row, column, text in texts:
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        day = isinstance(rows[row][column], date)
        rows[row][column] = Partial(text) if day else text


def spell(value: object) -> object:
    """Keep a day's type on the way; a time of day or a duration becomes text."""
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Partial):
        return {"shown": value.text}
    return str(value)


if __name__ == "__main__":
    limit_self(MEMORY, SECONDS)
    sys.stdout.write(answer_for(sys.stdin.buffer.read(), sys.argv[1]))
