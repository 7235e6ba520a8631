"""Tables for people: xlsx files written from rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)  # the same rows give the same bytes
LONGEST = 32_767  # what a cell holds
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


A4 = 9
NARROWEST, WIDEST, LOOKED_AT = 6, 40, 60
FIRST_WIDE = 0x2E80
CELL = {"border": 1, "text_wrap": True, "valign": "vcenter"}


@dataclass(frozen=True)
class _Looks:
    head: Format
    cell: Format
    day: Format


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, its head row, and its rows."""

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[object]]


def write_book(sheets: Iterable[Sheet]) -> bytes:
    """Write sheets to be printed on A4, each with its title and a head row repeated.

    A number is a number and a day a day; all else is text, never a formula. The title
    stands in the printed page's head, so that the first row is that of the heads.
    """
    content = BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False}
    )
    book.set_properties({"created": NO_TIME})
    looks = _Looks(
        book.add_format({**CELL, "bold": True, "align": "center"}),
        book.add_format(CELL),
        book.add_format({**CELL, "num_format": "yyyy-mm-dd", "align": "center"}),
    )
    for each in sheets:
        _write_sheet(book.add_worksheet(each.title[:31]), each, looks)
    book.close()
    return content.getvalue()


def _write_sheet(page: Worksheet, sheet: Sheet, looks: _Looks) -> None:
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.9, bottom=0.7)
    page.set_header(f"&C&14{sheet.title.replace('&', '&&')}")
    page.set_footer("&C第 &P 页，共 &N 页")
    widths = [_width(str(each)) for each in sheet.heads]
    for column, head in enumerate(sheet.heads):
        page.write_string(0, column, head, looks.head)
    for number, row in enumerate(sheet.rows, 1):
        for column, value in enumerate(row):
            if column < len(widths):
                widths[column] = max(widths[column], _width(_say(value)))
            _write_cell(page, number, column, value, looks)
    for column, width in enumerate(widths):
        page.set_column(column, column, min(max(width + 2, NARROWEST), WIDEST))


def _write_cell(
    page: Worksheet, row: int, column: int, value: object, looks: _Looks
) -> None:
    match value:
        case bool() | datetime():
            page.write_string(row, column, _say(value), looks.cell)
        case int() | float():
            page.write_number(row, column, value, looks.cell)
        case date():
            page.write_datetime(row, column, value, looks.day)
        case _:
            page.write_string(row, column, _say(value), looks.cell)


def _say(value: object) -> str:
    return "" if value is None else str(value)[:LONGEST]


def _width(text: str) -> int:
    """Reckon how wide a text is, in the digits by which Excel counts."""
    line = max(text[:LOOKED_AT].split("\n"), key=len)
    return sum(1 if ord(each) < FIRST_WIDE else 2 for each in line)
