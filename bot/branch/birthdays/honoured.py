"""光荣在党50年: whose party age is fifty years on 1 July of a year."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.people.members import Category, Member
from bot.branch.people.tree import Branch
from bot.calendar.party_age import HONOUR_YEARS, fifty_years_honour


@dataclass(frozen=True)
class Honoured:
    """Names by joining day. new: reaching it this year; uncertain: no date of 转正.

    whose: the ids of all of them, for whoever writes down that they were seen.
    """

    new: tuple[str, ...]
    before: tuple[str, ...]
    uncertain: tuple[str, ...]
    whose: tuple[int, ...] = field(default=(), compare=False)


def of_year(session: Session, branch: Branch, year: int) -> Honoured:
    here = select(Branch.id).where(Branch.path.startswith(branch.path))
    members = session.scalars(
        select(Member)
        .where(
            Member.branch_id.in_(here),
            Member.state == "active",
            Member.category == Category.FULL,
            Member.joined <= date(year - HONOUR_YEARS, 7, 1),
        )
        .order_by(Member.joined, Member.id)
    )
    found: dict[str, list[str]] = {"new": [], "before": [], "uncertain": []}
    whose = []
    for each in members:
        if where := _reached(each, year):
            found[where].append(each.called)
            whose.append(each.id)
    named = {where: tuple(names) for where, names in found.items()}
    return Honoured(**named, whose=tuple(whose))


def _reached(member: Member, year: int) -> str:
    assert member.joined is not None
    if fifty_years_honour(member.joined, member.full_member_since, year - 1):
        return "before"
    if fifty_years_honour(member.joined, member.full_member_since, year):
        return "new"
    return "" if member.full_member_since else "uncertain"
