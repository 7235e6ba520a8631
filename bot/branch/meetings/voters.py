"""Who is to come to a kind of meeting, and who of them has a vote on its day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.plans import Plan
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Category, Grant, Member, Role
from bot.branch.people.tree import Branch
from bot.errors import Refusal


def audience_of(session: Session, plan: Plan, scope: int = 0) -> Audience:
    """Tell who is to come to a kind of meeting. Raises Refusal if that is nobody.

    scope: of whose letters it is the audience, where the meeting is of a part only.
    """
    if plan.kind == Kind.COMMITTEE:
        people = committee(session, plan.branch)
        if not people:
            raise Refusal("名册里没有支部委员，开不了支委会。请先在名册里写上职务。")
        return Audience(
            scope or plan.branch,
            members=(*people, *plan.sits_in),
            only_named=True,
            words="支部委员",
        )
    part = session.get_one(Branch, plan.branch)
    within = (part.id,) if scope not in (0, part.id) else ()
    words = part.name if within else "全体党员"
    return Audience(
        scope or part.id, branches=within, members=plan.sits_in, words=words
    )


def committee(session: Session, branch_id: int) -> Sequence[int]:
    """List who sits on the committee of a branch, its secretary too."""
    held = (
        select(Grant.member_id)
        .join(Member, Member.id == Grant.member_id)
        .where(
            Grant.branch_id == branch_id,
            Grant.role >= int(Role.COMMITTEE),
            Member.state == "active",
        )
    )
    return sorted(set(session.scalars(held)))


def expected(session: Session, plan: Plan) -> Sequence[int]:
    """List who is to come by the roster of now, without who only sits in."""
    audience = audience_of(session, replace(plan, sits_in=()))
    return [number for number, _ in session.execute(select_people(session, audience))]


def voters(session: Session, plan: Plan, day: date) -> Sequence[Member]:
    """List who of those to come has a vote on a day: of a committee, everybody."""
    called = select(Member).where(Member.id.in_(expected(session, plan)))
    people = session.scalars(called.order_by(Member.id)).all()
    if plan.kind == Kind.COMMITTEE:
        return people
    return [each for each in people if is_full(each, day)]


def is_full(member: Member, day: date) -> bool:
    """Tell whether somebody is a full member on a day."""
    if member.full_member_since is not None:
        return member.full_member_since <= day
    return member.category != Category.PROBATIONARY
