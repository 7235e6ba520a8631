"""Lists of words of a sentence file, looked for within a text."""

from pathlib import Path

import pytest

from bot.understanding.sentences.lexicon import Lexicon

WRITTEN = """
<more> = (又|再)
# Over.
[done]
了 过 已
! 过来
[small]
(去|到)[了] <more> 帮[我]
[asks]
吗 Excel
"""


def lexicon(folder: Path, name: str) -> Lexicon:
    (folder / "told.phrases").write_text(WRITTEN, "utf-8")
    return Lexicon(folder / "told.py", name)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("来过", True),
        ("要过来", False),
        ("过来过", True),
        ("昨天去", False),
        ("记完了", True),
        ("", False),
    ],
)
def test_what_only_looks_like_a_word_is_none(
    tmp_path: Path,
    text: str,
    there: bool,  # noqa: FBT001
) -> None:
    assert lexicon(tmp_path, "done").stands_in(text) is there


def test_words_are_cut_off_both_ends_with_the_marks_around_them(
    tmp_path: Path,
) -> None:
    small = lexicon(tmp_path, "small")
    assert small.cut_start("再去了，万盛再去") == "万盛再去"
    assert small.cut_end("万盛，帮我再") == "万盛"
    assert small.cut_first("去了到了厂里") == "到了厂里"
    assert small.cut("万盛去了一次", "，") == "万盛，一次"
    assert small.cut_start("万盛") == small.cut_end("万盛") == "万盛"


def test_a_text_may_be_nothing_but_such_words(tmp_path: Path) -> None:
    small = lexicon(tmp_path, "small")
    assert small.is_all_of("又去了，再帮我")
    assert small.is_all_of("")
    assert not small.is_all_of("又去了厂里")
    assert small.is_one("帮我")
    assert not small.is_one("又再")


def test_capitals_are_the_same_and_an_end_is_looked_at_alone(tmp_path: Path) -> None:
    asks = lexicon(tmp_path, "asks")
    assert asks.stands_in("导出EXCEL")
    assert asks.stands_last("去吗")
    assert not asks.stands_last("吗去")
    assert asks.stands_first("excel 给我")


@pytest.mark.parametrize("words", ["{who}", "<unknown>", "(a"])
def test_what_is_no_list_of_words_is_told(tmp_path: Path, words: str) -> None:
    (tmp_path / "told.phrases").write_text(f"[a]\n{words}", "utf-8")
    with pytest.raises(ValueError):  # noqa: PT011
        Lexicon(tmp_path / "told.py", "a").stands_in("x")
    with pytest.raises(ValueError, match=r"nothing of .b."):
        Lexicon(tmp_path / "told.py", "b")
