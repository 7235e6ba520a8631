"""Runs as a child: a document on standard input → its blocks as JSON on stdout.

Called with the kind of document: docx, pdf or xlsx. A block is [heading, text].
"""

import io
import json
import sys
from collections.abc import Callable, Iterator

import docx
import pypdfium2
from docx.table import Table
from docx.text.paragraph import Paragraph
from python_calamine import CalamineWorkbook, PasswordError

from bot.files.sandbox import limit_self
from bot.files.xlsx_parts import Package

# One gigabyte of memory, 30 seconds of computing.
MEMORY, SECONDS = 1024**3, 30
MOST = 400_000
"""Characters; whoever calls refuses fewer, so that the rest need not be read."""
PASSWORD = ("password", "encrypt")


def blocks_of_docx(content: bytes) -> Iterator[tuple[str, str]]:
    heading = ""
    for part in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(part, Table):
            yield from ((heading, line) for line in _lines_of(part))
        elif _is_heading(part):
            heading = part.text.strip()
        else:
            yield heading, part.text


def blocks_of_pdf(content: bytes) -> Iterator[tuple[str, str]]:
    with pypdfium2.PdfDocument(content) as pages:
        for number, page in enumerate(pages, 1):
            yield f"第 {number} 页", page.get_textpage().get_text_range()


def blocks_of_xlsx(content: bytes) -> Iterator[tuple[str, str]]:
    """Read each row as "head：value；…", so that it can be understood alone."""
    content = Package(content).for_library() or content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        rows = [
            list(map(_spell, row)) for row in book.get_sheet_by_name(name).to_python()
        ]
        filled = [(at, row) for at, row in enumerate(rows, 1) if any(row)]
        heads = next((row for _, row in filled if sum(map(bool, row)) > 1), [])
        for at, row in filled:
            yield f"{name} 第 {at} 行", _row(heads, row)


def _row(heads: list[str], row: list[str]) -> str:
    if row == heads or sum(map(bool, row)) == 1:
        return "、".join(filter(None, row))
    named = zip(heads + [""] * len(row), row, strict=False)
    return "；".join(
        f"{head}：{cell}" if head else cell for head, cell in named if cell
    )


def _spell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _is_heading(part: Paragraph) -> bool:
    style = (part.style.name or "") if part.style else ""
    return bool(part.text.strip()) and style.startswith(("Heading", "Title", "标题"))


def _lines_of(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells = [" ".join(cell.text.split()) for cell in row.cells]
        yield "；".join(dict.fromkeys(filter(None, cells)))


KINDS: dict[str, Callable[[bytes], Iterator[tuple[str, str]]]] = {
    "docx": blocks_of_docx,
    "pdf": blocks_of_pdf,
    "xlsx": blocks_of_xlsx,
}


def answer_for(content: bytes, kind: str) -> dict[str, object]:
    """Answer {"blocks": […]} or {"refusal": "password" or "broken"}."""
    blocks, length = [], 0
    try:
        for heading, text in KINDS[kind](content):
            blocks.append((heading, text))
            length += len(text)
            if length > MOST:
                break
    except PasswordError:
        return {"refusal": "password"}
    except Exception as error:  # noqa: BLE001  # whatever a damaged file provokes
        told = str(error).lower()
        locked = any(word in told for word in PASSWORD)
        return {"refusal": "password" if locked else "broken"}
    return {"blocks": blocks}


if __name__ == "__main__":
    limit_self(MEMORY, SECONDS)
    sys.stdout.write(json.dumps(answer_for(sys.stdin.buffer.read(), sys.argv[1])))
