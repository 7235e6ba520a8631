"""Tables for people: what the cells are, and how the sheet is printed."""

import re
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from python_calamine import CalamineWorkbook

from bot.files.xlsx import Month, Sheet, write_book

HEADS = ("姓名", "入党日期", "说明")
ROWS = [("王芳", date(2011, 3, 2), "=1+1"), ("李伟", None, "第一行\n第二行")]


def part(content: bytes, name: str) -> str:
    return ZipFile(BytesIO(content)).read(f"xl/{name}.xml").decode()


def test_a_number_is_one_and_the_number_of_a_paper_is_text() -> None:
    rows = [(3, 2.5, "007")]
    content = BytesIO(write_book([Sheet("表", HEADS, rows)]))
    book = CalamineWorkbook.from_filelike(content)
    assert book.get_sheet_by_name("表").to_python()[1] == [3, 2.5, "007"]


def test_a_date_is_one_and_text_is_never_a_formula() -> None:
    book = CalamineWorkbook.from_filelike(
        BytesIO(write_book([Sheet("表", HEADS, ROWS)]))
    )
    rows = book.get_sheet_by_name("表").to_python()
    assert rows == [
        list(HEADS),
        ["王芳", date(2011, 3, 2), "=1+1"],
        ["李伟", "", "第一行\n第二行"],
    ]


def test_it_is_printed_on_a4_with_its_title_and_heads_on_each_page() -> None:
    content = write_book([Sheet("支部台账 & 附件", HEADS, ROWS)])
    sheet = part(content, "worksheets/sheet1")
    assert 'paperSize="9"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "支部台账 &amp;&amp; 附件" in sheet
    assert '<autoFilter ref="A1:C3"/>' in sheet
    assert "_xlnm.Print_Titles" in part(content, "workbook")


def test_a_wide_table_lies() -> None:
    narrow = part(write_book([Sheet("表", HEADS, ROWS)]), "worksheets/sheet1")
    wide = write_book([Sheet("表", HEADS, [("字" * 40,) * 3])])
    assert 'orientation="landscape"' not in narrow
    assert 'orientation="landscape"' in part(wide, "worksheets/sheet1")


def test_columns_are_as_wide_as_what_is_written_within_reason() -> None:
    sheet = part(
        write_book([Sheet("表", ("短", "长"), [("一", "字" * 300)])]),
        "worksheets/sheet1",
    )
    first, second = (float(each) for each in re.findall(r'width="([\d.]+)"', sheet))
    assert first < 12
    assert 30 < second < 45


def test_a_table_of_nothing_has_its_heads() -> None:
    content = write_book([Sheet("表", HEADS, ())])
    [rows] = (
        CalamineWorkbook.from_filelike(BytesIO(content))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert rows == list(HEADS)


def test_a_moment_is_shown_to_the_minute_and_a_month_without_its_day() -> None:
    noon = datetime(2026, 3, 2, 12, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    rows = [[noon, Month(2026, 3, 1)]]
    content = write_book([Sheet("时间", ["何时", "哪月"], rows)])
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert book.get_sheet_by_index(0).to_python()[1] == [
        noon.replace(tzinfo=None),
        date(2026, 3, 1),
    ]
    forms = re.findall('formatCode="([^"]*)"', part(content, "styles"))
    assert forms == ["yyyy-mm-dd hh:mm", "yyyy-mm"]
