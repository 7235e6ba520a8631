"""A year's plan proposed: what the rules want, on days that the school leaves free.

Only what a rule gives a number for is proposed: nothing is made up (of lectures no
national number is known). A month that has no such day, or none left, keeps its item
without one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.branch.meetings import frequency, school, year_plan
from bot.branch.meetings.frequency import QUARTER_ENDS, Line
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.school import SchoolSpan
from bot.branch.meetings.year_plan import Line as Item
from bot.branch.people.tree import Branch
from bot.calendar.recurrence.stretches import bounds
from bot.calendar.workdays import is_provisional, is_workday
from bot.rulebook.rule import Rule

WEEK = {
    Kind.COMMITTEE: 0,
    Kind.THEME_DAY: 1,
    Kind.GROUP: 2,
    Kind.GENERAL: 3,
    Kind.LIFE_MEETING: 4,
    Kind.APPRAISAL: 4,
}
"""In which week of the month each kind is put, so that they do not meet."""
LIKELY_OFF = ((5, 1, 5), (10, 1, 7))
"""Month, first and last day that are usually off, until the year's notice is out."""
NONE_SAID: Mapping[Kind, "Usual"] = {}
WHOM = {Kind.COMMITTEE: "支部委员", Kind.GROUP: "各党小组"}


@dataclass(frozen=True)
class Usual:
    """On which day of a month a kind is held. week: the first is 0, the last -1.

    free: whether it is counted among the free days, not by the calendar.
    """

    weekday: int
    week: int
    free: bool = False

    def say(self) -> str:
        which = "最后一个" if self.week < 0 else f"第{'一二三四五'[self.week]}个"
        return f"每月{which}周{'一二三四五六日'[self.weekday]}"


@dataclass(frozen=True)
class Proposal:
    """lines: what is not planned yet; rules: what asks for it; left_out: and why."""

    lines: Sequence[Item]
    rules: Sequence[Rule]
    left_out: Sequence[Line]


def propose(  # noqa: PLR0913  # whose year, on which weekday, without what
    session: Session,
    branch: Branch,
    year: int,
    weekday: int,
    without: Collection[Kind],
    now: datetime,
    usual: Mapping[Kind, Usual] = NONE_SAID,
) -> Proposal:
    """Propose what a branch's year still lacks. weekday: 0 is Monday.

    usual: of kinds that have a day of their own.
    """
    spans = school.within(session, branch, *bounds("year", year))
    free = [day for day in _days(year) if _is_free(day, spans)]
    planned = {
        (each.month, each.kind) for each in year_plan.items(session, branch, year)
    }
    checked = [
        each
        for each in frequency.check_year(session, branch, year, now)
        if each.kind not in without
    ]
    lines = [
        Item(month, each.kind, day=day, whom=WHOM.get(each.kind, "全体党员"))
        for each in checked
        if each.applies
        for month, day in _dates(
            each.kind,
            usual.get(each.kind) or Usual(weekday, WEEK.get(each.kind, 0), free=True),
            free,
            planned,
            now.date(),
        )
        if not _is_past(year, month, now)
    ]
    lines.sort(key=lambda each: (each.month, each.day or date.max))
    used = {each.kind for each in lines}
    rules = [each.rule for each in checked if each.kind in used]
    return Proposal(lines, rules, [each for each in checked if not each.applies])


def _is_past(year: int, month: int, now: datetime) -> bool:
    return (year, month) < (now.year, now.month)


def choose_day(  # noqa: PLR0913  # whose month of which year, and which day of it
    session: Session, branch: Branch, year: int, month: int, usual: Usual, today: date
) -> date | None:
    """Choose the day of a month for a kind that is held on such a day."""
    spans = school.within(session, branch, *bounds("year", year))
    free = [day for day in _days(year) if _is_free(day, spans)]
    return _choose(month, usual, free, today)


def _dates(
    kind: Kind,
    usual: Usual,
    free: Sequence[date],
    planned: Collection[tuple[int, Kind]],
    today: date,
) -> list[tuple[int, date | None]]:
    """Choose a month, and a day in it, for each time that a kind is due and lacks."""
    found = []
    mine = [month for month, of in planned if of == kind]
    for end in frequency.DUE[kind]:
        if any(frequency.fits(kind, end, month) for month in mine):
            continue
        months = (
            [end, end - 1, end - 2] if frequency.DUE[kind] == QUARTER_ENDS else [end]
        )
        days = [(each, _choose(each, usual, free, today)) for each in months]
        found.append(next((each for each in days if each[1]), days[0]))
    return found


def _choose(month: int, usual: Usual, free: Sequence[date], today: date) -> date | None:
    """Choose the usual day of a month; where that is over, the first that is not."""
    mine = [day for day in free if day.month == month]
    likely = [day for day in mine if day.weekday() == usual.weekday] or mine
    if not likely:
        return None
    chosen = _nth(month, usual, free)
    if usual.free or chosen not in mine:
        chosen = likely[min(usual.week, len(likely) - 1)]
    left = [day for day in (*likely, *mine) if day >= today]
    return chosen if chosen >= today else next(iter(left), None)


def _nth(month: int, usual: Usual, free: Sequence[date]) -> date:
    """Return the n-th such weekday of a month by the calendar, or the last."""
    every = [day for day in _days(free[0].year) if day.month == month]
    days = [day for day in every if day.weekday() == usual.weekday]
    return days[min(usual.week, len(days) - 1)]


def _days(year: int) -> list[date]:
    first, next_year = date(year, 1, 1), date(year + 1, 1, 1)
    return [first + timedelta(days=at) for at in range((next_year - first).days)]


def _is_free(day: date, spans: Sequence[SchoolSpan]) -> bool:
    away = any(each.first <= day <= each.last for each in spans)
    maybe_off = is_provisional(day.year) and any(
        day.month == month and first <= day.day <= last
        for month, first, last in LIKELY_OFF
    )
    return is_workday(day) and not away and not maybe_off
