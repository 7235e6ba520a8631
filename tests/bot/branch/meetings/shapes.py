"""What a paper is made of, in lines: what an office looks at before it reads."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

import docx
import pypdfium2
from docx.shared import Length
from docx.table import Table

WRITTEN = re.compile(
    r"<(?:pageSetup|pageMargins|pane|oddHeader|oddFooter|col|definedName|fitToPage|"
    r"pageSetUpPr|cols)\b[^>]*>(?:[^<]+)?"
)


def of_docx(content: bytes) -> Iterator[str]:
    paper = docx.Document(BytesIO(content))
    section = paper.sections[0]
    size = f"{_mm(section.page_width)}×{_mm(section.page_height)} mm"
    yield f"page {size}, margin {_mm(section.left_margin)} mm"
    for each in paper.iter_inner_content():
        if isinstance(each, Table):
            widths = [round(cell.width.cm, 1) for cell in each.rows[0].cells]
            yield f"table {len(each.rows)}×{len(each.columns)}, cm {widths}"
            for row in each.rows[:3]:
                yield "  " + "｜".join(cell.text for cell in row.cells)
        else:
            yield f"{each.style.name if each.style else ''}: {each.text}".rstrip()
    yield f"footer: {re.sub('<[^>]+>', '', section.footer._element.xml).split()}"


def _mm(length: Length | None) -> str:
    return f"{length.mm:.0f}" if length else "?"


def of_xlsx(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(content)) as packed:
        for name in sorted(packed.namelist()):
            if re.fullmatch("xl/(?:workbook|worksheets/sheet[0-9]+)[.]xml", name):
                yield name
                text = packed.read(name).decode()
                yield from (f"  {each}" for each in WRITTEN.findall(text))


def of_pdf(content: bytes) -> Iterator[str]:
    paper = pypdfium2.PdfDocument(content)
    for page in paper:
        yield f"page {page.get_width():.0f}×{page.get_height():.0f} pt"
        yield from page.get_textpage().get_text_range().splitlines()
