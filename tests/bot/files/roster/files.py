"""Writes sample rosters; every person in them is invented."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date

import xlsxwriter
import xlwt

from bot.files.roster.biff import look_at_xls
from bot.files.roster.entry import Roster
from bot.files.roster.faults import RosterError
from bot.files.roster.looks import ErrorCells
from bot.files.roster.read import read_roster

TODAY = date(2026, 8, 1)
Rows = Sequence[Sequence[object]]
Draw = Callable[[xlsxwriter.Workbook], object]


def read(content: bytes, filename: str = "名册.xlsx") -> Roster:
    return read_roster(content, filename, TODAY)


def refusal(content: bytes, filename: str = "名册.xlsx") -> RosterError:
    try:
        read_roster(content, filename, TODAY)
    except RosterError as error:
        return error
    raise AssertionError("the roster was taken")


def csv_text(rows: Rows, delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def csv_file(rows: Rows) -> bytes:
    return csv_text(rows).encode()


def drawn(draw: Draw) -> bytes:
    """An xlsx as the callable draws it."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    draw(book)
    book.close()
    return content.getvalue()


def xlsx_file(rows: Rows, **sheets: Rows) -> bytes:
    def draw(book: xlsxwriter.Workbook) -> None:
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in {"党员": rows, **sheets}.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(lines):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, days)
                    else:
                        sheet.write(row, column, cell)

    return drawn(draw)


def xls_file(rows: Rows) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("党员")
    days = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write(row, column, cell, days)
            elif isinstance(cell, str) and cell.startswith("#"):
                sheet.row(row).set_cell_error(column, cell)
            elif isinstance(cell, str) and cell.startswith("="):
                sheet.write(row, column, xlwt.Formula(cell[1:]))
            else:
                sheet.write(row, column, cell)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def errors_of(content: bytes) -> dict[str, ErrorCells]:
    """The error cells of an old workbook, by sheet."""
    return {name: looks.texts for name, looks in look_at_xls(content).items()}
