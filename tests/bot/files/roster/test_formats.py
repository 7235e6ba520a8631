"""Files of every kind, and those that are none."""

import io
import re
import zipfile
from datetime import date

import pytest
import xlsxwriter

from bot.errors import Refusal
from bot.files.roster import child, limits
from bot.files.roster.error_cells import find_looks
from tests.bot.files.roster.files import (
    Rows,
    csv_text,
    drawn,
    errors_of,
    read,
    refusal,
    xls_file,
    xlsx_file,
)

pytestmark = pytest.mark.thorough

ROWS: Rows = [
    ["党员名册", "", ""],
    ["姓名", "入党日期", "党支部"],
    ["张　三", "2011-07-01", "第一,支部"],
    ["买买提·依明", "2011年7月1日", '"二"支部；'],
]
TEXT = csv_text(ROWS)
ODS_MARK = "application/vnd.oasis.opendocument.spreadsheet"
LOCKED = "<manifest><encryption-data/></manifest>"
ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
><office:body><office:spreadsheet><table:table table:name="党员">{}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


def packed(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return content.getvalue()


def ods_file(*rows: str) -> bytes:
    lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    parts = {
        "mimetype": ODS_MARK,
        "META-INF/manifest.xml": manifest,
        "content.xml": ODS.format(lines),
    }
    return packed(**parts)


def ods_text(text: str) -> str:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p>'
    return cell.format(text) + "</table:table-cell>"


ODS_DAY = (
    '<table:table-cell office:value-type="date" office:date-value="2011-07-01">'
    "<text:p>2011/7/1</text:p></table:table-cell>"
)
ODS_ERROR = (
    '<table:table-cell office:value-type="string" office:string-value=""'
    ' calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
)


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.encode("gbk"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        csv_text(ROWS, ";").encode(),
        csv_text(ROWS, "\t").encode(),
        csv_text(ROWS, "\t").encode("utf-16"),
        csv_text(ROWS, "，").encode(),
        csv_text(ROWS, "|").encode(),
        ("sep=;\r\n" + csv_text(ROWS, ";")).encode("gbk"),
        TEXT.replace("\r\n", "\n").encode(),
        TEXT.replace("\r\n", "\r").encode(),
        TEXT.encode() + b"\x1a",
        xlsx_file(ROWS),
        xls_file(ROWS),
    ],
    ids=range(19),
)
@pytest.mark.parametrize("filename", ["名册.xlsx", "名册.csv", ""])
def test_the_same_people_from_every_encoding(content: bytes, filename: str) -> None:
    roster = read(content, filename)
    day = date(2011, 7, 1)
    assert [(e.row, e.name, e.joined, e.branch) for e in roster.entries] == [
        (3, "张三", day, "第一,支部"),
        (4, "买买提·依明", day, '"二"支部；'),
    ]


def test_line_breaks_in_cells_do_not_move_row_numbers() -> None:
    rows = [["姓\n名", "党\r\n支部"], [], ["张\n三", "一\n支部"], ["李"]]
    assert [fault.row for fault in refusal(csv_text(rows).encode()).faults] == [4]


def test_a_cell_too_long_is_told_as_what_it_is() -> None:
    told = str(refusal(f"姓名,支部\n张三,{'长' * 200_000}\n".encode()))
    assert "第 2 行有一格超过 131072 个字" in told


def test_an_open_document() -> None:
    people = ods_text("张三") + ODS_DAY
    content = ods_file(ods_text("姓名") + ods_text("入党日期"), people)
    assert [(e.name, e.joined) for e in read(content, "名册.ods").entries] == [
        ("张三", date(2011, 7, 1))
    ]


def test_date_cells_of_an_old_workbook() -> None:
    rows: Rows = [["姓名", "入党日期"], ["张三", date(2011, 7, 1)], ["李四", 40725]]
    days = [entry.joined for entry in read(xls_file(rows)).entries]
    assert days == [date(2011, 7, 1)] * 2


@pytest.mark.parametrize("epoch", [True, False])
def test_date_cells_of_both_epochs(*, epoch: bool) -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"date_1904": epoch})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["姓名", "入党日期"])
    sheet.write(1, 0, "张三")
    form = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
    sheet.write_datetime(1, 1, date(2011, 7, 1), form)
    book.close()
    assert read(content.getvalue()).entries[0].joined == date(2011, 7, 1)


def test_times_of_day_are_no_dates() -> None:
    def draw(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "入党日期", "转正日期"])
        sheet.write(1, 0, "张三")
        sheet.write(1, 1, 0.5, book.add_format({"num_format": "h:mm"}))
        sheet.write(1, 2, 40725.5, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))

    (fault,) = refusal(drawn(draw)).faults
    assert (fault.column, fault.value) == ("入党日期", "12:00:00")


def xlsx_with_errors() -> bytes:
    def draw(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("党员")
        sheet.write_row(0, 0, ["姓名", "入党日期", "备注"])
        sheet.write(1, 0, "张三")
        sheet.write_formula(1, 1, "=#REF!", None, "#REF!")
        sheet.write_formula(2, 0, "=NA()", None, "#N/A")
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")

    return drawn(draw)


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (xlsx_with_errors(), [(2, "入党日期", "#REF!"), (3, "姓名", "#N/A")]),
        (
            xls_file([["姓名", "入党日期", "备注"], ["张三", "#REF!", "#NUM!"]]),
            [(2, "入党日期", "#REF!")],
        ),
        (
            ods_file(
                ods_text("姓名") + ods_text("入党日期"), ods_text("张三") + ODS_ERROR
            ),
            [(2, "入党日期", "#DIV/0!")],
        ),
        ("姓名,入党日期\n张三,#VALUE!".encode(), [(2, "入党日期", "#VALUE!")]),
    ],
    ids=["xlsx", "xls", "ods", "csv"],
)
def test_error_cells_are_not_empty_cells(
    content: bytes, faults: list[tuple[int, str, str]]
) -> None:
    error = refusal(content)
    assert [(f.row, f.column, f.value) for f in error.faults] == faults
    assert "出错值" in str(error)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空的"),
        (b"\r\n \t", "空的"),
        (b"\0" * 100, "空的"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\x00\x01", "不是表格文件"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10", "不是表格文件"),
        (b"GIF89a\x01\x02", "不是表格文件"),
        ("<html><table><tr><td>姓名</td></tr>".encode(), "其实是网页"),
        (b'<?xml version="1.0"?><Workbook/>', "其实是网页"),
        (b"\xff\xff\xff\xfe", "编码认不出来"),
        (b"PK\x03\x04abc", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600, "已损坏"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + "EncryptedPackage".encode("utf-16-le"),
            "有密码",
        ),
        (packed(mimetype=ODS_MARK, **{"META-INF/manifest.xml": LOCKED}), "有密码"),
        (packed(mimetype="x", **{"word/document.xml": "<x/>"}), "不是能导入的表格"),
        (packed(**{"xl/workbook.bin": "x"}), "不是能导入的表格"),
        (packed(**{"xl/workbook.xml": "<broken"}), "已损坏"),
        (xlsx_file([["姓名"], ["张三"]])[:-200], "已损坏"),
        (xls_file([["姓名"], ["张三"]])[:900], "已损坏"),
        ('姓名,支部\n张三,"一支部\n李四,二支部\n'.encode(), "第 2 行的引号没有成对"),
        ("姓名\n".encode() + b"\n" * limits.MAX_ROWS, "文件太大"),
        (b"x" * (limits.MAX_BYTES + 1), "文件太大"),
    ],
    ids=range(22),
)
def test_files_that_are_refused_in_one_sentence(content: bytes, why: str) -> None:
    error = refusal(content, "样例.xlsx")
    assert isinstance(error, Refusal)
    assert len(error.faults) == 1
    assert why in str(error)
    assert str(error).startswith("“样例.xlsx”：")


@pytest.mark.parametrize(
    ("row", "column"), [(1_048_575, 16_383), (1_048_575, 0), (99_999, 99)]
)
def test_a_stray_cell_far_away_is_refused(row: int, column: int) -> None:
    """Read in the server itself, the first of these would end its process."""

    def draw(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_column("A1", ["姓名", "张三"])
        sheet.write(row, column, "x")

    assert "样例" in str(refusal(drawn(draw), "样例.xlsx"))


class TestApart:
    """The child's own work, called here without the process around it."""

    def test_the_answer_is_spelled_out(self) -> None:
        answer = child.answer_for(xlsx_file([["姓名"], [date(2011, 7, 1)]]), "xlsx")
        assert '[{"date": "2011-07-01"}]' in answer

    def test_error_cells_take_their_places(self) -> None:
        answer = child.answer_for(xlsx_with_errors(), "xlsx")
        assert '"#REF!", "#DIV/0!"' in answer

    def test_hidden_sheets_bring_their_name_only(self) -> None:
        def draw(book: xlsxwriter.Workbook) -> None:
            book.add_worksheet("a")
            book.add_worksheet("b").hide()
            book.add_worksheet("c").very_hidden()

        answer = child.answer_for(drawn(draw), "xlsx")
        assert '"b", "hidden": true' in answer
        assert '"c"' not in answer

    def test_too_many_rows(self) -> None:
        content = drawn(lambda book: book.add_worksheet().write(300_000, 0, "x"))
        assert child.answer_for(content, "xlsx") == '{"refusal": "large"}'

    def test_merges_times_and_spans(self) -> None:
        def draw(book: xlsxwriter.Workbook) -> None:
            sheet = book.add_worksheet()
            sheet.merge_range("A1:B1", "across")
            sheet.merge_range("A2:A3", "down")
            sheet.write(3, 0, 0.5, book.add_format({"num_format": "h:mm"}))
            sheet.write(4, 0, 40725.5, book.add_format({"num_format": "d/m/yy h:mm"}))

        answer = child.answer_for(drawn(draw), "xlsx")
        assert '"merges": [[1, 0, 2]]' in answer
        assert '"12:00:00"' in answer
        assert '{"date": "2011-07-01T12:00:00"}' in answer


def test_error_cells_far_to_the_right() -> None:
    def draw(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("甲").write_formula(4, 30, "=1/0", None, "#DIV/0!")
        book.add_chartsheet("图")

    content = drawn(draw)
    assert find_looks(content, "xlsx")["甲"].texts == [(4, 30, "#DIV/0!")]


def test_error_cells_below_repeated_rows() -> None:
    repeated = (
        '<table:table-row table:number-rows-repeated="3"><table:table-cell/>'
        "</table:table-row><table:table-row>"
        '<table:table-cell table:number-columns-repeated="2"/>'
    )
    content = ods_file("", "</table:table-row>" + repeated + ODS_ERROR)
    assert find_looks(content, "ods")["党员"].texts == [(5, 2, "#DIV/0!")]


def test_error_cells_of_a_large_old_workbook() -> None:
    """More than 7 MB: the allocation table no longer fits the file's head."""
    rows = [[f"{row}文" + "字" * 32_000] for row in range(120)]
    content = xls_file([*rows, ["", "#NUM!"]])
    assert len(content) > 7_200_000
    assert errors_of(content) == {"党员": [(120, 1, "#NUM!")]}


def test_error_results_of_formulas_in_an_old_workbook() -> None:
    """The sample's writer stores no result; Excel stores FF FF and a code."""
    content = xls_file([["姓名", "入党日期"], ["张三", "=1/0"]])
    formula = re.search(
        rb"\x06\x00..\x01\x00\x01\x00..(?=\x03\0{5}\xff\xff)", content, re.DOTALL
    )
    assert formula is not None
    at = formula.end()
    error = b"\x02\x00\x07\x00\x00\x00\xff\xff"
    broken = content[:at] + error + content[at + 8 :]
    assert errors_of(content) == {"党员": []}
    assert errors_of(broken) == {"党员": [(1, 1, "#DIV/0!")]}
    assert [f.value for f in refusal(broken).faults] == ["#DIV/0!"]
