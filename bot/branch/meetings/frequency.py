"""三会一课体检: what the rules want of a year, what was held, which months lack it.

A kind that does not apply, for want of a committee or of groups, lacks nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
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


def check_year(
    session: Session, branch: Branch, year: int, now: datetime
) -> list[Line]:
    """Read the meter of a branch's year."""
    held = _held(session, branch, year, now)
    groups = _groups(session, branch)
    return [_line(session, branch, kind, year, now, held, groups) for kind in DUE]


def _line(  # noqa: PLR0913  # a kind, and all that it is judged by
    session: Session,
    branch: Branch,
    kind: Kind,
    year: int,
    now: datetime,
    held: Sequence[tuple[int, Kind, int]],
    groups: Sequence[Branch],
) -> Line:
    rule = find_rule(BY_KIND[kind].rule, date(year, 12, 31))
    mine = [(node, month) for node, of, month in held if of == kind]
    why = _why_not(session, branch, kind, groups)
    if why:
        return Line(kind, rule, 0, len(mine), (), applies=False, why=why)
    over = [month for month in DUE[kind] if date(year, month, 1) < _this_month(now)]
    if kind != Kind.GROUP:
        missing = tuple(
            end for end in over if not any(fits(kind, end, m) for _, m in mine)
        )
        return Line(kind, rule, len(DUE[kind]), len(mine), missing, applies=True)
    lacking = tuple(
        (month, group.name)
        for month in over
        for group in groups
        if (group.id, month) not in mine
    )
    missing = tuple(dict.fromkeys(month for month, _ in lacking))
    due = len(DUE[kind]) * len(groups)
    return Line(kind, rule, due, len(mine), missing, applies=True, lacking=lacking)


def _this_month(now: datetime) -> date:
    return now.date().replace(day=1)


def fits(kind: Kind, end: int, month: int) -> bool:
    """Tell whether a meeting of a month is one of the span that ends with a month."""
    spans = {Kind.GENERAL: 3, Kind.LIFE_MEETING: 12, Kind.APPRAISAL: 12}
    return end - spans.get(kind, 1) < month <= end


def _why_not(
    session: Session, branch: Branch, kind: Kind, groups: Sequence[Branch]
) -> str:
    if kind == Kind.COMMITTEE and len(voters.committee(session, branch.id)) < 2:
        return NO_COMMITTEE
    return NO_GROUPS if kind == Kind.GROUP and not groups else ""


def _groups(session: Session, branch: Branch) -> Sequence[Branch]:
    mine = select(Branch).where(
        Branch.parent_id == branch.id, Branch.kind == BranchKind.GROUP
    )
    return session.scalars(mine.order_by(Branch.id)).all()


def _held(
    session: Session, branch: Branch, year: int, now: datetime
) -> list[tuple[int, Kind, int]]:
    """List what was held, as far as somebody was there: node, kind and month."""
    first, last = moments_of(year, zone=now.tzinfo)
    came = select(Attendee.meeting_id).where(
        Attendee.meeting_id == Meeting.id, Attendee.came_at.is_not(None)
    )
    nodes = select(Branch.id).where(
        (Branch.id == branch.id)
        | ((Branch.parent_id == branch.id) & (Branch.kind == BranchKind.GROUP))
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
    return [
        (node, Kind(kind), at.astimezone(now.tzinfo).month) for node, kind, at in rows
    ]


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
