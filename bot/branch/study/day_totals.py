"""How many checked in, day by day: sums alone, nobody named, nobody compared."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.branch.study.checkins import CheckIn
from bot.branch.study.hours import FEWEST


def count_by_day(
    session: Session, branch: Branch, first: date, last: date
) -> dict[date, int]:
    """Count who checked in on each day. Nothing where so few people tell of one."""
    here = (
        select(Member.id)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Branch.path.startswith(branch.path), Member.state == "active")
    )
    if (session.scalar(select(func.count()).select_from(here.subquery())) or 0) < (
        FEWEST
    ):
        return {}
    rows = session.execute(
        select(CheckIn.day, func.count(CheckIn.member_id.distinct()))
        .where(
            CheckIn.member_id.in_(here),
            CheckIn.day >= first,
            CheckIn.day <= last,
            CheckIn.undone_at.is_(None),
        )
        .group_by(CheckIn.day)
        .order_by(CheckIn.day)
    )
    return dict(rows.all())
