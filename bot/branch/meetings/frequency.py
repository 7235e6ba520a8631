"""三会一课体检: what the rules want of a year, what was held, which months lack it.

A kind that does not apply, for want of a committee or of groups, lacks nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.branch.meetings import voters
from bot.branch.meetings.attendees import Attendee
from bot.branch.meetings.kinds import BY_KIND, TITLES, Kind
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.people.tree import Branch, BranchKind
from bot.calendar.say import say_quarter
from bot.calendar.years import moments_of
from bot.rulebook.load import find_rule
from bot.rulebook.rule import Rule
from bot.storage.in_list import in_parts

MONTHS = range(1, 13)
QUARTER_ENDS = (3, 6, 9, 12)
DUE: dict[Kind, tuple[int, ...]] = {
    Kind.GENERAL: QUARTER_ENDS,
    Kind.COMMITTEE: tuple(MONTHS),
    Kind.GROUP: tuple(MONTHS),
    Kind.LECTURE: (),
    Kind.THEME_DAY: tuple(MONTHS),
    Kind.LIFE_MEETING: (12,),
    Kind.APPRAISAL: (12,),
}
"""By the end of which months one is due. Of lectures no rule gives a number."""
LEAST_COMMITTEE = 2
NO_COMMITTEE = "本支部没有设支委会"
NO_GROUPS = "本支部没有分党小组"


@dataclass(frozen=True)
class Line:
    """One kind in a year. missing: months over without one; lacking: groups of them.

    why: why it does not apply.
    """

    kind: Kind
    rule: Rule
    due: int
    held: int
    missing: tuple[int, ...]
    applies: bool
    why: str = ""
    lacking: tuple[tuple[int, str], ...] = ()

    @property
    def title(self) -> str:
        return TITLES[self.kind]


@dataclass(frozen=True)
class _Kept:
    """What the book has of one branch. held: node, kind and month of each meeting.

    groups: id and name; sitting: how many are on its committee.
    """

    held: list[tuple[int, Kind, int]] = field(default_factory=list)
    groups: list[tuple[int, str]] = field(default_factory=list)
    sitting: int = 0


def check_year(
    session: Session, branch: Branch, year: int, now: datetime
) -> list[Line]:
    """Read the meter of a branch's year."""
    return check_years(session, [branch.id], year, now)[branch.id]


def check_years(
    session: Session, branches: Sequence[int], year: int, now: datetime
) -> Mapping[int, list[Line]]:
    """Read the meters of many branches, in a few questions for all of them."""
    rules = {kind: find_rule(BY_KIND[kind].rule, date(year, 12, 31)) for kind in DUE}
    kept = _kept(session, branches, year, now)
    return {
        number: [_line(kept[number], kind, rules[kind], year, now) for kind in DUE]
        for number in branches
    }


def _line(kept: _Kept, kind: Kind, rule: Rule, year: int, now: datetime) -> Line:
    mine = [(node, month) for node, of, month in kept.held if of == kind]
    if why := _why_not(kept, kind):
        return Line(kind, rule, 0, len(mine), (), applies=False, why=why)
    over = [month for month in DUE[kind] if date(year, month, 1) < _this_month(now)]
    if kind != Kind.GROUP:
        missing = tuple(
            end for end in over if not any(fits(kind, end, m) for _, m in mine)
        )
        return Line(kind, rule, len(DUE[kind]), len(mine), missing, applies=True)
    lacking = tuple(
        (month, name)
        for month in over
        for group, name in kept.groups
        if (group, month) not in mine
    )
    missing = tuple(dict.fromkeys(month for month, _ in lacking))
    due = len(DUE[kind]) * len(kept.groups)
    return Line(kind, rule, due, len(mine), missing, applies=True, lacking=lacking)


def _this_month(now: datetime) -> date:
    return now.date().replace(day=1)


def fits(kind: Kind, end: int, month: int) -> bool:
    """Tell whether a meeting of a month is one of the span that ends with a month."""
    spans = {Kind.GENERAL: 3, Kind.LIFE_MEETING: 12, Kind.APPRAISAL: 12}
    return end - spans.get(kind, 1) < month <= end


def _why_not(kept: _Kept, kind: Kind) -> str:
    if kind == Kind.COMMITTEE and kept.sitting < LEAST_COMMITTEE:
        return NO_COMMITTEE
    return NO_GROUPS if kind == Kind.GROUP and not kept.groups else ""


def _kept(
    session: Session, branches: Sequence[int], year: int, now: datetime
) -> Mapping[int, _Kept]:
    found = {number: _Kept() for number in branches}
    for some in in_parts(branches):
        for number, sitting in voters.count_committees(session, some).items():
            found[number] = replace(found[number], sitting=sitting)
        for group in session.scalars(_groups_of(some)):
            assert group.parent_id
            found[group.parent_id].groups.append((group.id, group.name))
        nodes = {number: number for number in some}
        nodes |= {each: number for number in some for each, _ in found[number].groups}
        for part in in_parts(list(nodes)):
            for node, kind, month in _held(session, part, year, now):
                found[nodes[node]].held.append((node, kind, month))
    return found


def _groups_of(branches: Sequence[int]) -> Select[Branch]:
    mine = Branch.parent_id.in_(branches), Branch.kind == BranchKind.GROUP
    return select(Branch).where(*mine).order_by(Branch.id)


def _held(
    session: Session, nodes: Sequence[int], year: int, now: datetime
) -> Iterator[tuple[int, Kind, int]]:
    """List what was held, as far as somebody was there: node, kind and month."""
    first, last = moments_of(year, zone=now.tzinfo)
    came = select(Attendee.meeting_id).where(
        Attendee.meeting_id == Meeting.id, Attendee.came_at.is_not(None)
    )
    rows = session.execute(
        select(Meeting.branch_id, Meeting.kind, Meeting.starts_at).where(
            Meeting.branch_id.in_(nodes),
            Meeting.state != State.CANCELLED,
            Meeting.starts_at >= first,
            Meeting.starts_at < min(last, now),
            came.exists(),
        )
    )
    for node, kind, at in rows:
        yield node, Kind(kind), at.astimezone(now.tzinfo).month


def say_missing(line: Line) -> str:
    """Say the months, or the quarters where one a quarter is due."""
    if DUE[line.kind] == QUARTER_ENDS:
        return "、".join(say_quarter(end // 3) for end in line.missing)
    if len(DUE[line.kind]) == 1:
        return "全年一次"
    return "、".join(f"{month}月" for month in line.missing)


def advise(lines: Sequence[Line]) -> str:
    """Say the one thing to do first; "" where nothing is missing."""
    wanting = [each for each in lines if each.missing]
    if not wanting:
        return ""
    first = wanting[0]
    return (
        f"先看{first.title}：{say_missing(first)}没有记录。"
        f"真开过的，说“补录 日期 {first.title}”；"
        "没开的如实写未开展，不要补编。"
    )
