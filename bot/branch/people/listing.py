"""The people of a branch, a page at a time, found by what they are called."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.people.tree import Branch


def count(session: Session, branch: Branch, words: str = "", category: str = "") -> int:
    """Count the active people of a branch and below whom words and category fit."""
    return session.scalar(_within(branch, words, category, func.count())) or 0


def turn(  # noqa: PLR0913  # where, who, and which of them
    session: Session,
    branch: Branch,
    words: str,
    category: str,
    offset: int,
    limit: int,
) -> Sequence[tuple[Member, str, str]]:
    """List members, what each is called, and the name of her node in the tree."""
    rows = session.execute(
        _within(branch, words, category, Member, Member.called, Branch.name)
        .order_by(Branch.path, Member.id)
        .offset(offset)
        .limit(limit)
    )
    return [(member, called, node) for member, called, node in rows]


def find(session: Session, branch: Branch, number: int) -> Member | None:
    """Find one of a branch or below it, also who has left."""
    return session.scalar(
        select(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Member.id == number, Branch.path.startswith(branch.path))
    )


def outsiders(
    session: Session, branch: Branch, accounts: Sequence[str]
) -> Sequence[str]:
    """List which of these accounts are of people of other branches."""
    wanted = [each.casefold() for each in accounts]
    found = session.scalars(
        select(Member.userid)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Member.account.in_(wanted), ~Branch.path.startswith(branch.path))
    )
    return [each for each in found if each]


def _within(branch: Branch, words: str, category: str, *columns: Any) -> Select[Any]:
    found = (
        select(*columns)
        .select_from(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Branch.path.startswith(branch.path), Member.state == "active")
    )
    if words:
        like = [
            column.contains(words, autoescape=True)
            for column in (Member.name, Member.account, Member.position, Branch.name)
        ]
        found = found.where(or_(*like))
    if category:
        found = found.where(Member.category == category)
    return found
