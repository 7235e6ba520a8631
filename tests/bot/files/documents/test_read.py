"""Documents become passages with their place, or one sentence says why not."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.files.documents import Passage, read_document
from bot.files.documents.passages import LONGEST, cut_passages
from bot.files.documents.read import (
    BROKEN,
    EMPTY,
    MAX_BYTES,
    NOT_TEXT,
    OLD_OFFICE,
    PASSWORD,
    SCANNED,
    TOO_LARGE,
    UNSUPPORTED,
)
from tests.bot.files.documents.files import (
    FIRST,
    HEADING,
    SECOND,
    make_docx,
    make_pdf,
    make_xlsx,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = OLE + b"\0" * 64 + "EncryptedPackage".encode("utf-16-le")


def packed(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return content.getvalue()


def test_word_keeps_its_headings_and_tables() -> None:
    assert read_document("细则.docx", make_docx()) == [
        Passage(HEADING, f"{FIRST}\n{SECOND}\n事项；负责人\n活动室钥匙；王老师")
    ]


def test_a_pdf_keeps_its_pages() -> None:
    content = make_pdf("差旅报销每周三\n下午找李老师。", "第二页说别的。")
    assert read_document("制度.PDF", content) == [
        Passage("第 1 页", "差旅报销每周三下午找李老师。"),
        Passage("第 2 页", "第二页说别的。"),
    ]


def test_a_row_is_understood_alone() -> None:
    assert read_document("值班.xlsx", make_xlsx()) == [
        Passage("值班 第 1 行", "值班安排"),
        Passage("值班 第 2 行", "星期、值班人、电话分机"),
        Passage("值班 第 3 行", "星期：周一；值班人：李老师；电话分机：8123"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_text_in_any_usual_encoding(encoding: str) -> None:
    text = f"# {HEADING}\n\n{FIRST}\n"
    assert read_document("细则.md", text.encode(encoding)) == [Passage(HEADING, FIRST)]
    (plain,) = read_document("细则.txt", text.encode(encoding))
    assert plain == Passage("", f"# {HEADING}\n{FIRST}")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.docx", LOCKED, PASSWORD),
        ("a.xlsx", LOCKED, PASSWORD),
        ("a.doc", OLE + b"\0" * 64, OLD_OFFICE),
        ("a.pdf", make_pdf("有密码", encrypted=True), PASSWORD),
        ("a.pdf", make_pdf("", ""), SCANNED),
        ("a.pdf", make_pdf("坏的")[:90], BROKEN),
        ("a.pdf", b"", BROKEN),
        ("a.docx", make_docx()[:3000], BROKEN),
        ("a.docx", packed(x="y"), BROKEN),
        ("a.docx", b"just words", BROKEN),
        ("a.xlsx", make_docx(), BROKEN),
        ("a.txt", b"", EMPTY),
        ("a.txt", b"\x01\x02\x03", NOT_TEXT),
        ("a.txt", b"\xff\xff\xff\x80", NOT_TEXT),
        ("a.txt", "长".encode() * 200_001, TOO_LARGE),
        ("a.txt", b"a" * (MAX_BYTES + 1), TOO_LARGE),
        ("a.png", b"\x89PNG", UNSUPPORTED),
        ("noname", b"words", UNSUPPORTED),
    ],
)
def test_what_cannot_be_read_says_why(name: str, content: bytes, why: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_document(name, content)
    assert str(refusal.value) == why
    assert "\n" not in why


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(["", "一", "二"]), st.text(max_size=900))))
def test_passages_are_short_and_lose_nothing(blocks: list[tuple[str, str]]) -> None:
    found = cut_passages(blocks)
    assert all(0 < len(each.text) <= LONGEST for each in found)

    def letters(text: str) -> str:
        return "".join(text.replace("\0", "").split())

    assert letters("".join(each.text for each in found)) == letters(
        "".join(text for _, text in blocks)
    )


def test_radicals_of_a_pdf_become_characters() -> None:
    (plain,) = read_document("名单.txt", "⻢⻰的，⾦⽟".encode())
    assert plain == Passage("", "马龙的，金玉")
    (told, *_) = read_document("制度.pdf", make_pdf("找⻢老师。", "二"))
    assert told.text == "找马老师。"
