"""Who is to come to a kind of meeting, and who of them has a vote on its day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch.meetings.kinds import Kind, Matter
from bot.branch.meetings.plans import Plan
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Category, Grant, Member, Role
from bot.branch.people.tree import Branch
from bot.errors import Refusal


def audience_of(session: Session, plan: Plan, scope: int = 0) -> Audience:
    """Tell who is to come to a kind of meeting. Raises Refusal if that is nobody.

    scope: of whose letters it is the audience, where the meeting is of a part only.
    """
    whole = _whole(session, plan, scope)
    if plan.only:
        words = "、".join(_names(session, plan.only).values())
        people = (*plan.only, *plan.sits_in)
        return replace(whole, members=people, only_named=True, branches=(), words=words)
    if not plan.without:
        return whole
    gone = "、".join(_names(session, plan.without).values())
    words = f"{whole.words}，除了{gone}"
    return replace(whole, without_members=plan.without, words=words)


def _whole(session: Session, plan: Plan, scope: int) -> Audience:
    """Tell whom a kind of meeting calls where its caller says nothing else."""
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


def _names(session: Session, people: Collection[int]) -> Mapping[int, str]:
    named = select(Member.id, Member.called).where(Member.id.in_(people))
    return dict(session.execute(named.order_by(Member.id)).all())


def keep_voters(session: Session, plan: Plan) -> tuple[Plan, Sequence[str]]:
    """Call those after all whom no call may leave out; return their names too.

    Who has a vote is 应到 where somebody is elected, taken in or made full
    (《中国共产党发展党员工作细则》 19; of elections the exclusions are the meeting's
    own, with the approval from above): the caller's word makes that number no smaller.
    """
    if plan.kind != Kind.GENERAL or plan.matter == Matter.ORDINARY:
        return plan, ()
    day = plan.starts_at.date() if plan.starts_at else date.max
    kept = {each.id: each.called for each in left_out_voters(session, plan, day)}
    without = tuple(each for each in plan.without if each not in kept)
    return replace(plan, without=without), tuple(kept.values())


def left_out_voters(session: Session, plan: Plan, day: date) -> Sequence[Member]:
    """List who has a vote on a day and is left out of a call."""
    gone = select(Member).where(Member.id.in_(plan.without))
    people = session.scalars(gone.order_by(Member.id)).all()
    everybody = plan.kind == Kind.COMMITTEE
    return [each for each in people if everybody or is_full(each, day)]


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


def count_committees(session: Session, branches: Sequence[int]) -> Mapping[int, int]:
    """Count who sits on the committee of each branch that has one."""
    held = (
        select(Grant.branch_id, func.count(Grant.member_id.distinct()))
        .join(Member, Member.id == Grant.member_id)
        .where(
            Grant.branch_id.in_(branches),
            Grant.role >= int(Role.COMMITTEE),
            Member.state == "active",
        )
        .group_by(Grant.branch_id)
    )
    return dict(session.execute(held).all())


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
