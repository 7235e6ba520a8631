"""党费: whose months without a payment in the book come to six, told in time."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.duties.deadlines import ON_THE_DAY, Ahead, Deadline
from bot.branch.people.audience import PARTY_MEMBERS
from bot.branch.people.members import Member, party_branch
from bot.branch.people.tree import Branch
from bot.branch.records import dues_months
from bot.branch.records.kinds.dues import DUES
from bot.branch.records.tables import Record
from bot.calendar.recurrence.stretches import add_months
from bot.rulebook.load import find_rule

KIND = "dues"
AHEAD = (Ahead(months=2), Ahead(months=1), ON_THE_DAY)
NOT_UNPAID = "没记不等于没交，请先单独问本人；交过了就补记，不能替交、扣缴"
OWES = (None, *PARTY_MEMBERS)


def find_lapses(session: Session, today: date) -> Iterator[Deadline]:
    """Yield of each who pays nothing the day at which six months in a row are full."""
    kept = select(Record.branch_id).where(
        Record.kind == DUES.name, Record.withdrawn_at.is_(None)
    )
    for number in sorted(set(session.scalars(kept.distinct()))):
        yield from _of_branch(session, session.get_one(Branch, number), today)


def _of_branch(session: Session, branch: Branch, today: date) -> Iterator[Deadline]:
    begun = dues_months.find_begin(session, branch)
    if begun is None:
        return
    paid = dues_months.paid_by_months(session, branch)
    below = select(Branch.id).where(Branch.path.startswith(branch.path))
    people = select(Member).where(Member.state == "active", Member.branch_id.in_(below))
    rule = find_rule("dues.lapse", today)
    for member in session.scalars(people.order_by(Member.id)):
        since = _unpaid_since(member, begun, today, paid.get(member.id, ()))
        if since is None or party_branch(session, member).id != branch.id:
            continue
        months = int(rule.decimal("months"))
        yield Deadline(
            KIND,
            branch.id,
            member.called,
            f"{member.called}的党费从{since.year}年{since.month}月起没有记过",
            add_months(since, months) - timedelta(days=1),
            f"到这天连续 {months} 个月。{rule.text}{NOT_UNPAID}",
            (rule,),
            AHEAD,
            member.id,
        )


def _unpaid_since(
    member: Member, begun: date, today: date, paid: Collection[date]
) -> date | None:
    """Return the first of the months up to the last one that none is paid of."""
    if member.category not in OWES:
        return None
    this_month = today.replace(day=1)
    if any(each >= this_month for each in paid):
        return None
    unpaid: date | None = None
    for month in dues_months.months(max(begun, member.joined or begun), today):
        if month in paid:
            unpaid = None
        elif month < this_month:
            unpaid = unpaid or month
    return unpaid
