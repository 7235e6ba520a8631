"""Who is meant: a part of the tree, by branch, category, office, name, and without.

An audience is kept as ids, so that it still means the same after a restart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.branch.members import Category, Grant, Member, Role
from bot.branch.tree import Branch
from bot.outbox import People

PARTY_MEMBERS = (Category.FULL.value, Category.PROBATIONARY.value)


@dataclass(frozen=True)
class Audience:
    """Everybody in `scope` whom the rest does not leave out.

    scope: the id of the branch whose secretary speaks; nobody beyond it is meant.
    branches, categories narrow; office adds who holds this role or a higher one;
    members adds single people; `without` takes away. categories None: everybody.
    """

    scope: int
    branches: tuple[int, ...] = ()
    categories: tuple[str, ...] | None = PARTY_MEMBERS
    office: int | None = None
    members: tuple[int, ...] = ()
    only_named: bool = False
    without_members: tuple[int, ...] = ()
    without_branches: tuple[int, ...] = ()
    without_categories: tuple[str, ...] = ()
    words: str = "全体党员"

    def pack(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def unpack(cls, values: Mapping[str, Any]) -> "Audience":
        tuples = {
            each.name: tuple(values[each.name])
            for each in fields(cls)
            if isinstance(values[each.name], list | tuple)
        }
        return cls(**{**values, **tuples})


@dataclass(frozen=True)
class Head:
    """How many are meant. reachable: have a WeCom account; names: all, when few."""

    total: int
    reachable: int
    names: tuple[str, ...]


def select_people(session: Session, audience: Audience) -> People:
    """Select (member id, user id) of everybody who is meant."""
    scope = session.get_one(Branch, audience.scope)
    return (
        select(Member.id, Member.userid)
        .join(Branch, Branch.id == Member.branch_id)
        .where(
            Member.state == "active",
            Branch.path.startswith(scope.path),
            _meant(session, audience),
            *_without(session, audience),
        )
        .order_by(Member.id)
    )


def count_heads(session: Session, audience: Audience, few: int = 15) -> Head:
    people = select_people(session, audience).subquery()
    total, reachable = session.execute(
        select(func.count(), func.count(people.c.userid)).select_from(people)
    ).one()
    names: Sequence[str] = ()
    if total <= few:
        names = session.scalars(
            select(Member.name).join(people, people.c.id == Member.id)
        ).all()
    return Head(total, reachable, tuple(names))


def _meant(session: Session, audience: Audience) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    if audience.members:
        ways.append(Member.id.in_(audience.members))
    if audience.office:
        held = select(Grant.member_id).where(Grant.role >= audience.office)
        ways.append(Member.id.in_(held))
    if not audience.only_named:
        ways.append(_part(session, audience))
    return or_(*ways)


def _part(session: Session, audience: Audience) -> ColumnElement[bool]:
    limits: list[ColumnElement[bool]] = [Member.id.is_not(None)]
    if audience.branches:
        paths = _paths(session, audience.branches)
        limits.append(or_(*(Branch.path.startswith(path) for path in paths)))
    if audience.categories is not None:
        limits.append(
            or_(Member.category.in_(audience.categories), Member.category.is_(None))
            if audience.categories == PARTY_MEMBERS
            else Member.category.in_(audience.categories)
        )
    return and_(*limits)


def _without(session: Session, audience: Audience) -> list[ColumnElement[bool]]:
    gone: list[ColumnElement[bool]] = []
    if audience.without_members:
        gone.append(Member.id.not_in(audience.without_members))
    if audience.without_categories:
        gone.append(
            func.coalesce(Member.category, "").not_in(audience.without_categories)
        )
    for path in _paths(session, audience.without_branches):
        gone.append(~Branch.path.startswith(path))
    return gone


def _paths(session: Session, ids: Sequence[int]) -> Sequence[str]:
    return session.scalars(select(Branch.path).where(Branch.id.in_(ids))).all()


def office_title(role: int) -> str:
    return {Role.LEADER: "党小组组长", Role.COMMITTEE: "支部委员"}.get(
        Role(role), "书记"
    )
