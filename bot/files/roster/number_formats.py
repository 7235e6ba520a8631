"""What a cell shows of its number: [ECMA-376] part 1, 18.8.30 and 18.8.31.

Of a format only what can mislead a reader is followed: which parts of a day it shows,
leading noughts, and numbers cut short by an exponent.
"""

import re
from collections.abc import Iterator
from datetime import date

from bot.files.roster.cells import Cell, Partial

# Those of the formats without a code in the file that show no whole day (zh-cn).
MONTH, DAY, CLOCK = 'yyyy"年"m"月"', 'm"月"d"日"', "h:mm"
BUILT_IN = {11: "0.00E+00", 16: "d-mmm", 17: "mmm-yy", 48: "##0.0E+0"}
BUILT_IN |= dict.fromkeys((27, 36, 50, 52, 57), MONTH)
BUILT_IN |= dict.fromkeys((28, 29, 51, 53, 54, 58), DAY)
BUILT_IN |= dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), CLOCK)

TOKEN = re.compile(
    r'"(?P<literal>[^"]*)"|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<half>上午/下午|AM/PM|A/P)"
    r"|(?P<exponent>E[+-])|(?P<part>y+|e+|m+|d+|h+|s+|b+)|(?P<digits>[0#?]+)"
    r"|(?P<next>;)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
SPOKEN = "-/:()年月日号组第 "


def show(value: object, code: str) -> Cell | None:
    """Tell what a cell shows, where that is not all of its value; else None."""
    if isinstance(value, date):
        return _show_day(value, code)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _show_number(float(value), code)
    return None


def matters(code: str) -> bool:
    """Whether cells in this format may show less, or more, than their value."""
    tokens = list(_tokens(code))
    parts = _parts(tokens)
    if parts:
        return not {"y", "m", "d"} <= parts
    return any(kind == "exponent" for kind, _ in tokens) or "00" in code


def _tokens(code: str) -> Iterator[tuple[str, str]]:
    """Cut the part of a format that is for positive numbers: (kind, text)."""
    for found in TOKEN.finditer(code):
        kind = found.lastgroup or ""
        text = found[kind] if kind else ""
        if kind == "next":
            return
        if kind == "half" or (kind == "bracket" and ELAPSED.fullmatch(text)):
            yield "part", "h"
        elif kind == "part":
            yield kind, text[0].lower()
        elif kind == "escaped" or (kind == "other" and text in SPOKEN):
            yield "literal", text
        elif kind not in ("", "bracket"):
            yield kind, text


def _parts(tokens: list[tuple[str, str]]) -> set[str]:
    """Which parts of a moment are shown: y, m, d, h; an m by an h or s is a minute."""
    parts = [text for kind, text in tokens if kind == "part"]
    shown = set()
    for at, part in enumerate(parts):
        after, before = parts[at + 1 : at + 2], parts[max(at - 1, 0) : at]
        if part == "m" and (before == ["h"] or after == ["s"]):
            continue
        shown.add({"e": "y", "b": "y", "s": "h"}.get(part, part))
    return shown


def _show_day(value: date, code: str) -> Partial | None:
    shown = _parts(list(_tokens(code)))
    if not shown or {"y", "m", "d"} <= shown:
        return None
    text = f"{value.year}年" if "y" in shown else ""
    text += f"{value.month}月" if "m" in shown else ""
    text += f"{value.day}日" if "d" in shown else ""
    return Partial(text or f"{value:%H:%M}")


def _show_number(value: float, code: str) -> Cell | None:
    tokens = list(_tokens(code))
    if any(kind == "exponent" for kind, _ in tokens):
        return Partial(f"{value:.2E}")
    if (
        not value.is_integer()
        or value < 0
        or not any("00" in text for _, text in tokens)
    ):
        return None
    if any(kind not in ("digits", "literal") for kind, _ in tokens):
        return None
    return _fill(str(int(value)), tokens)


def _fill(digits: str, tokens: list[tuple[str, str]]) -> str:
    """Put the digits into their places from the right: 7 in 0000 is 0007."""
    places = sum(len(text) for kind, text in tokens if kind == "digits")
    left = list(digits.rjust(places, "\0"))
    surplus, left = left[: len(left) - places], left[len(left) - places :]
    shown = ""
    for kind, text in tokens:
        if kind == "literal":
            shown += text
            continue
        shown += "".join(surplus)
        surplus = []
        for place in text:
            digit = left.pop(0)
            shown += digit if digit != "\0" else {"0": "0", "?": " "}.get(place, "")
    return shown.strip()
