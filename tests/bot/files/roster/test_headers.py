"""Titles as secretaries write them, and where the header may stand."""

import pytest

from bot.files.roster.cells import Row
from bot.files.roster.columns import Field, find_header, known_field
from tests.bot.files.roster.files import csv_file, read, refusal

TITLES: list[tuple[str, Field | None]] = [
    ("姓名", "name"),
    ("姓 名", "name"),
    ("姓\n名", "name"),
    ("姓　　名", "name"),
    ("*姓名", "name"),
    ("姓名：", "name"),
    ("姓名（必填）", "name"),
    ("姓名(与身份证一致)", "name"),
    ("【姓名】", "name"),
    ("党员姓名", "name"),
    ("账号", "userid"),
    ("帐号", "userid"),
    ("企业微信账号", "userid"),
    ("企微帐号", "userid"),
    ("UserID", "userid"),
    ("user_id", "userid"),
    ("ＵｓｅｒＩＤ", "userid"),
    ("企业微信ID", "userid"),
    ("成员账号", "userid"),
    ("所在党支部", "branch"),
    ("党支部", "branch"),
    ("支部", "branch"),
    ("所属党组织", "branch"),
    ("组织关系\n所在党支部", "branch"),
    ("党小组", "group"),
    ("所在党小组", "group"),
    ("人员类别", "category"),
    ("政治面貌", "category"),
    ("党员类别（正式/预备）", "category"),
    ("加入党组织日期", "joined"),
    ("加入党组织\n日期", "joined"),
    ("入党时间", "joined"),
    ("入党日期(格式:2011-07-01)", "joined"),
    ("入党年月", "joined"),
    ("转为正式党员日期", "full_member_since"),
    ("转正时间", "full_member_since"),
    ("转正（时间）", "full_member_since"),
    ("党内职务", "position"),
    ("职务", "position"),
    ("党籍状态", "state"),
    ("状态", "state"),
    ("公民身份证号码", None),
    ("出生日期", None),
    ("手机号码", "phone"),
    ("月工资", None),
    ("申请入党时间", None),
    ("列为积极分子日期", "activist_since"),
    ("确定为入党积极分子\n时间", "activist_since"),
    ("积极分子确定时间", "activist_since"),
    ("列为发展对象日期", "candidate_since"),
    ("确定发展对象时间（年月日）", "candidate_since"),
    ("换届日期", "elected"),
    ("上次换届时间", "elected"),
    ("支部任期", "term"),
    ("任期（年）", "term"),
    ("积极分子培养人", None),
    ("下次换届日期", None),
    ("任期届满日期", None),
    ("入党介绍人", None),
    ("行政职务", None),
    ("激活状态", None),
    ("序号", None),
    ("", None),
    ("党员姓名" * 20, None),
]


@pytest.mark.parametrize(("title", "expected"), TITLES)
def test_a_title_names_a_field(title: str, expected: Field | None) -> None:
    known = known_field(title)
    assert (known and known[0]) == expected


def places(rows: list[Row]) -> tuple[int, dict[Field, int]]:
    header = find_header(rows)
    assert header is not None
    return header.end, header.places


def test_the_header_may_stand_below_titles() -> None:
    rows: list[Row] = [["党员名册"], [], ["制表：", "张三"], ["序号", "姓名", "支部"]]
    assert places(rows) == (4, {"name": 1, "branch": 2})


def test_a_header_too_far_down_is_none() -> None:
    rows: list[Row] = [["说明"] for _ in range(30)]
    assert find_header([*rows, ["姓名"]]) is None
    assert find_header([*rows[1:], ["姓名"]]) is not None


def test_two_rows_of_titles() -> None:
    rows: list[Row] = [
        ["序号", "姓名", "入党", "", "转正", "基本情况", ""],
        ["", "", "时间", "介绍人", "日期", "性别", "党支部"],
        ["1", "张三"],
    ]
    expected = {"name": 1, "joined": 2, "full_member_since": 4, "branch": 6}
    assert places(rows) == (2, expected)


def test_two_rows_with_the_name_in_the_lower() -> None:
    rows: list[Row] = [
        ["序号", "基本情况", "", "入党时间"],
        ["", "姓名", "性别", ""],
        ["1", "张三", "男", "2011-7-1"],
    ]
    assert places(rows) == (2, {"name": 1, "joined": 3})


def test_a_title_above_the_header_is_no_part_of_it() -> None:
    rows: list[Row] = [["入党"], ["姓名", "时间"], ["张三", "2011-7-1"]]
    header = find_header(rows)
    assert header is not None
    assert header.titles == ("姓名", "时间")


def test_the_better_title_wins_and_the_other_is_unused() -> None:
    roster = read(
        csv_file([["职务", "姓名", "党内职务"], ["副教授", "张三", "组织委员"]])
    )
    assert roster.entries[0].position == "组织委员"
    assert roster.unused == ("职务",)


def test_the_better_title_wins_from_either_side() -> None:
    roster = read(
        csv_file([["党内职务", "姓名", "职务"], ["组织委员", "张三", "副教授"]])
    )
    assert roster.entries[0].position == "组织委员"


def test_a_title_that_stands_twice_is_a_fault() -> None:
    error = refusal(
        csv_file([["姓名", "支部", "", "姓名"], ["张三", "一支部", "", "李四"]])
    )
    assert [(f.row, f.column) for f in error.faults] == [(1, "姓名")]
    assert "A 列和 D 列" in str(error)


def test_far_columns_are_named_as_excel_does() -> None:
    title = ["姓名", *[""] * 26, "姓名"]
    assert "A 列和 AB 列" in str(refusal(csv_file([title, ["张三"]])))
