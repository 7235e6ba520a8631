"""Old workbooks, down to the record and the sector."""

import json
import struct

import pytest

from bot.files.roster.biff import workbook_stream
from bot.files.roster.child import answer_for
from tests.bot.files.roster.files import errors_of, read, refusal, xls_file

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def small_ole(name: str, stream: bytes) -> bytes:
    """An OLE file whose one stream is small enough to live in the small sectors."""
    small_sectors = -(-len(stream) // 64)
    room = stream.ljust(-(-len(stream) // 512) * 512, b"\0")
    sectors = len(room) // 512
    links = [TABLE, END, END, *range(4, 3 + sectors), END]
    small_links = [*range(1, small_sectors), END]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, 2, 1, END, 0)
    head += struct.pack("<109I", 0, *[FREE] * 108)
    return b"".join(
        [
            head,
            table(links),
            (
                entry("Root Entry", 5, 3, len(room)) + entry(name, 2, 0, len(stream))
            ).ljust(512, b"\0"),
            table(small_links),
            room,
        ]
    )


def table(links: list[int]) -> bytes:
    return struct.pack("<128I", *links, *[FREE] * (128 - len(links)))


def entry(name: str, kind: int, start: int, size: int) -> bytes:
    spelled = name.encode("utf-16-le") + b"\0\0"
    child = 1 if kind == 5 else FREE
    body = spelled.ljust(64, b"\0") + struct.pack("<HBB", len(spelled), kind, 1)
    body += struct.pack("<3I", FREE, FREE, child) + bytes(36)
    return body + struct.pack("<IQ", start, size)


def test_a_workbook_in_the_small_sectors() -> None:
    whole = workbook_stream(xls_file([["姓名", "入党日期"], ["张三", "#REF!"]]))
    content = small_ole("Workbook", whole.rstrip(b"\0") + bytes(3))
    assert len(whole) == 4096
    assert [f.value for f in refusal(content).faults] == ["#REF!"]


def test_a_workbook_of_excel_95() -> None:
    globals_of_book = record(0x0809, struct.pack("<HH4x", 0x0500, 5))
    name = "党员".encode("gb18030")
    sheet = record(0x0809, struct.pack("<HH4x", 0x0500, 0x10))
    sheet += record(0x0205, struct.pack("<HHHBB", 0, 1, 0, 0x2A, 1))
    sheet += record(0x0205, struct.pack("<HHHBB", 1, 1, 0, 1, 0))
    sheet += record(0x0205, struct.pack("<HHHBB", 2, 1, 0, 0x77, 1))
    start = len(globals_of_book) + 4 + 7 + len(name) + 4
    sheets = record(0x0085, struct.pack("<IHB", start, 0, len(name)) + name)
    stream = globals_of_book + sheets + record(0x000A, b"") + sheet
    assert errors_of(small_ole("Book", stream)) == {
        "党员": [(0, 1, "#N/A"), (2, 1, "#UNKNOWN!")]
    }


@pytest.mark.parametrize(
    ("wide", "name"), [(0, b"Sheet1"), (1, "Sheet1".encode("utf-16-le"))]
)
def test_sheet_names_of_both_widths(wide: int, name: bytes) -> None:
    stream = record(0x0809, struct.pack("<HH4x", 0x0600, 5))
    stream += record(0x0085, struct.pack("<IHBB", 0, 0, 6, wide) + name)
    stream += record(0x000A, b"")
    assert errors_of(small_ole("Workbook", stream)) == {"Sheet1": []}


def test_an_old_workbook_with_a_password() -> None:
    stream = workbook_stream(xls_file([["姓名"]]))
    start_of_first = 4 + struct.unpack_from("<H", stream, 2)[0]
    locked = stream[:start_of_first] + record(0x2F, bytes(6)) + stream[start_of_first:]
    content = small_ole("Workbook", locked.rstrip(b"\0") + bytes(3))
    assert "有密码" in str(refusal(content))


def test_a_file_of_another_program() -> None:
    content = small_ole("WordDocument", b"text")
    assert errors_of(content) == {}
    assert "打不开" in str(refusal(content))


def test_a_workbook_read_again_has_no_errors() -> None:
    content = xls_file([["姓名"], ["张三"]])
    assert errors_of(content) == {"党员": []}
    assert read(content).entries[0].name == "张三"


def test_the_child_reads_an_old_workbook_itself() -> None:
    content = xls_file([["姓名"], ["#REF!"]])
    assert '[["姓名"], ["#REF!"]]' in answer_in_words(content)


def test_the_child_asks_for_the_password() -> None:
    content = small_ole("Workbook", record(0x0809, bytes(4)) + record(0x2F, bytes(6)))
    assert answer_in_words(content) == '{"refusal": "password"}'


def answer_in_words(content: bytes) -> str:
    return json.dumps(json.loads(answer_for(content, "xls")), ensure_ascii=False)
