"""Writes xlsx files from rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot import progress
from bot.files.xlsx import Month, Sheet

NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)  # the same rows give the same bytes
LONGEST = 32_767  # what a cell holds
A4 = 9  # as the format numbers papers
LEAST_WIDTH, MOST_WIDTH, MEASURED = 8, 42, 500
"""Columns of a western sign; and how many rows are measured."""
UPRIGHT = 90
"""So many of them stand on an upright page; more, on one that lies."""
FORMS = {datetime: "yyyy-mm-dd hh:mm", Month: "yyyy-mm", date: "yyyy-mm-dd"}
"""How a moment, a month and a day are shown; the first that fits."""


def write(sheets: Iterable[Sheet]) -> bytes:
    """Write sheets: see `write_book`."""
    content = BytesIO()
    book = xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False}
    )
    book.set_properties({"created": NO_TIME})
    around = {"border": 1, "text_wrap": True, "valign": "vcenter"}
    head = book.add_format(
        {**around, "bold": True, "align": "center", "bg_color": "#EDEDED"}
    )
    cell = book.add_format(around)
    forms = {
        kind: book.add_format({**around, "num_format": form, "align": "left"})
        for kind, form in FORMS.items()
    } | {object: cell}
    for each in sheets:
        sheet = book.add_worksheet(each.title[:31])
        rows = list(each.rows)
        for column, words in enumerate(each.heads):
            sheet.write_string(0, column, words, head)
        for number, row in enumerate(progress.each("写表格", rows), 1):
            for column, value in enumerate(row):
                _write(sheet, (number, column), value, forms)
        _lay_out(sheet, each.title, each.heads, rows)
    book.close()
    return content.getvalue()


def _write(
    sheet: Worksheet, at: tuple[int, int], value: object, forms: Mapping[type, Format]
) -> None:
    form = next(form for kind, form in forms.items() if isinstance(value, kind))
    if isinstance(value, datetime):
        sheet.write_datetime(*at, value.replace(tzinfo=None), form)
    elif isinstance(value, date):
        day = datetime(value.year, value.month, value.day)  # noqa: DTZ001
        sheet.write_datetime(*at, day, form)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(*at, value, form)
    else:
        text = "" if value is None else str(value)
        sheet.write_string(*at, text[:LONGEST], form)


def _lay_out(
    sheet: Worksheet, title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Set widths, the filter, and how the sheet is printed."""
    widths = [
        min(MOST_WIDTH, max(LEAST_WIDTH, *map(_measure, column)) + 2)
        for column in _columns(heads, rows[:MEASURED])
    ]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), max(0, len(heads) - 1))
    sheet.set_paper(A4)
    if sum(widths) > UPRIGHT:
        sheet.set_landscape()
    sheet.set_margins(left=0.6, right=0.6, top=0.9, bottom=0.7)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&C&14{title.replace('&', '&&')}")
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _columns(
    heads: Sequence[str], rows: Sequence[Sequence[object]]
) -> list[list[object]]:
    return [
        [head, *(row[place] for row in rows if place < len(row))]
        for place, head in enumerate(heads)
    ]


def _measure(value: object) -> int:
    """Tell how wide the longest line of a cell is: a character of ours is two."""
    said = value.isoformat(" ", "minutes") if isinstance(value, datetime) else value
    lines = ("" if said is None else str(said)).splitlines() or [""]
    return max(sum(2 if east_asian_width(c) in "WF" else 1 for c in s) for s in lines)
