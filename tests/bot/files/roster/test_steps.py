"""The days of the way into the Party and of a branch's term, and what cannot be."""

from datetime import date

import pytest

from bot.files.roster.entry import Entry
from bot.files.roster.terms import Term
from tests.bot.files.roster.files import read, refusal, xlsx_file

TITLES = [
    "姓名", "人员类别", "列为积极分子日期", "列为发展对象日期", "入党时间",
    "换届日期", "任期",
]  # fmt: skip


def one(*cells: object) -> Entry:
    (entry,) = read(xlsx_file([TITLES, ["张三", *cells]])).entries
    return entry


@pytest.mark.parametrize(
    ("activist", "candidate", "elected", "term"),
    [
        ("2024-03-05", "2025.4.1", "2023年6月20日", "3年"),
        (date(2024, 3, 5), "２０２５／４／１", "20230620", 3),
        ("二〇二四年三月五日", "2025年4月1日", "", "2023.06.20-2026.06.20"),
        ("2024/3/5", "1 April 2025", "2023-6-20", "2023年6月20日至2026年6月19日"),
        ("2024-3-5", "2025-4-1", "", "2023-06-20 — 2026-06-20"),
        ("2024-3-5", "2025-4-1", "2023-06-20", "三年"),
    ],
)
def test_days_in_every_spelling(
    activist: object, candidate: object, elected: object, term: object
) -> None:
    entry = one("发展对象", activist, candidate, "", elected, term)
    assert entry.activist_since == date(2024, 3, 5)
    assert entry.candidate_since == date(2025, 4, 1)
    assert entry.term
    assert (entry.elected or entry.term.begins) == date(2023, 6, 20)
    assert entry.term.years == 3


def test_five_years_higher_up() -> None:
    assert one("正式党员", "", "", "", "2023-06-20", "五年").term == Term(5)


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        (
            ("发展对象", "2025-04-01", "2024-03-05"),
            "列为发展对象日期",
            "早于列为积极分子",
        ),
        (("预备党员", "", "2025-12-01", "2025-10-10"), "入党时间", "早于列为发展对象"),
        (("入党积极分子", "1911-04-01"), "列为积极分子日期", "早于建党"),
        (("入党积极分子", "2099-04-01"), "列为积极分子日期", "晚于今天"),
        (("入党积极分子", "2024年3月"), "列为积极分子日期", "缺几日"),
        (("入党积极分子", "2024-03-05", "2025-04-01"), "人员类别", "两处有一处不对"),
        (("", "", "", "", "2099-04-01"), "换届日期", "上一次换届"),
        (("", "", "", "", "", "2年"), "任期", "3 年或 5 年"),
        (("", "", "", "", "", "2023-06-20至2027-06-20"), "任期", "不是 3 年或 5 年"),
        (("", "", "", "", "", "2023年6月至2026年6月"), "任期", "看不懂"),
        (
            ("", "", "", "", "2023-06-21", "2023-06-20至2026-06-20"),
            "任期",
            "换届日期却是",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_row(
    cells: tuple[object, ...], column: str, words: str
) -> None:
    row = ["张三", *cells, *[""] * (len(TITLES) - 1 - len(cells))]
    (fault,) = refusal(xlsx_file([TITLES, row])).faults
    assert (fault.row, fault.column) == (2, column)
    assert words in fault.sentence


def test_less_than_a_year_is_worth_a_look_and_a_length_alone_too() -> None:
    row = ["张三", "发展对象", "2025-03-05", "2025-04-01", "", "", 3]
    roster = read(xlsx_file([TITLES, row]))
    told = "\n".join(map(str, roster.warnings))
    assert "培养考察不满一年" in told
    assert "只有任期、没有换届日期" in told
