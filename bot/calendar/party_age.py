"""The arithmetic of political birthdays: joining day, anniversaries, party age, eras.

Pure rules over dates; nothing here knows a database or a clock. The spans and what the
joining date meant in each of them are confidence A, except the time before 1956-09-15,
which is not on file and says so.
"""

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from typing import Literal

LeapDay = Literal["02-28", "03-01"]
"""When a member of 29 February is greeted in a common year: a setting, as no official
rule was found."""

HONOUR_YEARS = 50
CONSTITUTION_7 = "《中国共产党章程》第七条"
BY_THE_TIME = "当时党章的规定，见各时期入党时间和党龄的计算口径"


@dataclass(frozen=True)
class Era:
    """A span of time in which the joining date had one meaning; ends included."""

    first: date | None
    last: date | None
    meaning: str
    probation: bool | None
    """Whether one was a probationary member first; None where it is not on file."""
    source: str
    confidence: Literal["A", "B"]
    """A: read on a page quoting the rule. B: say 请以正式文件为准 beside it."""

    def covers(self, day: date) -> bool:
        return (self.first or date.min) <= day <= (self.last or date.max)


ERAS = (
    Era(
        first=None,
        last=date(1956, 9, 14),
        meaning="1956年9月15日以前各时期的规定不同，这里没有收录，"
        "入党日期和党龄请以本人档案和上级党组织的认定为准",
        probation=None,
        source="未收录，请以正式文件为准",
        confidence="B",
    ),
    Era(
        first=date(1956, 9, 15),
        last=date(1969, 3, 31),
        meaning="入党日期是支部大会接收为预备党员之日，党龄从转正之日算起",
        probation=True,
        source=BY_THE_TIME,
        confidence="A",
    ),
    Era(
        first=date(1969, 4, 1),
        last=date(1977, 8, 11),
        meaning="入党日期是上级党委批准之日，当时没有预备期，党龄从入党之日算起",
        probation=False,
        source=BY_THE_TIME,
        confidence="A",
    ),
    Era(
        first=date(1977, 8, 12),
        last=date(1982, 9, 5),
        meaning="入党日期是上级党委批准为预备党员之日，党龄从转正之日算起",
        probation=True,
        source=BY_THE_TIME,
        confidence="A",
    ),
    Era(
        first=date(1982, 9, 6),
        last=None,
        meaning="入党日期是支部大会通过接收为预备党员之日，党龄从转正之日算起",
        probation=True,
        source=CONSTITUTION_7,
        confidence="A",
    ),
)
"""Every day belongs to exactly one era; oldest first."""


def era(joined: date) -> Era:
    """Tell what the joining date meant under the rules of its time (confidence A).

    Before 1956-09-15 the era itself says that the rule is not on file (B).
    """
    return next(one for one in ERAS if one.covers(joined))


def anniversary(joined: date, year: int, leap_day: LeapDay = "02-28") -> date:
    """Find the political birthday in a year.

    A member of 29 February has hers on that day in leap years; in others on
    `leap_day`, as no official rule was found.
    """
    if (joined.month, joined.day) != (2, 29) or isleap(year):
        return joined.replace(year=year)
    return date(year, 2, 28) if leap_day == "02-28" else date(year, 3, 1)


def years_since_joining(joined: date, on: date, leap_day: LeapDay = "02-28") -> int:
    """入党 N 周年: whole calendar years since joining; 0 until the first anniversary.

    This is not 党龄, which `party_age` counts from another day.
    """
    reached = on >= anniversary(joined, on.year, leap_day)
    return max(0, on.year - joined.year - (not reached))


def party_age(
    joined: date,
    full_since: date | None,
    on: date,
    leap_day: LeapDay = "02-28",
) -> int | None:
    """党龄: whole calendar years since becoming a full member; None while none.

    Counted from 转正 (党章第七条, confidence A). Who joined from 1969-04-01 to
    1977-08-11 had no probation and counts from joining (A), whatever 转正 date a roster
    may hold. A probationary member has no party age, nor has one who joined before
    1956-09-15 and whose 转正 date is not on file.
    """
    start = joined if era(joined).probation is False else full_since
    if start is None or on < start:
        return None
    return years_since_joining(start, on, leap_day)


def fifty_years_honour(joined: date, full_since: date | None, year: int) -> bool:
    """光荣在党50年: a party age of 50 or more as of 1 July of the year (A)."""
    age = party_age(joined, full_since, date(year, 7, 1))
    return age is not None and age >= HONOUR_YEARS
