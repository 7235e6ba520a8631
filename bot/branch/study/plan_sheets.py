"""A study plan as a spreadsheet → what is studied on which day, or every fault."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bot.branch.study.plans import MAX_TEXT
from bot.files.roster.cells import Cell, Sheet, is_placeholder, squeeze, text_of
from bot.files.roster.dates import read_date
from bot.files.roster.faults import Fault, RosterError, Unreadable, shorten
from bot.files.roster.table import read_sheets

HEADER_DEPTH = 10
DAY = re.compile(r"(?:学习)?(?:日期|时间|日子)")
WORDS = re.compile(r"(?:学习|主要|具体|培训)?(?:内容|主题|任务|安排|篇目)")
LINK = re.compile(r"(?:学习)?(?:资料|材料|链接|网址|地址)")
NOTE = re.compile(r"(?:备注|注|说明|合计|制表|填表)")
WITHOUT_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
NO_HEADER = (
    f"没有找到表头：前 {HEADER_DEPTH} 行里要有一行，一列写“日期”、一列写“学习内容”。"
)
NOTHING = "有表头，却一天的安排也没有。"


@dataclass(frozen=True)
class Header:
    """In which row the header stands, and where its columns are."""

    row: int
    day: int
    words: int
    link: int | None


@dataclass
class Findings:
    """What was read so far. rows: in which row a day was first written."""

    today: date
    days: dict[date, str] = field(default_factory=dict)
    rows: dict[date, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_plan_sheet(content: bytes, filename: str, today: date) -> dict[date, str]:
    """Read all days of a file; RosterError, with every fault, if one row is wrong.

    The file is read like a roster: xlsx, xls, ods or CSV. A date without a year is the
    nearest to today.
    """
    found = Findings(today)
    headed = False
    for sheet in read_sheets(content, filename):
        if header := _find_header(sheet):
            headed = True
            _read_sheet(sheet, header, found)
    if found.faults:
        raise RosterError(found.faults)
    if not found.days:
        raise RosterError([Fault(NOTHING if headed else NO_HEADER)])
    return dict(sorted(found.days.items()))


def _find_header(sheet: Sheet) -> Header | None:
    for number, row in enumerate(sheet.rows[:HEADER_DEPTH]):
        titles = [squeeze(text_of(cell)) for cell in row]
        day, words, link = (
            next((at for at, title in enumerate(titles) if form.fullmatch(title)), None)
            for form in (DAY, WORDS, LINK)
        )
        if day is not None and words is not None:
            return Header(number, day, words, link)
    return None


def _read_sheet(sheet: Sheet, header: Header, found: Findings) -> None:
    for row in range(header.row + 1, len(sheet.rows)):
        words = " ".join(_texts(sheet, row, header))
        cell = sheet.cell(row, header.day)
        given = text_of(cell)
        if NOTE.match(squeeze(given)) or not (words or not is_placeholder(given)):
            continue
        try:
            day = _read_day(cell, found.today)
            _take(sheet, row, header, day, words, found)
        except Unreadable as why:
            found.faults.append(
                Fault(str(why), row + 1, value=shorten(given), sheet=sheet.name)
            )


def _texts(sheet: Sheet, row: int, header: Header) -> Iterator[str]:
    for column in (header.words, header.link):
        text = text_of(sheet.cell(row, column)) if column is not None else ""
        if not is_placeholder(text):
            yield " ".join(text.split())


def _read_day(cell: Cell, today: date) -> date:
    """Read a date; without a year it is the one nearest to today."""
    text = squeeze(text_of(cell))
    if is_placeholder(text):
        raise Unreadable("没写日期。")
    bare = WITHOUT_YEAR.match(text)
    if bare is None:
        return read_date(cell)
    years = (today.year - 1, today.year, today.year + 1)
    try:
        days = [date(year, int(bare[1]), int(bare[2])) for year in years]
    except ValueError:
        raise Unreadable("没有这一天，请写成 2026-12-01 这样的年月日。") from None
    return min(days, key=lambda day: abs((day - today).days))


def _take(  # noqa: PLR0913  # a row, where it stands, and what it says
    sheet: Sheet, row: int, header: Header, day: date, words: str, found: Findings
) -> None:
    """Note a row. Raises Unreadable; rows under one merged date are one day."""
    if not words:
        raise Unreadable("没写学习内容。")
    if (row, header.day) in sheet.shared and day in found.days:
        words = f"{found.days[day]}；{words}"
    elif day in found.rows:
        raise Unreadable(f"这一天在第 {found.rows[day]} 行已经写过。")
    if len(words) > MAX_TEXT:
        raise Unreadable(f"学习内容最多 {MAX_TEXT} 字，这里有 {len(words)} 字。")
    found.rows.setdefault(day, row + 1)
    found.days[day] = words
