"""The school's calendar as the secretary sets it: 寒暑假, 考试周; local, no rule."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.storage.database import Base, Id

LONGEST_DAYS = 120
LONGEST_NAME = 20
SAME_TERM = timedelta(days=90)
"""How far apart two spans of one name begin at most that are one span, corrected.

寒假 comes once a year, 考试周 once a term: what begins later is another one.
"""


class SchoolSpan(Base):
    """Days in which a branch would rather not meet, first and last included."""

    __tablename__ = "school_span"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    name: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    set_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_school_span_branch_id", "branch_id", "first"),)


def put(  # noqa: PLR0913  # which days, what they are, who says so, and when
    session: Session,
    branch: Branch,
    name: str,
    first: date,
    last: date,
    by: Member,
    now: datetime,
) -> SchoolSpan:
    """Set a span; one of the same name in the same term is set anew.

    Raises Refusal for days that are no span, or too many of them.
    """
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise Refusal(f"起止日期不对，要先后相接，最长 {LONGEST_DAYS} 天。")
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refusal("请带上名称，例：校历 寒假 1月18日到2月21日")
    for each in same_as(session, branch, name, first, last):
        session.delete(each)
    span = SchoolSpan(
        branch_id=branch.id, name=name, first=first, last=last, set_by=by.id, at=now
    )
    session.add(span)
    session.flush()
    return span


def same_as(
    session: Session, branch: Branch, name: str, first: date, last: date
) -> Sequence[SchoolSpan]:
    """List the spans that one of a name and these days corrects, be they apart."""
    near = within(session, branch, first - SAME_TERM, last + SAME_TERM)
    same = [each for each in near if each.name == name]
    shared = [each for each in same if each.first <= last and each.last >= first]
    apart = [each for each in same if abs(each.first - first) <= SAME_TERM]
    return list(dict.fromkeys([*shared, *apart]))


def drop(session: Session, branch: Branch, name: str, now: datetime) -> int:
    """Take the spans of a name that are not over out; return how many."""
    ahead = select(SchoolSpan).where(
        SchoolSpan.branch_id == branch.id,
        SchoolSpan.name == name,
        SchoolSpan.last >= now.date(),
    )
    found = session.scalars(ahead).all()
    for each in found:
        session.delete(each)
    session.flush()
    return len(found)


def within(
    session: Session, branch: Branch, first: date, last: date
) -> Sequence[SchoolSpan]:
    """List the spans that share a day with a stretch, in the order of their days."""
    mine = select(SchoolSpan).where(
        SchoolSpan.branch_id == branch.id,
        SchoolSpan.first <= last,
        SchoolSpan.last >= first,
    )
    return session.scalars(mine.order_by(SchoolSpan.first)).all()
