"""Error cells of an old .xls, whose records [MS-CFB] and [MS-XLS] lay out."""

import struct
from collections.abc import Iterator

Errors = list[tuple[int, int, str]]

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
LAST_SECTOR = 0xFFFFFFFA
DIRECTORY_ENTRY = 128


def find_biff_errors(content: bytes) -> dict[str, Errors]:
    """By sheet name; a workbook older than BIFF8 spells its names in a code page."""
    stream = workbook_stream(content)
    return {name: list(sheet_errors(stream, at)) for name, at in sheet_starts(stream)}


def is_locked(content: bytes) -> bool:
    """Whether a password is needed; the reading library only says it cannot read."""
    return any(kind == FILEPASS for kind, _ in records(workbook_stream(content), 0))


def sheet_starts(stream: bytes) -> Iterator[tuple[str, int]]:
    modern = stream[4:6] == b"\x00\x06"
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


def sheet_errors(stream: bytes, start: int) -> Iterator[tuple[int, int, str]]:
    for kind, body in records(stream, start):
        if kind == BOOLERR and body[7] == 1:
            code = body[6]
        elif kind == FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            code = body[8]
        else:
            continue
        row, column = struct.unpack_from("<HH", body)
        yield row, column, ERROR_TEXTS.get(code, "#UNKNOWN!")


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
