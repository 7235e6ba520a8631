"""Tables for people: xlsx files written from rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter

NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)  # the same rows give the same bytes
LONGEST = 32_767  # what a cell holds
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, its head row, and its rows."""

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[object]]


def write_book(sheets: Iterable[Sheet]) -> bytes:
    """Write sheets, each with a bold head row; every value as text, never a formula."""
    content = BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False}
    )
    book.set_properties({"created": NO_TIME})
    bold = book.add_format({"bold": True, "bottom": 1})
    for each in sheets:
        sheet = book.add_worksheet(each.title[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(each.heads) - 1, 16)
        for column, head in enumerate(each.heads):
            sheet.write_string(0, column, head, bold)
        for number, row in enumerate(each.rows, 1):
            for column, value in enumerate(row):
                text = "" if value is None else str(value)
                sheet.write_string(number, column, text[:LONGEST])
    book.close()
    return content.getvalue()
