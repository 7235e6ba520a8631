"""Cells that show #REF! and the like: the reading library gives them as empty."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from bot.roster.biff import find_biff_errors

# (row from 0, column from 0, text)
ErrorCells = list[tuple[int, int, str]]

XLSX_ERROR = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*\bt=[\"']e[\"'])[^>]*\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*>"
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)


def find_error_cells(content: bytes, kind: str) -> dict[str, ErrorCells]:
    """By sheet name."""
    if kind == "xls":
        return find_biff_errors(content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if kind == "ods":
            return find_ods_errors(package.read("content.xml"))
        return dict(find_xlsx_errors(package))


def find_xlsx_errors(package: zipfile.ZipFile) -> Iterator[tuple[str, ErrorCells]]:
    parts = {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in ElementTree.fromstring(
            package.read("xl/_rels/workbook.xml.rels")
        )
    }
    for sheet in ElementTree.fromstring(package.read("xl/workbook.xml")).iter():
        if local(sheet.tag) == "sheet":
            part = posixpath.join("/xl", parts[attribute(sheet, "id")])
            xml = package.read(posixpath.normpath(part).lstrip("/"))
            yield sheet.get("name", ""), sheet_errors(xml)


def sheet_errors(xml: bytes) -> ErrorCells:
    return [
        (int(row) - 1, column_number(letters), text.decode("ascii", "replace"))
        for letters, row, text in XLSX_ERROR.findall(xml)
    ]


def column_number(letters: bytes) -> int:
    """Count from 0: A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def find_ods_errors(xml: bytes) -> dict[str, ErrorCells]:
    return {
        attribute(table, "name"): list(table_errors(table))
        for table in ElementTree.fromstring(xml).iter()
        if local(table.tag) == "table"
    }


def table_errors(table: ElementTree.Element) -> Iterator[tuple[int, int, str]]:
    row = 0
    for line in table.iter():
        if local(line.tag) != "table-row":
            continue
        column = 0
        for cell in line:
            if cell.get(ODS_ERROR) == "error":
                yield row, column, "".join(cell.itertext())
            column += int(attribute(cell, "number-columns-repeated") or 1)
        row += int(attribute(line, "number-rows-repeated") or 1)


ODS_ERROR = (
    "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
)


def attribute(element: ElementTree.Element, name: str) -> str:
    return next((v for k, v in element.items() if local(k) == name), "")


def local(tag: str) -> str:
    """Drop the namespace of a name."""
    return tag.rpartition("}")[2]
