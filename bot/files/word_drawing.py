"""Draws docx files as an office expects them: A4, in its type sizes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from bot.files.word import Block, Grid, Head, Heading, Lines

NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)
BODY, TITLE = "仿宋_GB2312", "方正小标宋简体"
BODY_SIZE, TITLE_SIZE, CELL_SIZE = Pt(16), Pt(22), Pt(12)
LINE = Pt(28)
PAGES, PAGES_SIZE = "宋体", Pt(14)
NARROW, WIDE = Cm(3.2), Cm(12.4)


def draw(title: str, blocks: Sequence[Block]) -> bytes:
    """Write a paper; the same blocks give the same text."""
    paper = Document()
    paper.core_properties.created = NO_TIME
    paper.core_properties.author = ""
    paper.core_properties.title = title
    _set_page(paper)
    _number_pages(paper)
    _write(paper.add_paragraph(), title, TITLE, TITLE_SIZE, centred=True)
    for each in blocks:
        _add(paper, each)
    content = BytesIO()
    paper.save(content)
    return content.getvalue()


def _add(paper: Paper, block: Block) -> None:
    match block:
        case Heading(text):
            _write(paper.add_paragraph(), text, "黑体", BODY_SIZE)
        case Lines(texts, indent):
            for text in texts or ("",):
                paragraph = paper.add_paragraph()
                if indent and text:
                    paragraph.paragraph_format.first_line_indent = BODY_SIZE * 2
                _write(paragraph, text, BODY, BODY_SIZE)
        case Head(rows):
            table = _table(paper, len(rows), (NARROW.cm, WIDE.cm))
            for line, (what, value) in zip(table.rows, rows, strict=True):
                _fill(line.cells[0], what, bold=True)
                _fill(line.cells[1], value)
        case Grid(heads, rows, widths):
            _add_grid(paper, heads, rows, widths)


def _add_grid(
    paper: Paper,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
) -> None:
    table = _table(paper, len(rows) + 1, widths)
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        _fill(cell, head, bold=True, centred=True)
    _mark(table.rows[0], "w:tblHeader")
    for line, row in zip(table.rows[1:], rows, strict=True):
        for cell, value in zip(line.cells, row, strict=True):
            _fill(cell, value, centred=True)


def _table(paper: Paper, rows: int, widths: Sequence[float]) -> Table:
    table: Table = paper.add_table(rows=rows, cols=len(widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for row in table.rows:
        _mark(row, "w:cantSplit")
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    return table


def _mark(row: _Row, name: str) -> None:
    """Set what a row is: kept on one page, or repeated on each."""
    told = OxmlElement(name)
    told.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(told)  # noqa: SLF001


def _number_pages(paper: Paper) -> None:
    """Put a page's number at its foot as official papers have it: — 1 —."""
    paragraph = paper.sections[0].footer.paragraphs[0]
    _write(paragraph, "— ", PAGES, PAGES_SIZE, centred=True)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # noqa: SLF001
    _write(paragraph, " —", PAGES, PAGES_SIZE, centred=True)


def _fill(cell: _Cell, text: str, *, bold: bool = False, centred: bool = False) -> None:
    first, *rest = text.split("\n")
    _write(cell.paragraphs[0], first, BODY, CELL_SIZE, centred=centred, bold=bold)
    for each in rest:
        _write(cell.add_paragraph(), each, BODY, CELL_SIZE, centred=centred, bold=bold)


def _write(  # noqa: PLR0913  # a line of print has many traits
    paragraph: Paragraph,
    text: str,
    font: str,
    size: Pt,
    *,
    centred: bool = False,
    bold: bool = False,
) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = font, size, bold
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001
    fonts.set(qn("w:eastAsia"), font)
    paragraph.paragraph_format.space_after = Pt(0)
    if size >= BODY_SIZE:
        paragraph.paragraph_format.line_spacing = LINE
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _set_page(paper: Paper) -> None:
    """Set A4 with the margins of official papers (GB/T 9704: 37, 28, 35, 26 mm)."""
    page = paper.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.left_margin = Cm(3.7), Cm(2.8)
    page.bottom_margin, page.right_margin = Cm(3.5), Cm(2.6)
