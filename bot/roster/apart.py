"""Runs as a child: a workbook on standard input → its cells as JSON on standard output.

Called with the kind of workbook: xlsx, xls or ods.
"""

import io
import json
import sys
from datetime import date, datetime
from typing import Any

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from bot.apart import limit_self
from bot.roster.biff import is_locked
from bot.roster.error_cells import ErrorCells, find_error_cells
from bot.roster.limits import MAX_CELLS, MAX_ROWS

# Where macros keep their lists; nobody can see it without opening the macro editor.
VERY_HIDDEN = SheetVisibleEnum.VeryHidden
# Two gigabytes of memory, 45 seconds of computing.
MEMORY, SECONDS = 2 * 1024**3, 45
MAX_ANSWER = 200 * 1024 * 1024


class TooLarge(ValueError):
    """The workbook has more rows or cells than a roster may have."""


def answer_for(content: bytes, kind: str) -> str:
    """Answer {"sheets": [{"name", "hidden", "rows", "merges"}]} or {"refusal": why}.

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
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    errors = find_error_cells(content, kind)
    sheets = []
    rows_left, cells_left = MAX_ROWS, MAX_CELLS
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible == VERY_HIDDEN:
            continue
        if sheet.visible == SheetVisibleEnum.Hidden:
            sheets.append(
                {"name": sheet.name, "hidden": True, "rows": [], "merges": []}
            )
            continue
        grid = book.get_sheet_by_name(sheet.name)
        rows_left -= grid.total_height
        cells_left -= grid.total_height * grid.total_width
        if rows_left < 0 or cells_left < 0:
            raise TooLarge
        sheets.append(cells_of(grid, errors.get(sheet.name, [])))
    return sheets


def cells_of(sheet: CalamineSheet, errors: ErrorCells) -> dict[str, Any]:
    rows: list[list[Any]] = [
        list(row) for row in sheet.to_python(skip_empty_area=False)
    ]
    for row, column, text in errors:
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = text
    merges = [
        (top, left, bottom)
        for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []
        if bottom > top
    ]
    return {"name": sheet.name, "hidden": False, "rows": rows, "merges": merges}


def spell(value: object) -> object:
    """Keep a day's type on the way; a time of day or a duration becomes text."""
    if isinstance(value, datetime):
        return {"date": value.date().isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return str(value)


if __name__ == "__main__":
    limit_self(MEMORY, SECONDS)
    sys.stdout.write(answer_for(sys.stdin.buffer.read(), sys.argv[1]))
