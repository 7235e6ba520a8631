"""The number by which something is listed: 第3个, 编号 3, 3."""

import re

NUMBER = re.compile(
    r"(?:第|编号|序号|[#＃])\s*(\d{1,7})(?!\d)"
    r"|(?<![每月年周\d./:：-])(\d{1,7})(?![\d月日号点时分年天周个小:：./-])"
)
ALONE = re.compile(r"\D{0,4}\d+\D{0,2}")


def number_in(words: str) -> int | None:
    """Read a listed number among other words; a date or an hour is none."""
    found = NUMBER.search(words)
    return int(found[1] or found[2]) if found else None


def only_number(words: str) -> int | None:
    """Read a listed number that is all that is said: 3, 第3个吧."""
    return number_in(words) if ALONE.fullmatch(words) else None
