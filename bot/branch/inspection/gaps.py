"""What a year lacks: by which rule, how many were due, who may add it.

What really took place may be written down late and is marked 补录; what did not is
written as 未开展, and never made up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.branch.meetings import frequency
from bot.branch.people.audience import Audience, name_people
from bot.branch.people.tree import Branch
from bot.branch.records import dues_months, search, talks
from bot.branch.records.declared import find_kind
from bot.branch.records.evidence import evidence_of
from bot.branch.records.search import Query
from bot.branch.records.values import people_of
from bot.calendar.recurrence.stretches import bounds
from bot.rulebook.load import find_rule

LATE = "真发生过的可以补录（标“补录”），没有的写“未开展”"
NEVER = "不能补编；查实后如实说明"
SHOWS = "补照片或文件"
EVIDENCED = ("service", "honour", "project", "award", "paper", "media")
"""Kinds that are believed by what shows them."""


@dataclass(frozen=True)
class Gap:
    """due, has: how many there should be, and are. who: who sees to it."""

    item: str
    rule: str
    due: int
    has: int
    missing: str
    who: str
    can_add: str

    def outline(self) -> dict[str, Any]:
        return asdict(self)


def find_gaps(session: Session, branch: Branch, year: int, now: datetime) -> list[Gap]:
    """List what lacks in a branch's year, as far as it is over."""
    return [
        *_outside(),
        *_meetings(session, branch, year, now),
        *_talks(session, branch, year),
        *_dues(session, branch, year, now),
        *_pledges(session, branch, year),
        *_evidence(session, branch, year),
    ]


def _outside() -> Iterator[Gap]:
    """Name what is not kept here: originals that somebody puts in."""
    for title, folder in (("年度计划·总结", "03"), ("换届批复", "01")):
        told = f"助手里没有，请把原件放进 {folder} 文件夹"
        yield Gap(title, "迎检目录", 1, 0, told, "支部书记", "放入原件")


def _meetings(
    session: Session, branch: Branch, year: int, now: datetime
) -> Iterator[Gap]:
    for line in frequency.check_year(session, branch, year, now):
        if line.applies and line.missing:
            months = _say_months(line.missing)
            yield Gap(
                line.title,
                line.rule.place,
                line.due,
                line.held,
                f"{months} 月没有",
                "支部书记",
                LATE,
            )


def _say_months(months: Sequence[int]) -> str:
    """Say months: 1 至 12, 3、6."""
    first, last = months[0], months[-1]
    if len(months) > 2 and last - first == len(months) - 1:
        return f"{first} 至 {last}"
    return "、".join(str(each) for each in months)


def _talks(session: Session, branch: Branch, year: int) -> Iterator[Gap]:
    """Tell how many have not talked; never who."""
    found = talks.survey(session, branch, year)
    rule = find_rule("life.talks", date(year, 12, 31)).place
    every = len(found.members)
    for title, due, lacking in (
        ("支委之间谈心谈话", found.due_pairs, len(found.lacking_pairs())),
        ("支委与党员谈心谈话", every, len(found.lacking_committee())),
        ("党员之间谈心谈话", every, len(found.lacking_members())),
    ):
        if lacking and due:
            told = f"还差 {lacking}（只给数，不给名）"
            yield Gap(title, rule, due, due - lacking, told, "组织委员", LATE)


def _dues(session: Session, branch: Branch, year: int, now: datetime) -> Iterator[Gap]:
    """Count the months that the book of dues lacks since it begins."""
    begun = dues_months.find_begin(session, branch)
    if begun is None:
        return
    first, last = max(begun, date(year, 1, 1)), min(date(year, 12, 1), now.date())
    months = list(dues_months.months(first, last))
    paid = dues_months.paid_by_months(session, branch)
    people = name_people(session, Audience(branch.id))
    has = sum(month in paid.get(who, ()) for who in people for month in months)
    due = len(people) * len(months)
    if has < due:
        rule = find_rule("dues.wage", date(year, 12, 31)).place
        told = f"还有 {due - has} 人月没有记"
        yield Gap("党费", rule, due, has, told, "组织委员", NEVER)


def _pledges(session: Session, branch: Branch, year: int) -> Iterator[Gap]:
    people = name_people(session, Audience(branch.id))
    kind = find_kind("pledge")
    query = Query(kind, branch, *bounds("year", year))
    rows = search.find(session, replace(query, states=kind.counting))
    named = people_of(session, rows).values()
    with_one = {number for each in named for number, _ in each.get("people", ())}
    lacking = len(people.keys() - with_one)
    if lacking:
        told = f"{lacking} 人没有承诺（老党员自愿）"
        has = len(people) - lacking
        yield Gap("党员承诺", "本支部要求", len(people), has, told, "支部书记", LATE)


def _evidence(session: Session, branch: Branch, year: int) -> Iterator[Gap]:
    """Count what is only told of: nothing shows it."""
    for name in EVIDENCED:
        kind = find_kind(name)
        query = Query(kind, branch, *bounds("year", year))
        rows = search.find(session, query)
        shown = evidence_of(session, [row.id for row in rows])
        bare = [row.id for row in rows if not shown[row.id]]
        if bare:
            said = "、".join(str(number) for number in sorted(bare)[:12])
            more = "等" if len(bare) > 12 else ""
            yield Gap(
                f"{kind.title}佐证",
                "佐证按条对应",
                len(rows),
                len(rows) - len(bare),
                f"第 {said} 条{more}没有佐证",
                "记录人",
                SHOWS,
            )
