"""How a cell of a file is read into a field."""

from datetime import date

import pytest

from bot.branch.records.fields import Amount, Day, Field
from bot.files.roster.faults import Unreadable

MONTH, DAY = Day("day", "月份", month=True), Day("day", "日期")
SUM = Amount("amount", "金额", unit="元", most=100)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("2026年3月", "2026-03-01"),
        ("2026年12月份", "2026-12-01"),
        ("2026-01", "2026-01-01"),
        ("202612", "2026-12-01"),
        (date(2026, 3, 31), "2026-03-01"),
        ("2026-03-31", "2026-03-01"),
    ],
)
def test_a_month_is_its_first_day(cell: str | date, read: str) -> None:
    assert MONTH.read_cell(cell) == read


@pytest.mark.parametrize("cell", ["2026年0月", "2026年13月", "202613", "3月"])
def test_no_month(cell: str) -> None:
    with pytest.raises(Unreadable):
        MONTH.read_cell(cell)


def test_a_day_is_itself() -> None:
    assert DAY.read_cell("2026-03-31") == "2026-03-31"
    with pytest.raises(Unreadable):
        DAY.read_cell("2026年3月")


@pytest.mark.parametrize(
    ("field", "text", "fits"),
    [
        (SUM, "100元", True),
        (SUM, "100.5", False),
        (SUM, "0", False),
        (SUM, "0.1 元", True),
        (SUM, "三", False),
        (Field("what", "内容"), "长" * 200, True),
        (Field("what", "内容"), "长" * 201, False),
    ],
)
def test_what_a_cell_may_hold(field: Field, text: str, *, fits: bool) -> None:
    if fits:
        assert field.read(text)
        return
    with pytest.raises(Unreadable):
        field.read(text)
