"""What offices write behind a name to tell two people of it apart: 王伟1, 王伟（大）.

Digits and what stands in brackets are a mark; a last character never is: 李一, 张大 and
王小二 are whole names.
"""

import re
import unicodedata

from bot.files.roster.cells import Cell, squeeze, text_of
from bot.files.roster.faults import Unreadable
from bot.files.roster.words import (
    CATEGORIES,
    NAME_HINT,
    STATES,
    read_name,
    refuse_private_number,
)

DIGITS = re.compile(r"(?<=[^\W\da-z_])\s*-?\s*0?([1-9]\d?)$", re.IGNORECASE)
BRACKETED = re.compile(r"(?<=\S)\s*(?:\(([^()]+)\)|\[([^\[\]]+)\]|【([^【】]+)】)$")
LONGEST = 12


def read_marked(cell: Cell) -> tuple[str, str]:
    """Part a name from its mark: 王伟(大) is 王伟 and 大; "" where there is none."""
    plain = unicodedata.normalize("NFKC", text_of(cell)).strip()
    refuse_private_number(plain)
    plain = NAME_HINT.sub("", plain).rstrip()
    hit = DIGITS.search(plain) or BRACKETED.search(plain)
    if hit is None:
        return read_name(plain), ""
    mark = _read_mark(next(filter(None, hit.groups())))
    return read_name(plain[: hit.start()]), mark


def write_marked(name: str, mark: str) -> str:
    """Write it as it is said, and as it is read again: 王伟（大）."""
    return f"{name}（{mark}）" if mark else name


def _read_mark(text: str) -> str:
    mark = squeeze(text)
    if mark in CATEGORIES or mark in STATES:
        column = "人员类别" if mark in CATEGORIES else "党籍状态"
        raise Unreadable(f"不像姓名：“{mark}”请写到“{column}”一列，这里只写姓名本身。")
    if len(mark) > LONGEST or not mark.isalnum():
        raise Unreadable(
            "不像姓名：括号里只写区分同名同志的几个字，"
            f"最多 {LONGEST} 个字，例：王伟（大）。"
        )
    return mark.lstrip("0") if mark.isdecimal() else mark
