"""How the sheets of an old .xls look, as [MS-CFB] and [MS-XLS] lay its records out."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.files.roster.looks import Looks
from bot.files.roster.number_formats import BUILT_IN, matters

ERROR_TEXTS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
BOOLERR, FORMULA, BOUNDSHEET, BOF, EOF = 0x0205, 0x0006, 0x0085, 0x0809, 0x000A
FILEPASS = 0x002F
FONT, FORMAT, XF, ROW, COLINFO = 0x0031, 0x041E, 0x00E0, 0x0208, 0x007D
# Cells that begin with row, column and style; two of them hold a run of numbers.
CELLS, RUN = (0x0203, 0x027E, FORMULA, 0x00FD, 0x0204), 0x00BD
STRUCK, HIDDEN_ROW, HIDDEN_COLUMN = 0x08, 0x20, 0x01
LAST_SECTOR = 0xFFFFFFFA
DIRECTORY_ENTRY = 128


def look_at_xls(content: bytes) -> dict[str, Looks]:
    """By sheet name; a workbook older than BIFF8 spells its names in a code page."""
    stream = workbook_stream(content)
    styles = read_styles(stream)
    return {name: sheet_looks(stream, at, styles) for name, at in sheet_starts(stream)}


def is_locked(content: bytes) -> bool:
    """Whether a password is needed; the reading library only says it cannot read."""
    return any(kind == FILEPASS for kind, _ in records(workbook_stream(content), 0))


def sheet_starts(stream: bytes) -> Iterator[tuple[str, int]]:
    modern = is_modern(stream)
    for kind, body in records(stream, 0):
        if kind != BOUNDSHEET:
            continue
        (start,) = struct.unpack_from("<I", body)
        length = body[6]
        if not modern:
            yield body[7 : 7 + length].decode("gb18030", "replace"), start
        elif body[7] & 1:
            yield body[8 : 8 + 2 * length].decode("utf-16-le", "replace"), start
        else:
            yield body[8 : 8 + length].decode("latin-1"), start


def is_modern(stream: bytes) -> bool:
    """Whether it is BIFF8, which spells texts in Unicode."""
    return stream[4:6] == b"\x00\x06"


@dataclass
class Styles:
    """By the number of a cell's style: its format where that matters; those struck."""

    codes: dict[int, str] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)


def read_styles(stream: bytes) -> Styles:
    codes, fonts, styles = dict(BUILT_IN), [], Styles()
    uses = []
    for kind, body in records(stream, 0):
        if kind == FONT:
            fonts.append(bool(body[2] & STRUCK))
        elif kind == FORMAT:
            codes[body[0] | body[1] << 8] = format_code(body, modern=is_modern(stream))
        elif kind == XF:
            uses.append(struct.unpack_from("<HH", body))
    for style, (font, code) in enumerate(uses):
        if matters(codes.get(code, "")):
            styles.codes[style] = codes[code]
        font -= font > 4  # there is no font of number four
        if font < len(fonts) and fonts[font]:
            styles.struck.add(style)
    return styles


def format_code(body: bytes, *, modern: bool) -> str:
    if not modern:
        return body[3 : 3 + body[2]].decode("gb18030", "replace")
    length = body[2] | body[3] << 8
    if body[4] & 1:
        return body[5 : 5 + 2 * length].decode("utf-16-le", "replace")
    return body[5 : 5 + length].decode("latin-1")


def sheet_looks(stream: bytes, start: int, styles: Styles) -> Looks:
    looks = Looks()
    for kind, body in records(stream, start):
        if kind == ROW and len(body) > 12 and body[12] & HIDDEN_ROW:
            looks.hidden_rows.append(body[0] | body[1] << 8)
        elif kind == COLINFO and body[8] & HIDDEN_COLUMN:
            first, last = struct.unpack_from("<HH", body)
            looks.hidden_columns += range(first, min(last, 255) + 1)
        for row, column, style in styled_cells(kind, body):
            if style in styles.codes:
                looks.codes.append((row, column, styles.codes[style]))
            if style in styles.struck:
                looks.struck.append((row, column))
        if (code := error_code(kind, body)) is not None:
            row, column = struct.unpack_from("<HH", body)
            looks.texts.append((row, column, ERROR_TEXTS.get(code, "#UNKNOWN!")))
    return looks


def styled_cells(kind: int, body: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield row, column and number of the style."""
    if kind in CELLS:
        yield struct.unpack_from("<HHH", body)
    elif kind == RUN:
        row, first = struct.unpack_from("<HH", body)
        for at in range((len(body) - 6) // 6):
            (style,) = struct.unpack_from("<H", body, 4 + 6 * at)
            yield row, first + at, style


def error_code(kind: int, body: bytes) -> int | None:
    if kind == BOOLERR and body[7] == 1:
        return body[6]
    if kind == FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Walk one substream; a chart inside a sheet is a substream of its own."""
    depth = 0
    at = start
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
        depth += {BOF: 1, EOF: -1}.get(kind, 0)
        if depth == 0:
            return


def workbook_stream(content: bytes) -> bytes:
    (sector_power,) = struct.unpack_from("<H", content, 0x1E)
    sectors = Sectors(content, 1 << sector_power)
    (directory_start,) = struct.unpack_from("<I", content, 0x30)
    directory = sectors.chain(directory_start)
    root_start, _ = entry_place(directory, 0)
    for at in range(0, len(directory), DIRECTORY_ENTRY):
        (name_length,) = struct.unpack_from("<H", directory, at + 64)
        name = directory[at : at + max(name_length - 2, 0)].decode(
            "utf-16-le", "replace"
        )
        if name in ("Workbook", "Book"):
            start, size = entry_place(directory, at)
            (cutoff,) = struct.unpack_from("<I", content, 0x38)
            if size < cutoff:
                return sectors.small_chain(start, sectors.chain(root_start))[:size]
            return sectors.chain(start)[:size]
    return b""


def entry_place(directory: bytes, at: int) -> tuple[int, int]:
    """First sector and size in bytes."""
    start, size = struct.unpack_from("<II", directory, at + 116)
    return start, size


class Sectors:
    """The file system inside an OLE file: sectors linked by an allocation table."""

    def __init__(self, content: bytes, size: int) -> None:
        self.content, self.size = content, size
        self.table = b"".join(self.sector(number) for number in self.table_sectors())
        (small_start,) = struct.unpack_from("<I", content, 0x3C)
        self.small_table = self.chain(small_start)

    def sector(self, number: int) -> bytes:
        at = (number + 1) * self.size
        return self.content[at : at + self.size]

    def table_sectors(self) -> Iterator[int]:
        """109 numbers stand in the file's head, the others in a chain of sectors."""
        numbers = struct.unpack_from("<109I", self.content, 0x4C)
        (next_block,) = struct.unpack_from("<I", self.content, 0x44)
        seen = set()
        while True:
            yield from (number for number in numbers if number < LAST_SECTOR)
            if next_block >= LAST_SECTOR or next_block in seen:
                return
            seen.add(next_block)
            block = struct.unpack(f"<{self.size // 4}I", self.sector(next_block))
            numbers, next_block = block[:-1], block[-1]

    def chain(self, start: int) -> bytes:
        return b"".join(self.sector(n) for n in follow(self.table, start))

    def small_chain(self, start: int, room: bytes) -> bytes:
        return b"".join(
            room[n * 64 : n * 64 + 64] for n in follow(self.small_table, start)
        )


def follow(table: bytes, start: int) -> Iterator[int]:
    """Yield the sectors from this one on; a loop in a damaged file ends it."""
    number, seen = start, set()
    while number < LAST_SECTOR and number not in seen and number * 4 + 4 <= len(table):
        yield number
        seen.add(number)
        (number,) = struct.unpack_from("<I", table, number * 4)
