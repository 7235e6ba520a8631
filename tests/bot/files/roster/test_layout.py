"""What stands around and between the people of a real spreadsheet."""

import pytest
import xlsxwriter

from tests.bot.files.roster.files import csv_file, drawn, read, refusal, xlsx_file

HEAD = ["序号", "姓名", "入党日期", "转正日期", "性别"]
ZHANG = ["1", "张三", "2001-7-1", "2002-7-1", "男"]
LI = ["2", "李四", "2001-7-1", "2002-7-1", "女"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["合计", "2人"], "合计"),
        (["", "合 计", "", "", "2"], "合计"),
        (["总计：2人"], "合计"),
        (["第一党小组小计", "", "2"], "合计"),
        (["2、谢谢"], "说明"),
        (["小计", "2"], "合计"),
        (["", "共 2 人"], "合计"),
        (["备注：本表为样例。"], "说明"),
        (["", "注：1.日期填支部大会通过之日"], "说明"),
        (["填表人：王五", "", "审核人：赵六", "2026-7-1"], "说明"),
        (["审核：", "王五", "", "日期：2026年7月1日"], "说明"),
        (["说明"], "说明"),
        (["截至2026年7月1日"], "说明"),
        (["※以上均为样例"], "说明"),
        (["第 1 页 共 3 页"], "说明"),
        (["1.此表一式两份，由党支部留存"], "说明"),
        (["", "以上人员均已核对，无误"], "说明"),
        (["党支部书记（签字）：", "", "", "", "盖章"], "说明"),
        (["第一党小组"], "小标题"),
        (["", "一、正式党员"], "小标题"),
        (["预备党员（3人）"], "小标题"),
        (["智能制造教工党支部党员名册"], "小标题"),
        (["3"], "只有序号"),
        (["3", "", "", "", "男"], "没有姓名，也没有名册要用的内容"),
        (["3", "", "/", "—", "男"], "没有姓名，也没有名册要用的内容"),
        (["", "", "", "", "以下空白"], "没有姓名，也没有名册要用的内容"),
        (["例", "王小明", "2001-7-1", "2002-7-1", "男"], "示例"),
        (["1", "2", "3", "4", "5"], "列号"),
        (HEAD, "重复的表头"),
    ],
)
def test_rows_that_are_no_people(row: list[str], why: str) -> None:
    roster = read(csv_file([["党员名册"], [], HEAD, ZHANG, [], row, LI]))
    assert [entry.name for entry in roster.entries] == ["张三", "李四"]
    assert [entry.row for entry in roster.entries] == [4, 7]
    assert [(line.row, line.why) for line in roster.ignored] == [(6, why)]


@pytest.mark.parametrize(
    "row",
    [
        ["3", "", "2001-7-1", "", ""],
        ["3", "", "", "", "13812345678"],
        ["", "", "", "", "4.40501E+17"],
        ["", "", "2001-7-1"],
    ],
)
def test_rows_that_look_like_people_need_a_name(row: list[str]) -> None:
    error = refusal(csv_file([HEAD, ZHANG, row]))
    assert [(f.row, f.column) for f in error.faults] == [(3, "姓名")]
    assert "没有姓名" in str(error)


def test_a_secretary_in_the_first_column_is_a_person() -> None:
    rows = [["党内职务", "姓名"], ["党支部书记", "张三"], ["负责人", "李四"]]
    roster = read(csv_file(rows))
    assert [entry.position for entry in roster.entries] == ["党支部书记", "负责人"]


def test_a_bare_name_is_a_person() -> None:
    assert [entry.name for entry in read("姓名\n张三\n\n李四".encode()).entries] == [
        "张三",
        "李四",
    ]


def test_a_second_table_below_with_other_columns() -> None:
    rows = [HEAD, ZHANG, [], ["支部", "姓名", "类别"], ["二支部", "李四", "积极分子"]]
    roster = read(csv_file(rows))
    assert roster.entries[1].branch == "二支部"
    assert roster.entries[1].category == "入党积极分子"
    assert roster.unused == ("序号", "性别")


def test_merges_share_their_value_downwards() -> None:
    def draw(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:D1", "智能制造教工党支部党员名册（样例）")
        sheet.merge_range("A2:A3", "支部")
        sheet.merge_range("B2:B3", "姓\n名")
        sheet.merge_range("C2:D2", "入党")
        sheet.write_row("C3", ["时间", "介绍人"])
        sheet.merge_range("A4:A9", "第一支部")
        sheet.write_row("B4", ["张三", "2001-7-1"])
        sheet.write_row("B5", ["李四", "2002-7-1"])

    roster = read(drawn(draw))
    assert [(one.name, one.branch, one.row) for one in roster.entries] == [
        ("张三", "第一支部", 4),
        ("李四", "第一支部", 5),
    ]
    assert roster.entries[0].joined is not None
    assert roster.unused == ("介绍人",)


def test_a_name_merged_over_rows_that_are_no_titles() -> None:
    def draw(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:A2", "姓名")
        sheet.write_row("B1", ["基本情况", ""])
        sheet.write_row("B2", ["性别", "民族"])
        sheet.write_row("A3", ["张三", "男", "汉族"])

    assert [entry.name for entry in read(drawn(draw)).entries] == ["张三"]


def test_several_sheets() -> None:
    roster = read(
        xlsx_file(
            [HEAD, ZHANG],
            积极分子=[["姓名", "类别"], ["李四", "积极分子"]],
            统计=[["人数", "2"]],
            空白=[],
        )
    )
    assert [(one.name, one.sheet) for one in roster.entries] == [
        ("张三", "党员"),
        ("李四", "积极分子"),
    ]
    assert [warning.sheet for warning in roster.warnings] == ["统计"]


def test_faults_name_the_sheet_when_there_are_several() -> None:
    error = refusal(xlsx_file([HEAD, ZHANG], 离退休=[HEAD, ZHANG, ["3", "张"]]))
    assert [(f.sheet, f.row) for f in error.faults] == [("离退休", 2), ("离退休", 3)]
    assert "与工作表「党员」第 2 行是同一个人" in str(error)


def test_hidden_sheets_are_left_and_told() -> None:
    def draw(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("党员").write_column("A1", ["姓名", "张三"])
        hidden = book.add_worksheet("旧名册")
        hidden.write_column("A1", ["姓名", "李四"])
        hidden.hide()
        lists = book.add_worksheet("选项")
        lists.write_column("A1", ["姓名", "王五"])
        lists.very_hidden()
        book.add_chartsheet("图")

    roster = read(drawn(draw))
    assert [entry.name for entry in roster.entries] == ["张三"]
    assert [w.sheet for w in roster.warnings if w.sheet] == ["旧名册"]


def test_people_without_a_branch_are_told() -> None:
    rows = [["姓名", "支部"], ["张三", "一支部"]]
    rows += [[f"李四{chr(0x4E00 + n)}", ""] for n in range(12)]
    warnings = [str(warning) for warning in read(csv_file(rows)).warnings]
    assert warnings[:2] == [
        "没有入党日期这一列，算不出政治生日。",
        "没有转正日期这一列，算不出党龄。",
    ]
    assert warnings[2].startswith("12 人没有写党支部：李四一（第 3 行）、")
    assert warnings[2].endswith(" 等。")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([["党员"], ["张三"]], "没有找到表头"),
        ([HEAD, [], ["合计", "0人"]], "一个人也没有"),
    ],
)
def test_a_table_without_people(rows: list[list[str]], why: str) -> None:
    assert why in str(refusal(csv_file(rows)))
