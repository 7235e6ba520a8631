"""Who is meant: a part of the tree, by branch, category, office, name, and without.

An audience is kept as ids, so that it still means the same after a restart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from bot.branch.people.members import Category, Grant, Member, Role
from bot.branch.people.tree import Branch
from bot.outbox import People, is_reachable

PARTY_MEMBERS = (Category.FULL.value, Category.PROBATIONARY.value)


@dataclass(frozen=True)
class Audience:
    """Everybody in `scope` whom the rest does not leave out.

    scope: the id of the branch whose secretary speaks; nobody beyond it is meant.
    branches, categories narrow; also_branches adds the party members of whole
    branches; office adds who holds this role or a higher one in the scope; leaders adds
    who leads a group there, and nobody above for that; members adds single people;
    `without` takes away. categories None: everybody.
    """

    scope: int
    branches: tuple[int, ...] = ()
    categories: tuple[str, ...] | None = PARTY_MEMBERS
    also_branches: tuple[int, ...] = ()
    office: int | None = None
    leaders: bool = False
    members: tuple[int, ...] = ()
    only_named: bool = False
    without_members: tuple[int, ...] = ()
    without_branches: tuple[int, ...] = ()
    without_categories: tuple[str, ...] = ()
    words: str = "全体党员"

    @property
    def in_full(self) -> str:
        """Name it as it stands behind a branch's name: 支部全体同志, not 支部大家."""
        plain = self == Audience(self.scope, categories=None, words=self.words)
        return "全体同志" if plain else self.words

    def pack(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def unpack(cls, values: Mapping[str, Any]) -> "Audience":
        tuples = {
            each.name: tuple(values[each.name])
            for each in fields(cls)
            if isinstance(values.get(each.name), list | tuple)
        }
        return cls(**{**values, **tuples})


@dataclass(frozen=True)
class Head:
    """How many are meant. reachable: letters can go to; names: all, when few."""

    total: int
    reachable: int
    names: tuple[str, ...]

    def say_names(self, said: str) -> str:
        """List the names in brackets, unless what was just said lists the same."""
        if not self.names or set(self.names) == set(said.split("、")):
            return ""
        return f"（{'、'.join(self.names)}）"


def select_people(session: Session, audience: Audience) -> People:
    """Select (member id, user id) of everybody who is meant."""
    scope = session.get_one(Branch, audience.scope)
    return (
        select(Member.id, Member.userid)
        .join(Branch, Branch.id == Member.branch_id)
        .where(
            Member.state == "active",
            Branch.path.startswith(scope.path),
            _meant(session, audience, scope),
            *_without(session, audience),
        )
        .order_by(Member.id)
    )


def name_people(session: Session, audience: Audience) -> dict[int, str]:
    """Return, by their member ids, what those who are meant are called."""
    people = select_people(session, audience).subquery()
    named = select(Member.id, Member.called).join(people, people.c.id == Member.id)
    return dict(session.execute(named.order_by(Member.id)).all())


def count_heads(session: Session, audience: Audience, few: int = 15) -> Head:
    people = select_people(session, audience).subquery()
    reached = is_reachable(people.c.userid, people.c.id)
    total, reachable = session.execute(
        select(func.count(), func.count().filter(reached)).select_from(people)
    ).one()
    names: Sequence[str] = ()
    if total <= few:
        names = session.scalars(
            select(Member.called)
            .join(people, people.c.id == Member.id)
            .order_by(Member.id)
        ).all()
    return Head(total, reachable, tuple(names))


def _meant(session: Session, audience: Audience, scope: Branch) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    if audience.members:
        ways.append(Member.id.in_(audience.members))
    if audience.office:
        ways.append(Member.id.in_(office_holders(audience.office, scope)))
    if audience.leaders:
        ways.append(Member.id.in_(group_leaders(scope)))
    if audience.also_branches:
        whole = _within(session, audience.also_branches)
        ways.append(and_(whole, _of_categories(PARTY_MEMBERS)))
    if not audience.only_named:
        ways.append(_part(session, audience))
    return or_(*ways)


def office_holders(role: int, scope: Branch) -> Select[int]:
    """Select who holds this role or a higher one in a branch or below it."""
    return (
        select(Grant.member_id)
        .join(Branch, Branch.id == Grant.branch_id)
        .where(Grant.role >= role, Branch.path.startswith(scope.path))
    )


def group_leaders(scope: Branch) -> Select[int]:
    """Select who leads a group of a branch or below it, whatever else they hold."""
    return (
        select(Grant.member_id)
        .join(Branch, Branch.id == Grant.branch_id)
        .where(Grant.role == Role.LEADER.value, Branch.path.startswith(scope.path))
    )


def _part(session: Session, audience: Audience) -> ColumnElement[bool]:
    limits: list[ColumnElement[bool]] = [Member.id.is_not(None)]
    if audience.branches:
        limits.append(_within(session, audience.branches))
    if audience.categories is not None:
        limits.append(_of_categories(audience.categories))
    return and_(*limits)


def _within(session: Session, branches: Sequence[int]) -> ColumnElement[bool]:
    paths = _paths(session, branches)
    return or_(*(Branch.path.startswith(path) for path in paths))


def _of_categories(categories: tuple[str, ...]) -> ColumnElement[bool]:
    """Match these; who has none counts among the party members."""
    wanted = Member.category.in_(categories)
    if set(categories) >= set(PARTY_MEMBERS):
        return or_(wanted, Member.category.is_(None))
    return wanted


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
