"""What the reading library does not tell of a workbook's cells, by kind of workbook."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from bot.files.roster.biff import look_at_xls
from bot.files.roster.dates import plain_spelling
from bot.files.roster.looks import Looks
from bot.files.roster.xlsx import attribute, local, look_at_xlsx
from bot.files.xlsx_parts import Package

PART_OF_A_DAY = re.compile(r"\d+|[A-Za-z]{3,}")
HIDDEN = ("collapse", "filter")
# Sheets end in a row that stands for the million empty ones below.
MOST_REPEATED = 10_000


def find_looks(content: bytes, kind: str) -> dict[str, Looks]:
    """By sheet name."""
    if kind == "xls":
        return look_at_xls(content)
    if kind == "xlsx":
        return look_at_xlsx(Package(content))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return look_at_ods(package.read("content.xml"))


def look_at_ods(xml: bytes) -> dict[str, Looks]:
    return {
        attribute(table, "name"): table_looks(table)
        for table in ElementTree.fromstring(xml).iter()
        if local(table.tag) == "table"
    }


def table_looks(table: ElementTree.Element) -> Looks:
    looks = Looks()
    row = 0
    for line in table.iter():
        if local(line.tag) != "table-row":
            continue
        times = int(attribute(line, "number-rows-repeated") or 1)
        if attribute(line, "visibility") in HIDDEN and times < MOST_REPEATED:
            looks.hidden_rows += range(row, row + times)
        looks.texts += odd_cells(line, row)
        row += times
    return looks


def odd_cells(line: ElementTree.Element, row: int) -> Iterator[tuple[int, int, str]]:
    """Yield errors, formulas without a result, and what shows less than its value."""
    column = 0
    for cell in line:
        shown = "".join(cell.itertext())
        kind = attribute(cell, "value-type")
        if cell.get(ODS_ERROR) == "error":
            yield row, column, shown
        elif attribute(cell, "formula") and not kind and not shown:
            yield row, column, f"={attribute(cell, 'formula').rpartition('=')[2]}"
        elif (kind == "date" and 0 < parts_of_day(shown) < 3) or (
            kind == "float" and shown.isdecimal() and shown.startswith("00")
        ):
            yield row, column, shown
        column += int(attribute(cell, "number-columns-repeated") or 1)


def parts_of_day(shown: str) -> int:
    return len(PART_OF_A_DAY.findall(plain_spelling(shown)))


ODS_ERROR = (
    "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
)
