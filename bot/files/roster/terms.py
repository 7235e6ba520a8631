"""A branch's term as rosters write it: 3年, or its first and last day.

《关于党的基层组织任期的意见》(2018-07): three years for a branch, five higher up.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from bot.files.roster.cells import Cell, squeeze, text_of
from bot.files.roster.dates import parse_date
from bot.files.roster.faults import Unreadable

LENGTHS = {"3": 3, "三": 3, "5": 5, "五": 5}
LENGTH = re.compile(r"(?:一?届)?(\d{1,2}|[一二三四五六七八九十])(?:\.0)?(?:周?年)?")
BETWEEN = re.compile(r"\s*(?:至|到|[~～—–―]+|--+| - |-)\s*")
ASK_TERM = "请写 3年、5年，或 2023-06-20 至 2026-06-20 这样的起止日期。"


@dataclass(frozen=True)
class Term:
    """years: 3 or 5. begins: the day of the election, if that is said."""

    years: int
    begins: date | None = None


def read_term(cell: Cell) -> Term:
    """Read a term's length or span. Raises Unreadable for what is no whole term."""
    text = unicodedata.normalize("NFKC", text_of(cell)).strip()
    if length := LENGTH.fullmatch(squeeze(text)):
        if length[1] not in LENGTHS:
            raise Unreadable(f"任期是 3 年或 5 年，{ASK_TERM}")
        return Term(LENGTHS[length[1]])
    for gap in BETWEEN.finditer(text):
        try:
            first, last = parse_date(text[: gap.start()]), parse_date(text[gap.end() :])
        except Unreadable:
            continue
        return _span(first, last)
    raise Unreadable(f"看不懂这个任期，{ASK_TERM}")


def _span(first: date, last: date) -> Term:
    """Know 2023-06-20 to 2026-06-19 for three years too."""
    for end in (last, last + timedelta(days=1)):
        same_day = (end.month, end.day) == (first.month, first.day)
        if same_day and end.year - first.year in LENGTHS.values():
            return Term(end.year - first.year, first)
    raise Unreadable(f"起止不是 3 年或 5 年，{ASK_TERM}")
