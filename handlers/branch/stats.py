"""统计: a branch's own figures of a span of time; sums alone, nobody compared."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.branch.enrolment import roll
from bot.branch.meetings import meetings
from bot.branch.meetings.kinds import TITLES
from bot.branch.notices import pages
from bot.branch.people.members import Role
from bot.branch.people.tree import home
from bot.branch.records import search
from bot.branch.records.declared import every_kind
from bot.branch.records.kind import Sees
from bot.branch.records.search import Query
from bot.branch.study import day_totals
from bot.calendar.say import say_date
from bot.command import Ask, command
from bot.understanding.when import find_period

Span = tuple[date, date]
MORE = "只有合计，不排名。细的这样问：说“三会一课体检”、“服务记录”。"


@command(
    "stats",
    help="看支部的汇总数字，例：本月统计、今年统计",
    shown=False,  # told with 支部
    role=Role.SECRETARY,
)
def show_stats(ask: Ask) -> str:
    first, last = _span(ask)
    branch = ask.standing.branch
    people = sum(n for _, n in roll.count_by_category(ask.session, branch))
    lines = [
        f"{branch.name} {say_date(first)}到{say_date(last)}：",
        f"· 名册：{people} 人",
        *_meetings(ask, (first, last)),
        *_sums(ask, (first, last)),
    ]
    return "\n".join([*lines, MORE])


def _span(ask: Ask) -> Span:
    """Read the days that are asked about, up to today; this month if none are."""
    today = ask.now.date()
    period = find_period(ask.text, ask.now, "past")
    if period is None:
        return today.replace(day=1), today
    last = (period.end - timedelta(days=1)).date()
    return period.start.date(), min(last, today)


def _moments(ask: Ask, span: Span) -> tuple[datetime, datetime]:
    first, last = (datetime.combine(day, time(), ask.now.tzinfo) for day in span)
    return first, last + timedelta(days=1)


def _meetings(ask: Ask, span: Span) -> Iterator[str]:
    place = home(ask.session, ask.standing.branch.id)
    every = meetings.own_within(ask.session, place, *_moments(ask, span))
    held = Counter(each.kind for each in every if meetings.is_held(each, ask.now))
    told = "，".join(f"{TITLES[kind]} {number}" for kind, number in held.items())
    yield f"· 开会：{held.total()} 次{f'（{told}）' if told else ''}"


def _sums(ask: Ask, span: Span) -> Iterator[str]:
    branch = ask.standing.branch
    sent = pages.count_sent(ask.session, branch, *_moments(ask, span), ask.now)
    yield f"· 通知：{sent} 条"
    days = day_totals.count_by_day(ask.session, branch, *span)
    yield f"· 打卡：{sum(days.values())} 人次（自愿，只数合计）"
    for kind in every_kind():
        if kind.sees is not Sees.BRANCH:
            continue
        number = search.count(ask.session, Query(kind, branch, *span))
        if number:
            yield f"· {kind.title}：{number} 条"
