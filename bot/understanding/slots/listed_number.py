"""The number by which something is listed: 第3个, 编号 3, 3."""

import re
from collections.abc import Iterable

from bot.understanding.when.numbers import find_number

NUMBER = re.compile(
    r"(?:第|编号|序号|[#＃])\s*(\d{1,7})(?!\d)"
    r"|(?<![每月年周\d./:：-])(\d{1,7})(?![\d月日号点时分年天周个小:：./-])"
)
ALONE = re.compile(r"\D{0,4}\d+\D{0,2}")
AHEAD = re.compile(
    r"第?\s*(?P<n>\d{1,9})(?!\d)\s*(?P<of>(?:条|次|项|号岗|号|个|件|笔)(?![体人]))?"
)
"""第12条, 12号, but not 3个人."""
PLACE = re.compile(r"第\s*(?P<n>[0-9一二三四五六七八九十]{1,2})\s*(?:项|个|条)?")
PARTED = (" ", "\t", "\n", "，", ",", "。", "：", ":")


def number_in(words: str) -> int | None:
    """Read a listed number among other words; a date or an hour is none."""
    found = NUMBER.search(words)
    return int(found[1] or found[2]) if found else None


def only_number(words: str) -> int | None:
    """Read a listed number that is all that is said: 3, 第3个吧."""
    return number_in(words) if ALONE.fullmatch(words) else None


def number_ahead(words: str) -> int | None:
    """Read the number that words begin with, or that they are: 12 标题…, 十二."""
    hit = AHEAD.match(words)
    return int(hit["n"]) if hit else find_number(words)


def part_number_ahead(words: str, titles: Iterable[str]) -> tuple[int, str] | None:
    """Part the number that words begin with from what follows; None for no number.

    It stands for itself: 12 日期…, 第12条; not 12月, nor 3小时. titles: what may
    follow it at once.
    """
    hit = AHEAD.match(words)
    if hit is None:
        return None
    rest = words[hit.end() :]
    alone = hit["of"] or hit[0][-1:].isspace() or not rest
    alone = alone or rest.startswith((*PARTED, *titles))
    return (int(hit["n"]), rest) if alone else None


def place_in(words: str) -> int | None:
    """Read which in its order a thing is: 第二项."""
    hit = PLACE.search(words)
    return find_number(hit["n"]) if hit else None
