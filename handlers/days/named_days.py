"""Which days of the year a text means, among the country's and the branch's."""

import re
from datetime import date

from bot.branch.duties import observances
from bot.branch.people.members import Role
from bot.branch.people.tree import home
from bot.calendar.recurrence.festivals import NAMES, festival_dates
from bot.calendar.yearly_days import YearlyDay
from bot.command import Ask
from bot.rulebook.days import fixed_days

NUMERALS = frozenset("一七八九十")


def days_of(ask: Ask) -> list[YearlyDay]:
    """List the country's days, and those of the asker's branch and of her office."""
    session, standing = ask.session, ask.standing
    branch = home(session, ask.member.branch_id)
    kept = observances.own(session, branch)
    if standing.role >= Role.SECRETARY and standing.branch.id != branch.id:
        known = {each.key for each in kept}
        there = observances.own(session, standing.branch)
        kept += [each for each in there if each.key not in known]
    return [*fixed_days(), *kept]


def is_meant(day: YearlyDay, text: str) -> bool:
    return any(re.search(_pattern(each), text) for each in (day.name, *day.called))


def festival_in(text: str, today: date) -> tuple[str, date] | None:
    """Find a festival that is none of our days, and when it comes next: 端午节."""
    for name in sorted(NAMES, key=len, reverse=True):
        if re.search(_pattern(name), text):
            years = range(today.year, today.year + 2)
            days = (day for year in years for day in festival_dates(NAMES[name], year))
            coming = next((day for day in days if day >= today), None)
            return (NAMES[name], coming) if coming else None
    return None


def _pattern(called: str) -> str:
    """Match a day's name; 十一 is not that of 十一月 or 二十一号."""
    if NUMERALS.issuperset(called):
        return rf"(?<![一二三四五六七八九十\d]){called}(?![月号日个天周年])"
    return re.escape(called)
