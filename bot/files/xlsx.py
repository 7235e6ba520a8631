"""Tables for people: xlsx files written from rows, ready to be printed on A4.

What writes them loads with the first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Month(date):
    """A month, by a day of it."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, its head row, and its rows.

    A cell may be a number, a day, a month or a local moment: it is written as one. The
    title stands above each page.
    """

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[object]]


def write_book(sheets: Iterable[Sheet]) -> bytes:
    """Write sheets as an office prints them; what is text stays text, never a formula.

    A head row that stays in view, is filtered by and is repeated on each page; borders,
    widths that fit what is written, one page wide, page numbers.
    """
    written: bytes = import_module("bot.files.xlsx_writing").write(sheets)
    return written
