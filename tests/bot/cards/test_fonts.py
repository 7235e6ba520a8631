"""Which characters the two faces have, and what becomes of the others."""

import pytest

from bot.cards.fonts import (
    choose_face,
    has_glyph,
    make_one_line,
    missing_glyphs,
    require_glyphs,
    strip_invisible,
)
from bot.errors import Refusal

RARE_NAMES = "㛃䶮𫍯𬀩龑喆堃翀犇赟囍鑫焱燚淼垚昇玥祎靓㐂㙓㼆㮾䂮"


def test_rare_characters_of_names_are_all_there() -> None:
    assert missing_glyphs(RARE_NAMES) == ""
    assert all(has_glyph("serif", char) for char in RARE_NAMES)


@pytest.mark.parametrize("char", "𥫗𧾷")
def test_the_sans_stands_in_where_the_serif_lacks_a_character(char: str) -> None:
    assert not has_glyph("serif", char)
    assert choose_face("serif", char) == "sans"
    assert missing_glyphs(char) == ""


@pytest.mark.parametrize("char", "䶶鿱")
def test_the_serif_stands_in_where_the_sans_lacks_a_character(char: str) -> None:
    assert not has_glyph("sans", char)
    assert choose_face("sans", char) == "serif"


def test_the_wanted_face_is_kept_where_it_has_the_character_or_nobody_has() -> None:
    assert choose_face("serif", "党") == "serif"
    assert choose_face("sans", "党") == "sans"
    assert choose_face("serif", "𠮷") == "serif"


def test_missing_characters_are_named_once_in_order() -> None:
    assert missing_glyphs("𠮷祥🎂𠮷 \n如意") == "𠮷🎂"


def test_what_nobody_can_draw_is_refused_by_name() -> None:
    require_glyphs("向阳")
    with pytest.raises(Refusal, match="没有这些字：𠮷、🎂"):
        require_glyphs("𠮷🎂")


def test_what_has_no_shape_is_dropped() -> None:
    assert (
        strip_invisible(" 王\u200b芳\ufe0f\u202e\t好\r\n\ud800年\x00 ") == "王芳 好\n年"
    )
    assert make_one_line("王\n芳\u3000  好") == "王 芳 好"
    assert missing_glyphs("王\u200b芳\ufe0f") == ""
