"""姓氏笔画: names in the order of the strokes of their characters.

The fewer strokes the earlier; of as many, by the kinds of stroke as they are written:
横, 竖, 撇, 点, 折. First the surname, then the rest, character by character.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("strokes.txt")
UNKNOWN = "9" * 99
"""Strokes of a character that the table does not have: it stands last."""


@cache
def _table() -> Mapping[str, str]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return {line[0]: line[2:] for line in lines if not line.startswith("#")}


def sort_names(names: Iterable[str]) -> list[str]:
    """Sort names by 姓氏笔画; of the same strokes, as they stood."""
    return sorted(names, key=_key)


def list_unknown(names: Iterable[str]) -> list[str]:
    """List the names that have a character of which the strokes are not known."""
    return [name for name in names if any(each not in _table() for each in _of(name))]


def _key(name: str) -> list[tuple[int, str]]:
    strokes = (_table().get(each, UNKNOWN) for each in _of(name))
    return [(len(each), each) for each in strokes]


def _of(name: str) -> str:
    """Take the characters that count: not the dot of 古丽娜尔·艾山."""
    return "".join(each for each in name if each.isalpha())
