"""Excel and OpenDocument workbooks → sheets, read in a process of their own.

A damaged workbook can make the reading library ask for hundreds of gigabytes and take
its whole process down; here that process is a child with limits, not the server.
"""

import io
import json
import lzma
import re
import struct
import zipfile
import zlib
from datetime import datetime, time
from typing import Any

from bot.files.roster.cells import Cell, Partial, Sheet
from bot.files.roster.faults import Unreadable
from bot.files.roster.limits import TOO_LARGE
from bot.files.sandbox import Crashed, ask_child
from bot.files.xlsx_parts import WORKBOOK, plain_name

SECONDS = 60
LOOKED_AT = 1024 * 1024
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_START = b"PK\x03\x04"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"

SPREADSHEET = re.compile(rb"(?:sheet|template)(?:\.macroEnabled)?\.main\+xml")

PASSWORD = "文件有密码，请在 Excel 里去掉密码、另存后再导入。"
BROKEN = "文件打不开，可能已损坏：请用 Excel 打开后另存为 .xlsx 再导入。"
UNSUPPORTED = "这种文件不是能导入的表格，请用 Excel 打开后另存为 .xlsx 再导入。"
# What zipfile raises for a damaged, an encrypted or an exotic package.
NO_PACKAGE = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError,
    OSError, zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip
REFUSALS = {"password": PASSWORD, "large": TOO_LARGE}


def is_workbook(content: bytes) -> bool:
    return content.startswith((OLE_START, ZIP_START))


def read_workbook(content: bytes) -> list[Sheet]:
    """Read the sheets; a merge down a column gives its value to each cell it covers."""
    kind = kind_of(content)
    try:
        told = ask_child("bot.files.roster.child", kind, content, SECONDS)
    except Crashed:
        raise Unreadable(BROKEN) from None
    answer = json.loads(told, object_hook=day_or_object)
    if refusal := answer.get("refusal"):
        raise Unreadable(REFUSALS[refusal])
    return [sheet_of(found) for found in answer["sheets"]]


def kind_of(content: bytes) -> str:
    """xlsx, ods or xls; anything else that is packed the same way is refused."""
    if content.startswith(OLE_START):
        if ENCRYPTED in content:
            raise Unreadable(PASSWORD)
        return "xls"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = {plain_name(name): name for name in package.namelist()}
            mimetype = part_of(package, "mimetype")
            manifest = part_of(package, "META-INF/manifest.xml")
            types = part_of(package, names.get("[content_types].xml", ""))
    except NO_PACKAGE:
        raise Unreadable(BROKEN) from None
    if WORKBOOK in names or SPREADSHEET.search(types):
        return "xlsx"
    if mimetype.strip() == OPEN_DOCUMENT:
        if b"encryption-data" in manifest:
            raise Unreadable(PASSWORD)
        return "ods"
    raise Unreadable(UNSUPPORTED)


def part_of(package: zipfile.ZipFile, name: str) -> bytes:
    """Read the start of a part, which may be missing; the whole may be of any size."""
    if name not in package.namelist():
        return b""
    with package.open(name) as part:
        return part.read(LOOKED_AT)


def day_or_object(found: dict[str, Any]) -> Any:
    if "shown" in found:
        return Partial(found["shown"])
    if "date" not in found:
        return found
    moment = datetime.fromisoformat(found["date"])
    return moment if moment.time() != time() else moment.date()


def sheet_of(found: dict[str, Any]) -> Sheet:
    if found["hidden"]:
        return Sheet(found["name"], [], hidden=True)
    sheet = Sheet(
        found["name"],
        found["rows"],
        hidden_rows=frozenset(found["hidden_rows"]),
        hidden_columns=frozenset(found["hidden_columns"]),
        struck=frozenset((row, column) for row, column in found["struck"]),
    )
    for top, column, bottom in found["merges"]:
        value: Cell = sheet.cell(top, column) if top < len(sheet.rows) else ""
        for row in range(top + 1, min(bottom + 1, len(sheet.rows))):
            sheet.shared[row, column] = value
    return sheet
