"""One row: what a person's cells become, and each fault that a cell can have."""

from datetime import date

import pytest

from bot.files.roster.entry import Entry
from bot.files.roster.faults import Fault, shorten
from tests.bot.files.roster.files import Rows, csv_file, read, refusal, xlsx_file

pytestmark = pytest.mark.thorough

TITLES = [
    "序号", "姓名", "企业微信账号", "公民身份证号码", "人员类别", "所在党支部",
    "党小组", "加入党组织日期", "转为正式党员日期", "党内职务", "党籍状态", "手机号码",
]  # fmt: skip
GOOD: dict[str, object] = {
    "序号": 1,
    "姓名": "张　三",
    "企业微信账号": "ZhangSan",
    "公民身份证号码": 4.40501199001011e17,
    "人员类别": "正式党员",
    "所在党支部": "智能制造\n教工党支部",
    "党小组": "第一党小组",
    "加入党组织日期": "2011-07-01",
    "转为正式党员日期": "2012年7月1日",
    "党内职务": "组织委员",
    "党籍状态": "正常",
    "手机号码": 13812345678,
}


def person(**changed: object) -> list[object]:
    cells = GOOD | changed
    return [cells[title] for title in TITLES]


def entry(**changed: object) -> Entry:
    (one,) = read(xlsx_file([TITLES, person(**changed)])).entries
    return one


def faults(**changed: object) -> list[Fault]:
    return list(refusal(xlsx_file([TITLES, person(**changed)])).faults)


def test_a_whole_person_and_no_private_number() -> None:
    one = entry()
    assert one == Entry(
        row=2,
        name="张三",
        userid="ZhangSan",
        branch="智能制造教工党支部",
        group="第一党小组",
        category="正式党员",
        joined=date(2011, 7, 1),
        full_member_since=date(2012, 7, 1),
        position="组织委员",
        state="active",
    )


def test_empty_cells_are_unknown() -> None:
    blank = dict.fromkeys(TITLES, "") | {"姓名": "张三"}
    dash = dict.fromkeys(TITLES, "—") | {"姓名": "张三", "序号": 1}
    assert entry(**blank) == entry(**dash) == Entry(row=2, name="张三", position="")


@pytest.mark.parametrize(
    ("title", "cell", "field", "expected"),
    [
        ("姓名", "张 三", "name", "张三"),
        ("姓名", "张\u200b三\u00a0", "name", "张三"),
        ("姓名", "欧阳 小 明", "name", "欧阳小明"),
        ("姓名", "买买提•依明", "name", "买买提·依明"),
        ("姓名", "买买提 ・ 依明", "name", "买买提·依明"),
        ("姓名", "买买提.依明", "name", "买买提·依明"),
        ("姓名", "张三（女）", "name", "张三"),
        ("姓名", "张三(女，回族)", "name", "张三"),
        ("姓名", "张〇", "name", "张〇"),
        ("姓名", "张\ue863", "name", "张\ue863"),
        ("姓名", "𠮷田", "name", "𠮷田"),
        ("姓名", "王芳A", "name", "王芳A"),
        ("姓名", "John  O'Neil", "name", "John O'Neil"),
        ("企业微信账号", " zhang.san@a-b_c ", "userid", "zhang.san@a-b_c"),
        ("企业微信账号", 1001, "userid", "1001"),
        ("企业微信账号", "ｚｈａｏ", "userid", "zhao"),
        ("企业微信账号", "x" * 64, "userid", "x" * 64),
        ("人员类别", "正式", "category", "正式党员"),
        ("人员类别", "中共党员", "category", "正式党员"),
        ("人员类别", "中共党员（正式）", "category", "正式党员"),
        ("党籍状态", "已转出", "state", "left"),
        ("党籍状态", "停止党籍", "state", "suspended"),
        ("党籍状态", "死亡", "state", "deceased"),
        ("党籍状态", "已 故", "state", "deceased"),
        ("党籍状态", "开除党籍", "state", "expelled"),
        ("党籍状态", "在册", "state", "active"),
        ("加入党组织日期", date(2011, 7, 1), "joined", date(2011, 7, 1)),
        ("加入党组织日期", 40725, "joined", date(2011, 7, 1)),
        ("转为正式党员日期", date(2012, 7, 1), "full_member_since", date(2012, 7, 1)),
        ("党内职务", True, "position", "是"),
    ],
)
def test_a_cell_is_understood(
    title: str, cell: object, field: str, expected: object
) -> None:
    assert getattr(entry(**{title: cell}), field) == expected


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("预备", "预备党员"),
        ("中共预备党员", "预备党员"),
        ("中共党员（预备）", "预备党员"),
        ("积极分子", "入党积极分子"),
        ("发展对象", "发展对象"),
    ],
)
def test_those_who_are_no_full_members(word: str, category: str) -> None:
    joined = "2026-03-01" if category == "预备党员" else ""
    dates = {"加入党组织日期": joined, "转为正式党员日期": ""}
    assert entry(人员类别=word, **dates).category == category


@pytest.mark.parametrize(
    ("title", "cell", "why"),
    [
        ("姓名", "", "没有姓名"),
        ("姓名", "/", "没有姓名"),
        ("姓名", "张", "不像姓名"),
        ("姓名", "张三123", "不像姓名"),
        ("姓名", "张1", "不像姓名"),
        ("姓名", "张三（已转出）", "党籍状态"),
        ("姓名", "张三（见备注，另页）", "不像姓名"),
        ("姓名", 12, "不像姓名"),
        ("姓名", "张三（预备）", "不像姓名"),
        ("姓名", "张" * 51, "不像姓名"),
        ("姓名", "320501199001011234", "身份证号"),
        ("姓名", "320501 19900101 123X", "身份证号"),
        ("姓名", "320501900101123", "身份证号"),
        ("姓名", 3.2050119900101e17, "身份证号"),
        ("姓名", "4.40501E+17", "身份证号"),
        ("姓名", "138 1234 5678", "手机号"),
        ("企业微信账号", "32050119900101123X", "身份证号"),
        ("企业微信账号", "张三", "不像企业微信账号"),
        ("企业微信账号", "x" * 65, "不像企业微信账号"),
        ("企业微信账号", "a b", "不像企业微信账号"),
        ("人员类别", "群众", "不认识的人员类别"),
        ("人员类别", "入党申请人", "不认识的人员类别"),
        ("党籍状态", "失联", "不认识的党籍状态"),
        ("所在党支部", "320501199001011234", "身份证号"),
        ("党小组", "13812345678", "手机号"),
        ("党内职务", "长" * 61, "太长"),
        ("加入党组织日期", "2011-02-30", "没有这一天"),
        ("加入党组织日期", "2011年7月", "缺几日"),
        ("加入党组织日期", "#REF!", "出错值"),
        ("姓名", "#N/A", "出错值"),
        ("加入党组织日期", "1921-06-30", "早于建党"),
        ("加入党组织日期", "2026-08-02", "晚于今天"),
        ("转为正式党员日期", "2026-08-02", "晚于今天"),
        ("转为正式党员日期", "2011-06-30", "早于入党日期"),
        ("转为正式党员日期", "2012-06-30", "最早 2012-07-01"),
    ],
)
def test_a_cell_is_refused(title: str, cell: object, why: str) -> None:
    (fault,) = faults(**{title: cell})
    assert (fault.row, fault.column, fault.sheet) == (2, title, None)
    assert why in fault.sentence


@pytest.mark.parametrize(
    ("joined", "since", "sentence"),
    [
        ("2012-02-29", "2013-02-28", None),
        ("2012-02-29", "2013-02-27", "最早 2013-02-28"),
        ("1982-09-06", "1983-09-05", "最早 1983-09-06"),
        ("1982-09-05", "1982-09-05", None),
        ("1975-05-01", "1975-05-01", None),
        ("1921-07-01", "1921-06-30", "早于建党"),
    ],
)
def test_a_year_of_probation_since_1982(
    joined: str, since: str, sentence: str | None
) -> None:
    dates = {"加入党组织日期": joined, "转为正式党员日期": since}
    if sentence is None:
        assert entry(**dates).joined == date.fromisoformat(joined)
    else:
        assert any(sentence in fault.sentence for fault in faults(**dates))


def test_a_probationer_whose_day_has_come() -> None:
    (fault,) = faults(人员类别="预备党员")
    assert fault.column == "转为正式党员日期"
    assert "两处有一处不对" in fault.sentence


def test_a_planned_day_is_told_and_not_kept() -> None:
    dates = {"加入党组织日期": "2026-03-01", "转为正式党员日期": "2027-03-01"}
    roster = read(xlsx_file([TITLES, person(人员类别="预备党员", **dates)]))
    assert roster.entries[0].full_member_since is None
    assert [(w.row, w.column) for w in roster.warnings] == [(2, "转为正式党员日期")]


@pytest.mark.parametrize("category", ["入党积极分子", "发展对象"])
def test_who_has_not_joined_has_no_dates(category: str) -> None:
    assert [fault.column for fault in faults(人员类别=category)] == ["人员类别"]


def test_a_full_member_without_the_day_is_only_told() -> None:
    roster = read(xlsx_file([TITLES, person(转为正式党员日期="")]))
    assert [str(w) for w in roster.warnings] == [
        "第 2 行「转为正式党员日期」：是正式党员却没有转正日期，算不出党龄。"
    ]
    dates = {"加入党组织日期": "1970-07-01", "转为正式党员日期": "/"}
    assert read(xlsx_file([TITLES, person(**dates)])).warnings == ()


def test_a_member_without_any_day_is_only_told() -> None:
    dates = {"加入党组织日期": "不详", "转为正式党员日期": ""}
    (warning,) = read(xlsx_file([TITLES, person(**dates)])).warnings
    assert warning.column == "加入党组织日期"


def test_all_faults_come_at_once_in_order() -> None:
    rows: Rows = [
        TITLES,
        person(姓名="", 人员类别="群众"),
        person(企业微信账号="lisi", 姓名="李四"),
        person(企业微信账号="a b", 姓名="王五", 加入党组织日期="2011"),
    ]
    error = refusal(xlsx_file(rows))
    assert [(f.row, f.column) for f in error.faults] == [
        (2, "姓名"),
        (2, "人员类别"),
        (4, "企业微信账号"),
        (4, "加入党组织日期"),
    ]
    assert len(str(error).splitlines()) == 4
    assert "第 4 行「加入党组织日期」“2011”：只有年份" in str(error)


def test_a_long_list_of_faults_is_cut_in_words_only() -> None:
    error = refusal(csv_file([["姓名"], *[[f"{n}号"] for n in range(300)]]))
    assert len(error.faults) == 300
    assert str(error).endswith("……另有 100 处。")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("320501199001011234", "320***"),
        ("320501 19900101 123X", "320***"),
        ("手机138-1234-5678", "手机138***"),
        ("2011-02-30", "2011-02-30"),
        ("20110230", "20110230"),
        ("2011-07-01 00:00:00", "2011-07-01 00:00:00"),
        ("长" * 30, "长" * 24 + "…"),
        ("两\n行", "两 行"),
    ],
)
def test_what_is_shown_of_a_value(text: str, shown: str) -> None:
    assert shorten(text) == shown


def test_no_private_number_is_shown() -> None:
    said = str(refusal(xlsx_file([TITLES, person(姓名="320501199001011234")])))
    assert "1990" not in said
    assert "13812345678" not in repr(entry()) + said


TWICE = ["姓名", "账号", "党支部", "入党日期"]


@pytest.mark.parametrize(
    ("first", "second", "column"),
    [
        (["张三", "zs", "一", ""], ["李四", "ZS", "二", ""], "账号"),
        (["张三", "", "一", ""], ["张 三", "", "一", ""], "姓名"),
        (["张三", "zs", "一", ""], ["张三", "", "一", ""], "姓名"),
        (["张三", "", "一", ""], ["张三", "zs", "一", ""], "姓名"),
        (["张三", "", "一", "2001-7-1"], ["张三", "", "一", "2002-7-1"], "姓名"),
        (["张三", "zs", "一", "2001-7-1"], ["张三", "z3", "一", "2001.7.1"], "姓名"),
    ],
)
def test_a_person_twice(first: list[str], second: list[str], column: str) -> None:
    error = refusal(csv_file([TWICE, first, ["王五"], second]))
    assert [(f.row, f.column) for f in error.faults] == [(4, column)]
    assert "第 2 行" in error.faults[0].sentence


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["张三", "zs", "一", ""], ["张三", "z3", "一", ""]),
        (["张三", "zs", "一", "2001-7-1"], ["张三", "z3", "一", "2002-7-1"]),
        (["张三", "", "一", ""], ["张三", "", "二", ""]),
    ],
)
def test_namesakes(first: list[str], second: list[str]) -> None:
    assert len(read(csv_file([TWICE, first, second])).entries) == 2


@pytest.mark.parametrize(
    ("cell", "name", "mark"),
    [
        ("王伟1", "王伟", "1"),
        ("王伟 ２", "王伟", "2"),
        ("王伟-12", "王伟", "12"),
        ("王伟01", "王伟", "1"),
        ("王伟②", "王伟", "2"),
        ("王伟（大）", "王伟", "大"),
        ("王伟(小)", "王伟", "小"),
        ("王　伟（ 大 ）", "王伟", "大"),
        ("王伟(2)", "王伟", "2"),
        ("王伟【机电系】", "王伟", "机电系"),
        ("王伟（机电系）", "王伟", "机电系"),
        ("王伟2（女）", "王伟", "2"),
        ("买买提·依明（大）", "买买提·依明", "大"),
        ("李一", "李一", ""),
        ("张大", "张大", ""),
        ("王小二", "王小二", ""),
        ("张三（女）", "张三", ""),
        ("王芳A", "王芳A", ""),
    ],
)
def test_a_mark_is_kept_apart_from_the_name(cell: str, name: str, mark: str) -> None:
    one = entry(姓名=cell)
    assert (one.name, one.mark) == (name, mark)
