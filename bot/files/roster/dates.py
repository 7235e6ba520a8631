"""Every spelling of a day that rosters hold, and none that has to be guessed."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.files.roster.cells import Cell, text_of
from bot.files.roster.faults import Unreadable

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
    r"(?:[\sT]+(?P<half>[上下]午)?|(?P<joined>[上下]午))"
    r"(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d+)?)?"
    r"(?:\s*(?P<english>[ap]m))?(?:\s*(?:GMT|UTC)?(?P<zone>Z|[+-]\d\d:?\d\d|UTC|GMT))?"
    r"(?:\s*\([^()]*\))?$",
    re.IGNORECASE,
)
WEEKDAY = re.compile(r"\s*\(?(?:星期|周)[一二三四五六日天]\)?$")
ENGLISH_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+", re.I)


CHINA = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
# Shanghai's own time was 8:05:43 before it had a zone; programs that count a day's
# number from 1899 are off by that, or by its seconds.
OWN_TIME = timedelta(minutes=5, seconds=43)


@dataclass(frozen=True)
class CellDay:
    """A day that was read. remark: what of it a person should look at."""

    day: date
    remark: str | None = None


def read_date(cell: Cell) -> date:
    """Read the day that a filled cell names; Unreadable when none for certain."""
    return read_day(cell).day


def read_day(cell: Cell) -> CellDay:
    """Read the day, and tell of a time of day that came with it."""
    if isinstance(cell, datetime):
        return day_of_number(cell)
    if isinstance(cell, date):
        return CellDay(cell)
    return parse_day(text_of(cell))


def parse_date(text: str) -> date:
    return parse_day(text).day


@lru_cache(maxsize=8192)
def parse_day(text: str) -> CellDay:
    plain = unicodedata.normalize("NFKC", text).strip()
    clock = CLOCK.search(plain)
    spelled = plain_spelling(plain[: clock.start()] if clock else plain)
    for spelling, understand in SPELLINGS:
        if found := spelling.fullmatch(spelled):
            day = understand(*found.groups())
            return day if isinstance(day, CellDay) else day_with(clock, day)
    raise Unreadable(f"看不懂这个日期，{ASK_FULL}")


def day_with(clock: re.Match[str] | None, day: date) -> CellDay:
    """Settle a written day with the time written after it, and its zone."""
    if clock is None:
        return CellDay(day)
    moment = within_time(datetime.combine(day, time_of(clock)))
    if (zone := clock["zone"]) is None:
        midnight = on_midnight(moment)
        return CellDay(midnight) if midnight else told(moment)
    there = moment.replace(tzinfo=zone_of(zone.upper()))
    here = there.astimezone(CHINA).replace(tzinfo=None)
    if midnight := on_midnight(here):
        return CellDay(midnight)
    whole = moment.time() == time() and here.date() == day
    return CellDay(day) if whole else told(here)


def day_of_number(moment: datetime) -> CellDay:
    """Settle a day's number, which has a fraction where a program wrote it.

    JavaScript writes a midnight of China as 16:00 of the day before, in summer time
    (1986 to 1991) as 15:00, or some seconds early.
    """
    within_time(moment)
    if midnight := on_midnight(moment) or on_midnight(moment + OWN_TIME):
        return CellDay(midnight)
    here = moment.replace(tzinfo=UTC).astimezone(CHINA).replace(tzinfo=None)
    if midnight := on_midnight(here):
        return CellDay(
            midnight,
            f"单元格里其实是 {moment:%Y-%m-%d %H:%M}，像是世界时，"
            f"按北京时间记作 {midnight}；不对就请改成 {moment:%Y-%m-%d} 再导入。",
        )
    return told(moment)


def within_time(moment: datetime) -> datetime:
    """Refuse the ends of all time, where the next day may not exist."""
    if moment.year in (MINYEAR, MAXYEAR):
        raise Unreadable(f"没有这一天，{ASK_FULL}")
    return moment


def on_midnight(moment: datetime) -> date | None:
    """Find the day whose beginning is no more than a minute away."""
    near = moment.replace(microsecond=0) + MINUTE
    return near.date() if near - datetime.combine(near, time()) <= 2 * MINUTE else None


def told(moment: datetime) -> CellDay:
    clock = f"{moment:%H:%M}"
    return CellDay(moment.date(), f"带着时刻 {clock}，记作 {moment:%Y-%m-%d}。")


def time_of(clock: re.Match[str]) -> time:
    hour = int(clock["hour"])
    half = (clock["half"] or clock["joined"] or clock["english"] or "").lower()
    if half in ("下午", "pm") and hour < 12:
        hour += 12
    if half in ("上午", "am") and hour == 12:
        hour = 0
    try:
        return time(hour, int(clock["minute"]), int(clock["second"] or 0))
    except ValueError:
        raise Unreadable(f"没有这个时刻，{ASK_FULL}") from None


def zone_of(text: str) -> timezone:
    if text in ("Z", "UTC", "GMT"):
        return UTC
    away = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    try:
        return timezone(-away if text[0] == "-" else away)
    except ValueError:
        raise Unreadable(f"没有这个时区，{ASK_FULL}") from None


def plain_spelling(text: str) -> str:
    """Half-width, Arabic digits, plain separators; the weekday dropped."""
    plain = unicodedata.normalize("NFKC", text).strip()
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


def serial_day(serial: str, fraction: str | None) -> CellDay:
    """Excel's day number, counted from 1899-12-30."""
    if re.fullmatch(r"(?:19[2-9]\d|20[0-4]\d)[1-9]", serial):
        raise Unreadable(f"分不清是日期序号还是年月，{ASK_FULL}")
    midnight = datetime.combine(SERIAL_START + timedelta(days=int(serial)), time())
    return day_of_number(midnight + timedelta(days=float(fraction or 0)))


def refuse_as(sentence: str) -> Callable[..., CellDay]:
    def refuse(*_groups: str) -> CellDay:
        raise Unreadable(f"{sentence}，{ASK_FULL}")

    return refuse


ONLY_MONTH = refuse_as("只有年月，缺几日")
ONLY_YEAR = refuse_as("只有年份，缺月和日")
NO_YEAR = refuse_as("只有月日，缺年份")
SHORT_YEAR = refuse_as("年份只有两位")
NAME = r"([A-Za-z]{3,9})\.?"
NTH = r"(\d{1,2})(?:st|nd|rd|th)?"

Spelling: TypeAlias = tuple[str, Callable[..., date | CellDay]]
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
    (r"\d{1,2} ?[-/月] ?\d{1,2} ?[日号]?", NO_YEAR),
    (r"(\d{5})(\.\d+)?", serial_day),
]
SPELLINGS = [(re.compile(spelling), understand) for spelling, understand in WRITTEN]
