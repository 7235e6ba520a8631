"""A file's name and bytes → its passages, or a Refusal in one sentence."""

import json
import re

from bot.errors import Refusal
from bot.files.documents.passages import Block, Passage, cut_passages
from bot.files.sandbox import Crashed, ask_child
from bot.text.encodings import decode
from bot.text.radicals import RADICALS

SECONDS = 45
MAX_BYTES = 20 * 1024 * 1024
MAX_CHARACTERS = 200_000
KINDS = ("docx", "pdf", "xlsx", "txt", "md")
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
STARTS = {"docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "pdf": b"%PDF"}
BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
HEADING = re.compile(r"#{1,6}\s+(.+)")

UNSUPPORTED = "这种文件我读不了，请用 docx、pdf、xlsx、txt 或 md。"
OLD_OFFICE = "这是旧版 Office 文件，请在 Word 或 Excel 里另存为 docx 或 xlsx 再导入。"
PASSWORD = "文件有密码，请去掉密码另存后再导入。"
BROKEN = "文件打不开，可能已损坏，请重新另存后再导入。"
TOO_LARGE = "文件太大：一次最多 20 MB、20 万字，请拆开再导入。"
SCANNED = "这个 PDF 里没有文字（多半是扫描的图片），请先识别成文字再导入。"
EMPTY = "文件里没有文字，没有可导入的内容。"
NOT_TEXT = "文字编码认不出来，请另存为 UTF-8 的 txt 再导入。"


def read_document(name: str, content: bytes) -> list[Passage]:
    """Read a document of at most MAX_BYTES and MAX_CHARACTERS; raises Refusal."""
    kind = _kind_of(name)
    passages = cut_passages(read_blocks(name, content))
    if not passages:
        raise Refusal(SCANNED if kind == "pdf" else EMPTY)
    return passages


def _kind_of(name: str) -> str:
    return name.rpartition(".")[2].lower()


def read_blocks(name: str, content: bytes) -> list[Block]:
    """Read a document's pieces in order, each with its heading; raises Refusal."""
    kind = _kind_of(name)
    if len(content) > MAX_BYTES:
        raise Refusal(TOO_LARGE)
    if content.startswith(OLE_START):
        raise Refusal(PASSWORD if ENCRYPTED in content else OLD_OFFICE)
    if kind not in KINDS:
        raise Refusal(UNSUPPORTED)
    blocks = (
        _read_plain(content, kind) if kind in ("txt", "md") else _read(content, kind)
    )
    if sum(len(text) for _, text in blocks) > MAX_CHARACTERS:
        raise Refusal(TOO_LARGE)
    return [
        (each.translate(RADICALS), text.translate(RADICALS)) for each, text in blocks
    ]


def _read(content: bytes, kind: str) -> list[Block]:
    """Have a child with limits open it: a damaged file may take its reader down."""
    if not content.lstrip()[:4] == STARTS[kind]:
        raise Refusal(BROKEN)
    try:
        told = ask_child("bot.files.documents.child", kind, content, SECONDS)
    except Crashed:
        raise Refusal(BROKEN) from None
    answer = json.loads(told)
    if refusal := answer.get("refusal"):
        raise Refusal(PASSWORD if refusal == "password" else BROKEN)
    return [(heading, text) for heading, text in answer["blocks"]]


def _read_plain(content: bytes, kind: str) -> list[Block]:
    try:
        text = decode(content, "的")
    except UnicodeError:
        raise Refusal(NOT_TEXT) from None
    if BINARY.search(text):
        raise Refusal(NOT_TEXT)
    blocks: list[Block] = []
    heading = ""
    for line in text.splitlines():
        found = HEADING.match(line) if kind == "md" else None
        if found:
            heading = found[1].strip()
        else:
            blocks.append((heading, line))
    return blocks
