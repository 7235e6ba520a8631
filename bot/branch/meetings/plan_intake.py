"""A spreadsheet of a year's plan → its lines, or every fault by its row."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.branch.meetings.kinds import Kind, find_kind
from bot.branch.meetings.year_plan import HEADS, Line
from bot.files.roster.cells import Sheet, is_placeholder, squeeze, text_of
from bot.files.roster.dates import read_date
from bot.files.roster.faults import Fault, RosterError, Unreadable, shorten
from bot.files.roster.table import read_sheets

HEADER_DEPTH = 10
NEEDED = {"月份", "类别"}
NO_HEADER = "没有找到表头：前 10 行里要有一行写着：月份、类别。"
NOTHING = "有表头，却一项也没有。"
NO_MONTH = "月份要写 1 到 12，例：5月。"
NO_KIND = "看不出是哪一种会，也没有写主题。"
ELSEWHEN = "这个日子不在 {year} 年 {month}月。"


def read_plan(content: bytes, filename: str, year: int) -> Sequence[Line]:
    """Read all lines of a file of the sheet's own columns; RosterError has every fault.

    A line without a month or a kind that stands in the rows of another, as merged
    cells show it, takes that one's.
    """
    lines, faults = list[Line](), list[Fault]()
    headed = False
    for sheet in read_sheets(content, filename):
        if header := _find_header(sheet):
            headed = True
            _read_sheet(sheet, header, year, lines, faults)
    if not lines and not faults:
        faults.append(Fault(NOTHING if headed else NO_HEADER))
    if faults:
        raise RosterError(faults)
    return lines


def _find_header(sheet: Sheet) -> tuple[int, Mapping[str, int]] | None:
    """Find the row that names the columns, and where each of them is."""
    for at, row in enumerate(sheet.rows[:HEADER_DEPTH]):
        named = {squeeze(text_of(cell)): column for column, cell in enumerate(row)}
        if named.keys() >= NEEDED:
            return at, {head: named[head] for head in HEADS if head in named}
    return None


def _read_sheet(
    sheet: Sheet,
    header: tuple[int, Mapping[str, int]],
    year: int,
    lines: list[Line],
    faults: list[Fault],
) -> None:
    first, columns = header
    for row in range(first + 1, len(sheet.rows)):
        said = {head: text_of(sheet.cell(row, at)) for head, at in columns.items()}
        said = {head: "" if is_placeholder(x) else x for head, x in said.items()}
        if not any(said.values()):
            continue
        try:
            lines.append(_read_line(sheet, row, columns, said, year))
        except Unreadable as error:
            faults.append(Fault(str(error), row + 1, sheet=sheet.name))


def _read_line(
    sheet: Sheet,
    row: int,
    columns: Mapping[str, int],
    said: Mapping[str, str],
    year: int,
) -> Line:
    month = squeeze(said["月份"]).removesuffix("月份").removesuffix("月")
    if not (month.isdecimal() and 1 <= int(month) <= 12):
        raise Unreadable(NO_MONTH)
    named = find_kind(said["类别"])
    topic = said.get("主题", "")
    if named is None and not topic:
        raise Unreadable(f"“{shorten(said['类别'])}”{NO_KIND}")
    day = _read_day(sheet, row, columns, said, year, int(month))
    return Line(
        int(month),
        named[0] if named else Kind.OTHER,
        topic,
        day,
        said.get("地点", ""),
        said.get("参加范围", ""),
        said.get("主持/主讲", ""),
        said.get("责任人", ""),
    )


def _read_day(  # noqa: PLR0913  # one cell, and what it must agree with
    sheet: Sheet,
    row: int,
    columns: Mapping[str, int],
    said: Mapping[str, str],
    year: int,
    month: int,
) -> date | None:
    if not said.get("时间"):
        return None
    day = read_date(sheet.cell(row, columns["时间"]))
    if (day.year, day.month) != (year, month):
        raise Unreadable(ELSEWHEN.format(year=year, month=month))
    return day
