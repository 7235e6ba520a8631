"""Tables for people: xlsx files written from rows."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write_sheet(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]
) -> bytes:
    """Write one sheet with a bold head row; every value as text, never a formula."""
    content = BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False}
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heads) - 1, 16)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, "" if value is None else str(value))
    book.close()
    return content.getvalue()
