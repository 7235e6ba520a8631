"""The two faces that cards are set in, and which of them has a character."""

import unicodedata
from functools import cache, lru_cache
from typing import Literal

from PIL import ImageFont
from pylopdf_fonts_zh_cn import sans_path, serif_path

from bot.errors import Refusal

Face = Literal["serif", "sans"]

PROBE_SIZE = 40
NO_CHARACTER = "\U0010ffff"
VARIATION_SELECTORS = range(0xFE00, 0xFE10)


@cache
def _open_file(face: Face) -> ImageFont.FreeTypeFont:
    path = serif_path() if face == "serif" else sans_path()
    # Basic layout: one glyph a character, the same bytes on every machine.
    return ImageFont.truetype(
        str(path), PROBE_SIZE, layout_engine=ImageFont.Layout.BASIC
    )


@lru_cache(maxsize=256)
def open_font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    return _open_file(face).font_variant(size=size)


@cache
def _empty_box(face: Face) -> bytes:
    return bytes(_open_file(face).getmask(NO_CHARACTER))


@lru_cache(maxsize=8192)
def has_glyph(face: Face, char: str) -> bool:
    """Whether the face draws the character as itself and not as the empty box."""
    return bytes(_open_file(face).getmask(char)) != _empty_box(face)


@lru_cache(maxsize=8192)
def choose_face(face: Face, char: str) -> Face:
    """Choose the wanted face, or the other one where only that has the character."""
    other: Face = "sans" if face == "serif" else "serif"
    return other if has_glyph(other, char) and not has_glyph(face, char) else face


def strip_invisible(text: str) -> str:
    """Drop what has no shape (joiners, marks of direction, variation selectors)."""
    kept = (char for char in text.replace("\t", " ") if not _is_invisible(char))
    return "".join(kept).strip()


def make_one_line(text: str) -> str:
    """Strip as `strip_invisible` does, and turn line breaks into spaces."""
    return " ".join(strip_invisible(text).split())


def missing_glyphs(text: str) -> str:
    """Name the characters, each once, that neither face can draw; empty when none."""
    visible = dict.fromkeys(strip_invisible(text))
    return "".join(
        char
        for char in visible
        if not char.isspace()
        and not (has_glyph("serif", char) or has_glyph("sans", char))
    )


def leave_drawable(text: str) -> str:
    """Leave out, of one line, the characters that neither face can draw."""
    missing = missing_glyphs(text)
    return make_one_line("".join(char for char in text if char not in missing))


def require_glyphs(text: str) -> None:
    """Refuse a text that would show an empty box, naming the characters."""
    if missing := missing_glyphs(text):
        raise Refusal(f"贺卡的字库里没有这些字：{'、'.join(missing)}，请改用文字祝福。")


def _is_invisible(char: str) -> bool:
    if char == "\n":
        return False
    shapeless = unicodedata.category(char) in {"Cc", "Cf", "Cs"}
    return shapeless or ord(char) in VARIATION_SELECTORS
