"""Which characters the faces have, and what becomes of the others."""

from pathlib import Path

import pytest

from bot.files.print.fonts import (
    faces,
    has_glyph,
    leave_drawable,
    make_one_line,
    missing_glyphs,
    missing_letters,
    missing_signs,
    name_sound,
    read_characters,
    strip_invisible,
)

RARE_NAMES = "㛃䶮𫍯𬀩龑喆堃翀犇赟囍鑫焱燚淼垚昇玥祎靓㐂㙓㼆㮾䂮"


def test_rare_characters_of_names_are_all_there() -> None:
    assert missing_glyphs(RARE_NAMES) == ""


def test_all_of_the_two_first_blocks_of_gb_18030_is_there() -> None:
    for first, last in ((0x4E00, 0x9FA5), (0x3400, 0x4DB5)):
        assert all(has_glyph(chr(code)) for code in range(first, last + 1))


@pytest.mark.parametrize("char", "𥫗𧾷䶶鿱")
def test_one_face_stands_in_for_the_other(char: str) -> None:
    assert [ord(char) in read_characters(each) for each in faces()].count(True) == 1
    assert has_glyph(char)


def test_missing_characters_are_named_once_in_order() -> None:
    assert missing_glyphs("𠮷祥🎂𠮷 \n如意") == "𠮷🎂"
    assert missing_letters("𠮷祥🎂") == "𠮷"
    assert missing_signs("𠮷祥🎂") == "🎂"


def test_signs_are_left_out_and_letters_stay() -> None:
    assert leave_drawable("𬎆，生日 🎂 快乐🎉\n\n 好 ") == "𬎆，生日 快乐\n好"


def test_a_frame_tells_the_sound_or_else_the_number() -> None:
    assert name_sound("𬎆") == "yíng"
    assert name_sound("𠮷") == "20BB7"


def test_what_has_no_shape_is_dropped() -> None:
    assert (
        strip_invisible(" 王\u200b芳\ufe0f\u202e\t好\r\n\ud800年\x00 ") == "王芳 好\n年"
    )
    assert make_one_line("王\n芳\u3000  好") == "王 芳 好"
    assert missing_glyphs("王\u200b芳\ufe0f") == ""


def test_what_is_no_font_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.otf").write_bytes(b"OTTO" + bytes(60))
    with pytest.raises(ValueError, match=r"a\.otf"):
        read_characters(tmp_path / "a.otf")
