"""Which characters our faces have, and what stands for one that none has."""

import struct
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path, serif_path

from bot.files.print.own import own_cards
from bot.text.pinyin import sound_with_tone

VARIATION_SELECTORS = range(0xFE00, 0xFE10)
SEGMENTED, FULL = 12, (3, 10)
"""The form of a table that knows all characters, and its (platform, encoding)."""


@cache
def read_characters(font: Path) -> frozenset[int]:
    """Read which characters an OpenType font has a glyph for, from its cmap.

    Format 12 as the OpenType specification, "cmap", tells it; every font that has a
    character beyond U+FFFF has one. Raises ValueError where there is none.
    """
    content = font.read_bytes()
    start = struct.unpack_from(">L", content, 12)[0] if content[:4] == b"ttcf" else 0
    (tables,) = struct.unpack_from(">H", content, start + 4)
    records = struct.iter_unpack(">4sLLL", content[start + 12 :][: tables * 16])
    offsets = {tag: offset for tag, _, offset, _ in records}
    if b"cmap" not in offsets:
        raise ValueError(f"{font.name}: no cmap")
    cmap = content[offsets[b"cmap"] :]
    (count,) = struct.unpack_from(">H", cmap, 2)
    for platform, encoding, offset in struct.iter_unpack(">HHL", cmap[4:][: count * 8]):
        (form,) = struct.unpack_from(">H", cmap, offset)
        if form == SEGMENTED and (platform, encoding) == FULL:
            (groups,) = struct.unpack_from(">L", cmap, offset + 12)
            spans = struct.iter_unpack(">LLL", cmap[offset + 16 :][: groups * 12])
            return frozenset(
                code for first, last, _ in spans for code in range(first, last + 1)
            )
    raise ValueError(f"{font.name}: no table of all characters")


def has_glyph(char: str) -> bool:
    """Tell whether one of the faces draws the character as itself."""
    return _is_known(char, _known())


def faces() -> tuple[Path, ...]:
    """List the files of the faces, the wanted one first, the branch's own last."""
    return Path(serif_path()), Path(sans_path()), *own_cards().list_fonts()


def _known() -> list[frozenset[int]]:
    return [read_characters(each) for each in faces()]


def _is_known(char: str, known: Sequence[Collection[int]]) -> bool:
    return any(ord(char) in each for each in known)


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
    known = _known()  # the branch's folder is looked at once, not for each character
    return "".join(c for c in visible if not c.isspace() and not _is_known(c, known))


def missing_letters(text: str) -> str:
    """Name, of what cannot be drawn, what belongs to a name or a word.

    On the card a frame with its sound stands for each.
    """
    return "".join(filter(_is_letter, missing_glyphs(text)))


def missing_signs(text: str) -> str:
    """Name, of what cannot be drawn, the signs: emoji and the like, left out."""
    return "".join(c for c in missing_glyphs(text) if not _is_letter(c))


def leave_drawable(text: str) -> str:
    """Leave out the signs that neither face can draw; paragraphs stay."""
    signs = missing_signs(text)
    kept = "".join(char for char in strip_invisible(text) if char not in signs)
    lines = (" ".join(line.split()) for line in kept.splitlines())
    return "\n".join(line for line in lines if line)


def leave_drawable_line(text: str) -> str:
    """Leave of a text what can be drawn, on one line."""
    return make_one_line(leave_drawable(text))


def name_sound(char: str) -> str:
    """Say what stands in the frame: how it sounds, or else its number in Unicode."""
    spelt = sound_with_tone(char)
    return spelt if spelt != char else f"{ord(char):X}"


def find_lost(values: object) -> dict[str, str]:
    """Name what no face can draw, each with what stands in its frame."""
    lost = missing_letters("".join(_texts(values)))
    return {char: name_sound(char) for char in sorted(lost)}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _is_letter(char: str) -> bool:
    """Tell what is written (letters, numbers, or not known yet) from signs."""
    category = unicodedata.category(char)
    return category[0] in "LN" or category == "Cn"


def _is_invisible(char: str) -> bool:
    if char == "\n":
        return False
    shapeless = unicodedata.category(char) in {"Cc", "Cf", "Cs"}
    return shapeless or ord(char) in VARIATION_SELECTORS
