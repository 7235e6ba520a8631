"""Numbers as Chinese writes them: 3, 二十三, 廿三, 两, 二〇二七."""

import re
from unicodedata import normalize

DIGITS = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "仨": 3, "四": 4,
    "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
TENS = {"十": 10, "廿": 20, "卅": 30}

NUMBER = r"(?:(?<![\d.])\d{1,4}(?!\d)|[零〇一二两俩三仨四五六七八九十廿卅百]{1,5})"
WHOLE = re.compile(NUMBER)


def read_number(text: str) -> int:
    """Read what NUMBER matched: by place (二七 is 27) or by tens (二十七)."""
    if text.isascii():
        return int(text)
    if all(sign in DIGITS for sign in text):
        return int("".join(str(DIGITS[sign]) for sign in text))
    total, pending = 0, 0
    for sign in text:
        if sign == "百":
            total, pending = total + 100 * max(pending, 1), 0
        elif sign in TENS:
            total, pending = total + max(pending, 1) * TENS[sign], 0
        else:
            pending = DIGITS[sign]
    return total + pending


def find_number(text: str) -> int | None:
    """Read a whole number, as typed: ３, 3, 十二; None of 半 and 千."""
    said = normalize("NFKC", text).strip()
    return read_number(said) if WHOLE.fullmatch(said) else None
