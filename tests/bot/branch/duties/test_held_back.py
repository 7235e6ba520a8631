"""What a full week kept back, as its secretary reads it."""

import pytest

from bot.branch.duties.held_back import HeldBack, describe

NAMES = ["甲", "乙", "丙", "丁", "戊", "己", "庚"]


@pytest.mark.parametrize(
    ("number", "shown"),
    [(1, "甲（"), (5, "甲、乙、丙、丁、戊（"), (6, "甲、乙、丙、丁、戊等 6 位（")],
)
def test_the_first_five_are_named(number: int, shown: str) -> None:
    assert f"：{shown}" in describe({"study": HeldBack(NAMES[:number])}, 7)


@pytest.mark.parametrize(
    ("waits", "fate"),
    [
        (0, "不再补发"),
        (2, "2 条等傍晚汇总里有位子时一起送，1 条不再补发"),
        (3, "等傍晚汇总里有位子时一起送"),
    ],
)
def test_what_waits_is_told_from_what_does_not_come(waits: int, fate: str) -> None:
    said = describe({"study": HeldBack(["甲", "乙", "甲"], waits)}, 7)
    assert f"· 学习提醒：甲、乙（{fate}）" in said
