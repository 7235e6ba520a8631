"""Values that are copied or cut out of a text, each by the one slot for it."""

import pytest

from bot.understanding.slots.body_name import find_body_name
from bot.understanding.slots.clauses import LISTED, list_clauses
from bot.understanding.slots.listed_number import (
    number_ahead,
    part_number_ahead,
    place_in,
)
from bot.understanding.slots.people_named import may_be_name
from bot.understanding.slots.place import part_place
from bot.understanding.slots.taken import GAP, Taken, take_alone, take_out
from bot.understanding.slots.written import (
    find_link,
    find_paper_number,
    find_phone,
)


def value(found: Taken | None) -> str | None:
    return found.value if found else None


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("链接https://a.cn/x?y=1，昨天", "https://a.cn/x?y=1"),
        ("见http://a.cn/b。", "http://a.cn/b"),
        ("(https://a.cn)", "https://a.cn"),
        ("没有链接", None),
    ],
)
def test_link(text: str, link: str | None) -> None:
    assert value(find_link(text)) == link


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("联系13900001234吧", "13900001234"),
        ("电话0512-66001234", "0512-66001234"),
        ("合同139000012345", None),
        ("来了20人", None),
    ],
)
def test_phone(text: str, phone: str | None) -> None:
    assert value(find_phone(text)) == phone


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("苏教发〔2026〕3号", "苏教发〔2026〕3号"),
        ("文号是苏教发[2026]12号", "苏教发[2026]12号"),
        ("合同号：HT-2026-3，半天", "HT-2026-3"),
        ("去了3号楼", None),
    ],
)
def test_paper_number(text: str, number: str | None) -> None:
    assert value(find_paper_number(text)) == number


@pytest.mark.parametrize(
    ("words", "parted"),
    [
        ("12 日期改成昨天", (12, "日期改成昨天")),
        ("第3条改成半天", (3, "改成半天")),
        ("12日期改成昨天", (12, "日期改成昨天")),
        ("12，不算", (12, "，不算")),
        ("12月3日", None),
        ("3个人", None),
        ("3小时", None),
        ("上次的", None),
    ],
)
def test_number_ahead_of_what_follows(
    words: str, parted: tuple[int, str] | None
) -> None:
    assert part_number_ahead(words, ("日期", "人员")) == parted


def test_a_number_alone_and_a_place_in_order() -> None:
    assert number_ahead("5 采用了") == number_ahead("五") == 5
    assert number_ahead("采用了") is None
    assert place_in("七个一 第二项 完成") == place_in("第2个") == 2
    assert place_in("二项") is None


def test_what_is_taken_leaves_a_gap() -> None:
    assert take_out("去万盛半天", 1, 3) == f"去{GAP}半天"
    assert take_alone("调试，无偿的，半天", ("无偿",)) == f"调试，{GAP}，半天"
    assert take_alone("无偿调试", ("无偿",)) == "无偿调试"


def test_clauses_and_items() -> None:
    assert list_clauses("甲，乙；丙") == ["甲", "乙", "丙"]
    assert list_clauses("读书、听课；谈心", LISTED) == ["读书", "听课", "谈心"]


@pytest.mark.parametrize(
    ("text", "place", "rest"),
    [
        ("周四两点在报告厅", "报告厅", "周四两点，"),
        ("地点：302，周四", "302", "，，周四"),
        ("周四两点", "", "周四两点"),
    ],
)
def test_place_and_the_rest(text: str, place: str, rest: str) -> None:
    assert part_place(text) == (place, rest)


def test_names_of_bodies_and_of_whoever() -> None:
    assert find_body_name("第二党小组") == "第二党小组"
    assert find_body_name("机电系支部") == "机电系支部"
    assert find_body_name("党员") == ""
    assert may_be_name("古丽娜尔·艾山")
    assert not may_be_name("3个人")
