"""Documents made for the tests; what they say is invented."""

import io
import zlib

import docx
import xlsxwriter

HEADING, FIRST, SECOND = (
    "经费使用",
    "差旅报销每周三下午找李老师。",
    "超过五百元须书记签字。",
)


def make_docx() -> bytes:
    book = docx.Document()
    book.add_heading("支部工作细则", 0)
    book.add_heading(HEADING, 1)
    book.add_paragraph(FIRST)
    book.add_paragraph(SECOND)
    table = book.add_table(rows=2, cols=2)
    for row, cells in enumerate((("事项", "负责人"), ("活动室钥匙", "王老师"))):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def make_xlsx() -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("值班")
    for row, cells in enumerate(
        (("值班安排",), ("星期", "值班人", "电话分机"), ("周一", "李老师", 8123))
    ):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.close()
    return content.getvalue()


def make_pdf(*pages: str, encrypted: bool = False) -> bytes:
    """Write a PDF with a predefined Chinese encoding; "" is a page without text."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding "
        "/UniGB-UCS2-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 "
        "/BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) "
        "/Supplement 2 >> >>] >>",
    ]
    for at, text in enumerate(pages):
        lines = " T* ".join(
            f"<{line.encode('utf-16-be').hex()}> Tj" for line in text.splitlines()
        )
        drawn = f"BT /F 12 Tf 14 TL 50 750 Td {lines} ET" if text else "0 0 9 9 re f"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents "
            f"{5 + 2 * at} 0 R /Resources << /Font << /F 3 0 R >> >> >>"
        )
        packed = zlib.compress(drawn.encode()).hex()
        objects.append(
            f"<< /Length {len(packed) + 1} /Filter [/ASCIIHexDecode /FlateDecode] >>\n"
            f"stream\n{packed}>\nendstream"
        )
    return _number(objects, encrypted=encrypted)


def _number(objects: list[str], *, encrypted: bool) -> bytes:
    body, places = "%PDF-1.5\n", []
    for number, written in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{written}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    lock = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> "
        f"/P -4 >> /ID [<{'43' * 16}> <{'43' * 16}>]"
    )
    trailer = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
        f"<< /Size {len(objects) + 1} /Root 1 0 R {lock if encrypted else ''} >>\n"
        f"startxref\n{len(body)}\n%%EOF\n"
    )
    return (body + trailer).encode()
