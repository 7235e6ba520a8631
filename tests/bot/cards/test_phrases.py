"""A text cut into phrases: nothing lost, no orphan, no name cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.phrases import AFTER, CLOSING, OPENING, cut_paragraphs, cut_phrases
from bot.cards.wishes import BY_YEARS, PROBATION, USUAL

TEXTS = [USUAL, PROBATION, *BY_YEARS.values(), "祝同志们政治生日快乐！愿我们不忘初心。"]
NAMES = ("王芳", "欧阳翀犇", "阿卜杜热合曼·麦麦提敏")


@pytest.mark.parametrize("text", TEXTS)
def test_words_of_our_own_texts_are_whole(text: str) -> None:
    phrases = cut_phrases(text)
    assert "".join(phrases) == text
    assert not [each for each in phrases if each[0] in CLOSING + "的了着们"]
    for word in ("入党", "初心", "向日葵", "光荣", "一线", "承诺"):
        assert "".join(phrases).count(word) == sum(p.count(word) for p in phrases)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["{}同志向您学习，愿{}永葆热忱。", "“谢谢{}！”"])
def test_a_name_is_never_cut(name: str, text: str) -> None:
    said = text.replace("{}", name)
    phrases = cut_phrases(said, NAMES)
    assert sum(each.count(name) for each in phrases) == said.count(name)


@settings(deadline=None)
@given(st.text("初心如磐，步履不停。《》“”的了在 2026ab\n王芳", max_size=120))
def test_nothing_is_lost_and_no_sign_stands_alone(text: str) -> None:
    whole = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    paragraphs = cut_paragraphs(text, NAMES)
    assert ["".join(each) for each in paragraphs] == whole
    for phrases in paragraphs:
        assert not [each for each in phrases[1:] if each[0] in CLOSING]
        assert not [each for each in phrases[:-1] if each[-1] in OPENING]


def test_what_leans_back_does_not_begin_a_line() -> None:
    for phrase in cut_phrases("那天的承诺我们记着，路上的灯亮了。")[1:]:
        assert phrase[0] not in AFTER


def test_what_no_line_could_take_is_cut() -> None:
    assert max(map(len, cut_phrases("a" * 90))) <= 12
    assert max(map(len, cut_phrases("初" * 90))) <= 12
