"""Every spelling of a day that rosters hold, and none that has to be guessed."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from bot.roster.cells import Cell, text_of
from bot.roster.faults import Unreadable

ASK_FULL = "请写成 2011-07-01 这样的年月日。"
SERIAL_START = date(1899, 12, 30)
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december",
)  # fmt: skip

CHINESE_DIGITS = {digit: str(n) for n, digit in enumerate("〇一二三四五六七八九")}
CHINESE_DIGITS |= {"零": "0", "○": "0", "◯": "0", "元": "1"}
CHINESE_NUMBER = re.compile(f"[{''.join(CHINESE_DIGITS)}十廿卅]+")
LETTER_O = str.maketrans("oOΟοОо", "000000")
SEPARATORS = str.maketrans(
    dict.fromkeys("‐‑‒–—―−─", "-") | dict.fromkeys("。、·", ".") | {"\\": "/"}
)

CLOCK = re.compile(
    r"(?:[\sT]+(?:[上下]午)?|[上下]午)[0-2]?\d:[0-5]\d(?::[0-5]\d(?:\.\d+)?)?"
    r"(?:\s*(?:[ap]m|Z|[+-]\d\d:?\d\d))?$",
    re.IGNORECASE,
)
WEEKDAY = re.compile(r"\s*\(?(?:星期|周)[一二三四五六日天]\)?$")
ENGLISH_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+", re.I)


def read_date(cell: Cell) -> date:
    """Read the day that a filled cell names; Unreadable when none for certain."""
    if isinstance(cell, date):
        return cell
    return parse_date(text_of(cell))


@lru_cache(maxsize=8192)
def parse_date(text: str) -> date:
    plain = plain_spelling(text)
    for spelling, understand in SPELLINGS:
        if found := spelling.fullmatch(plain):
            return understand(*found.groups())
    raise Unreadable(f"看不懂这个日期，{ASK_FULL}")


def plain_spelling(text: str) -> str:
    """Half-width, Arabic digits, plain separators; weekday and time of day dropped."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = WEEKDAY.sub("", CLOCK.sub("", plain))
    plain = WEEKDAY.sub("", ENGLISH_WEEKDAY.sub("", plain))
    if CHINESE_NUMBER.search(plain):
        plain = CHINESE_NUMBER.sub(arabic, plain.translate(LETTER_O))
    return re.sub(r"\s+", " ", plain.translate(SEPARATORS)).strip()


def arabic(number: re.Match[str]) -> str:
    """二〇一一 → 2011 (digit by digit), 二十一 and 廿一 → 21 (counted)."""
    text = number[0].replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        return "".join(CHINESE_DIGITS[digit] for digit in text)
    tens, ones = text.split("十", 1)
    if len(tens) > 1 or len(ones) > 1:
        return text
    return str(
        int(CHINESE_DIGITS.get(tens, "1")) * 10 + int(CHINESE_DIGITS.get(ones, "0"))
    )


def day(year: str, month: str, number: str) -> date:
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        raise Unreadable(f"没有这一天，{ASK_FULL}") from None


def day_of_either_order(first: str, second: str, year: str) -> date:
    """25/7/2011 can only be read one way; 7/1/2011 can be read two ways."""
    possible = set()
    for month, number in ((first, second), (second, first)):
        try:
            possible.add(date(int(year), int(month), int(number)))
        except ValueError:
            continue
    if len(possible) > 1:
        raise Unreadable(f"分不清哪个是月、哪个是日，{ASK_FULL}")
    if not possible:
        raise Unreadable(f"没有这一天，{ASK_FULL}")
    return possible.pop()


def english_day(number: str, month: str, year: str) -> date:
    return day(year, english_month(month), number)


def american_day(month: str, number: str, year: str) -> date:
    return english_day(number, month, year)


def english_day_backwards(year: str, month: str, number: str) -> date:
    return english_day(number, month, year)


def english_month(name: str) -> str:
    for position, month in enumerate(MONTHS, 1):
        if month.startswith(name.lower()):
            return str(position)
    raise Unreadable(f"看不懂这个日期，{ASK_FULL}")


def serial_day(serial: str, _fraction: str | None) -> date:
    """Excel's day number, counted from 1899-12-30."""
    if re.fullmatch(r"(?:19[2-9]\d|20[0-4]\d)[1-9]", serial):
        raise Unreadable(f"分不清是日期序号还是年月，{ASK_FULL}")
    return SERIAL_START + timedelta(days=int(serial))


def refuse_as(sentence: str) -> Callable[..., date]:
    def refuse(*_groups: str) -> date:
        raise Unreadable(f"{sentence}，{ASK_FULL}")

    return refuse


ONLY_MONTH = refuse_as("只有年月，缺几日")
ONLY_YEAR = refuse_as("只有年份，缺月和日")
SHORT_YEAR = refuse_as("年份只有两位")
NAME = r"([A-Za-z]{3,9})\.?"
NTH = r"(\d{1,2})(?:st|nd|rd|th)?"

Spelling = tuple[str, Callable[..., date]]
WRITTEN: list[Spelling] = [
    (r"(\d{4}) ?[-./年 ] ?(\d{1,2}) ?[-./月 ] ?(\d{1,2}) ?[日号.]?", day),
    (r"((?:19|20)\d\d)(\d\d)(\d\d)", day),
    (r"\d{4} ?[-./年 ] ?\d{1,2} ?[月.]?份?", ONLY_MONTH),
    (r"(?:19|20)\d\d(?:0[1-9]|1[0-2])", ONLY_MONTH),
    (r"(?:19|20)\d\d ?年?", ONLY_YEAR),
    (r"\d{2} ?[-./年 ] ?\d{1,2} ?[-./月 ] ?\d{1,2} ?[日号.]?", SHORT_YEAR),
    (r"\d{1,2} ?[-./ ] ?\d{1,2} ?[-./ ] ?\d{2}", SHORT_YEAR),
    (r"\d{6}", SHORT_YEAR),
    (r"(\d{1,2}) ?[-./ ] ?(\d{1,2}) ?[-./ ] ?(\d{4})", day_of_either_order),
    (rf"{NTH}[ -]*{NAME},?[ -]*(\d{{4}})", english_day),
    (rf"{NAME} ?{NTH},? ?(\d{{4}})", american_day),
    (rf"(\d{{4}})[ -]*{NAME}[ -]*{NTH}", english_day_backwards),
    (rf"{NTH}[ -]*{NAME},?[ -]*\d{{2}}", SHORT_YEAR),
    (rf"{NAME},?[ -]*\d{{4}}", ONLY_MONTH),
    (r"(\d{5})(\.\d+)?", serial_day),
]
SPELLINGS = [(re.compile(spelling), understand) for spelling, understand in WRITTEN]
