"""Line breaking, measuring and fitting of Chinese text."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.typeset import (
    CLOSING,
    MAX_SPREAD,
    OPENING,
    Hand,
    balance,
    break_lines,
    cut_clusters,
    measure,
    shrink_to_fit,
    spread,
)

HAND = Hand(20)
steady = settings(deadline=None, max_examples=50)
# One punctuation mark of each kind at a time: whole runs of them stay together and may
# be wider than a line, which is the next test.
prose = st.lists(
    st.sampled_from(
        ["初", "心", "党", "2026", "WeCom", "，", "。", "《书》", "“好”", " "]
    ),
    min_size=1,
    max_size=60,
).map("".join)


def flat(text: str, width: float, hand: Hand = HAND) -> list[str]:
    return [line for paragraph in break_lines(text, hand, width) for line in paragraph]


def test_a_full_width_character_is_one_em_wide() -> None:
    assert measure("党", HAND) == 20
    assert measure("党员", Hand(20, tracking=0.5)) == 50
    assert measure("", HAND) == 0


def test_a_line_never_begins_with_closing_punctuation() -> None:
    assert flat("一二三四五，六七", 100) == ["一二三四", "五，六七"]
    assert flat("一二三四五”。六", 100) == ["一二三四", "五”。六"]


def test_a_line_never_ends_with_opening_punctuation() -> None:
    assert flat("一二三四《五六》", 100) == ["一二三四", "《五六》"]


def test_dashes_dots_and_names_with_dots_stay_whole() -> None:
    assert flat("一二三四……五", 100) == ["一二三", "四……五"]
    assert flat("一二三四五·六", 100) == ["一二三四", "五·六"]


def test_numbers_and_western_words_are_not_cut() -> None:
    assert flat("一二三2026年", 110) == ["一二三2026", "年"]
    assert flat("一二三四2026年", 100) == ["一二三四", "2026年"]


def test_what_is_alone_wider_than_a_line_is_cut_all_the_same() -> None:
    lines = flat("A" * 60, 100)
    assert "".join(lines) == "A" * 60
    assert len(lines) > 1
    assert all(measure(line, HAND) <= 100 for line in lines)


def test_paragraphs_stay_apart_and_empty_ones_go() -> None:
    assert break_lines("一\n\n  二 \n", HAND, 100) == [["一"], ["二"]]
    assert break_lines("", HAND, 100) == []


def test_spaces_vanish_at_the_ends_of_a_line_and_shrink_to_one() -> None:
    assert flat("一二三四五 六   七", 100) == ["一二三四五", "六 七"]


@steady
@given(prose, st.integers(150, 600))
def test_broken_lines_keep_to_the_measure_and_lose_no_character(
    text: str, width: int
) -> None:
    lines = flat(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    runs = [line for line in lines if measure(line, HAND) > width]
    assert runs == []


@steady
@given(
    st.lists(st.sampled_from(["初心", "党", "，", "《书》", "“好。”"]), min_size=1),
    st.integers(140, 600),
)
def test_the_rules_of_line_ends_hold_for_any_mixture(
    parts: list[str], width: int
) -> None:
    # A character before each mark: longer runs of marks may be wider than the line.
    for one, following in pairwise(flat("党".join(parts), width)):
        assert one[-1] not in OPENING
        assert following[0] not in CLOSING


@steady
@given(prose.filter(str.strip), st.integers(200, 600))
def test_a_balanced_measure_is_narrower_and_adds_no_line(text: str, width: int) -> None:
    balanced = balance(text, HAND, width)
    assert balanced <= width
    assert len(flat(text, balanced)) <= len(flat(text, width))


def test_balance_leaves_no_character_alone_on_the_last_line() -> None:
    text = "一二三四五六七八九十甲"
    assert flat(text, 200) == ["一二三四五六七八九十", "甲"]
    assert flat(text, balance(text, HAND, 200)) == ["一二三四五六", "七八九十甲"]


def test_spread_fills_the_measure() -> None:
    gap = spread("一二三四五", HAND, 108)
    assert gap == 2
    assert measure("一二三四五", HAND) + 4 * gap == 108


@pytest.mark.parametrize(("line", "width"), [("一二", 100), ("一", 30), ("一二", 30)])
def test_spread_leaves_a_line_ragged_when_it_would_gape(line: str, width: int) -> None:
    assert spread(line, HAND, width) == 0
    assert MAX_SPREAD < 0.5


def test_shrink_to_fit() -> None:
    assert shrink_to_fit("党员", HAND, 100, 10) == HAND
    assert shrink_to_fit("党员党员", HAND, 60, 10) == Hand(15)
    assert shrink_to_fit("党员党员", HAND, 30, 10) is None


def test_clusters_are_words_and_single_characters() -> None:
    assert cut_clusters("2011年7月，OK 好") == [
        "2011",
        "年",
        "7",
        "月",
        "，",
        "OK",
        " ",
        "好",
    ]
