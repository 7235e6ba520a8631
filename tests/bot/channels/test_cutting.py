"""A text is cut to the platform's bytes, never inside of what people see as one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.split import FOLLOWS, cut_head, cut_text

LIMIT = 2048
FAMILY, FLAG, THUMB = "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽"
TEXTS = st.lists(
    st.sampled_from(["好", "a", "\n", FAMILY, FLAG, THUMB, "é", "𠮷", " "])
    | st.text(max_size=20)
).map("".join)


def size(text: str) -> int:
    return len(text.encode())


def numbered(parts: list[str]) -> list[str]:
    """Take the numbers off again."""
    whole = []
    for at, part in enumerate(parts, 1):
        mark = f"（{at}/{len(parts)}）"
        assert part.endswith(mark)
        whole.append(part.removesuffix(mark))
    return whole


@pytest.mark.parametrize("text", ["", "好", "a" * LIMIT, "好" * (LIMIT // 3) + "aa"])
def test_what_fits_is_left_alone(text: str) -> None:
    assert cut_text(text, LIMIT) == [text]
    assert cut_head(text, LIMIT) == (text, "")


@pytest.mark.parametrize("one", ["a", "好", "😀", FAMILY, FLAG, THUMB, "e\u0301"])
def test_characters_stay_whole(one: str) -> None:
    text = one * 3000
    parts = numbered(cut_text(text, LIMIT))
    assert "".join(parts) == text
    assert all(part == one * (len(part) // len(one)) for part in parts)
    head, rest = cut_head(text, LIMIT)
    kept = head.removesuffix(FOLLOWS)
    assert kept + rest == text
    assert kept == one * (len(kept) // len(one))
    assert LIMIT - size(one) < size(head) <= LIMIT


def test_lines_stay_whole() -> None:
    lines = [f"{number}. 第{number}条" + "学" * 50 for number in range(100)]
    parts = numbered(cut_text("\n".join(lines), LIMIT))
    assert [line for part in parts for line in part.split("\n")] == lines
    assert len(parts) == 9


def test_equal_parts_differ_by_their_number() -> None:
    parts = cut_text(("同" * 600 + "\n") * 4, LIMIT)
    assert len(set(parts)) == len(parts) == 4


def test_blank_lines_are_no_message() -> None:
    assert cut_text("首" + "\n" * 5000 + "尾", LIMIT) == ["首（1/2）", "尾（2/2）"]
    assert cut_head("a" + "\n" * 5000, LIMIT) == ("a", "")
    assert cut_head("\n" * 5000, LIMIT) == ("", "")
    assert cut_head("\n" * 5000 + "尾", LIMIT) == ("尾", "")


def test_half_a_surrogate_pair_is_no_reason_to_fail() -> None:
    assert "".join(numbered(cut_text("\ud83d" * 1000, LIMIT))) == "\ud83d" * 1000


def test_a_cluster_without_end_is_cut_all_the_same() -> None:
    text = "a" + "\u0301" * 5000
    assert "".join(numbered(cut_text(text, LIMIT))) == text


@given(text=TEXTS, limit=st.integers(128, 300))
@settings(deadline=None, max_examples=50)
def test_no_part_is_too_long_and_none_is_lost(text: str, limit: int) -> None:
    parts = cut_text(text, limit)
    assert all(size(part) <= limit for part in parts)
    if parts != [text]:
        assert all(numbered(parts))
        assert no_ends("".join(numbered(parts))) == no_ends(text)


@given(text=TEXTS, limit=st.integers(128, 300))
@settings(deadline=None, max_examples=50)
def test_a_head_fits_and_the_rest_follows(text: str, limit: int) -> None:
    head, rest = cut_head(text, limit)
    assert size(head) <= limit
    assert head.endswith(FOLLOWS) == bool(rest)
    assert no_ends(head.removesuffix(FOLLOWS) + rest) == no_ends(text)


def no_ends(text: str) -> str:
    """Leave out the ends of lines: at a cut they go with the message."""
    return text.replace("\n", "")
