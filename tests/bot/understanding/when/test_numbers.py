"""Whole numbers, as they are typed."""

import pytest

from bot.understanding.when.numbers import find_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("３", 3), ("十二", 12), ("二七", 27), ("半", None), ("一千", None)],
)
def test_only_a_whole_number_is_one(text: str, number: int | None) -> None:
    assert find_number(text) == number
