"""The company's address book → accounts of members, and members where wanted.

Only names and account ids are taken. A name links only where it is unique both sides.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, and_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.branch.members import Member, add_member, link, take_roster
from bot.branch.tree import Branch, find_branch
from bot.storage import Base


@dataclass(frozen=True)
class Colleague:
    """Somebody in the address book. departments: their names, nearest first."""

    userid: str
    name: str
    departments: tuple[str, ...] = ()


@dataclass
class Sync:
    """What a synchronisation did. unknown: in the address book and in no roster."""

    linked: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def link_accounts(session: Session, people: Sequence[Colleague], root: Branch) -> Sync:
    """Link accounts to members who have none; whoever is not in the roster is named."""
    take_roster(session)
    sync = Sync()
    namesakes = Counter(each.name for each in people)
    for each in people:
        holder = _holder(session, each.userid)
        if holder and holder.name.casefold() != each.userid.casefold():
            continue  # known, and not by the account alone
        unlinked = _unlinked(session, each.name, root)
        if len(unlinked) == 1 and namesakes[each.name] == 1:
            if holder:
                _merge(session, holder, unlinked[0])
            link(unlinked[0], each.userid)
            sync.linked.append(each.name)
        elif holder:
            holder.name = each.name
            sync.linked.append(each.name)
        else:
            sync.unknown.append(each.name)
        session.flush()
    return sync


def add_unknown(
    session: Session, people: Sequence[Colleague], root: Branch, now: datetime
) -> list[str]:
    """Add whoever has no account here as a member; return the names.

    To the branch that is called like one of the departments, else to the root.
    """
    take_roster(session)
    added: list[str] = []
    for each in people:
        if _holder(session, each.userid):
            continue
        homes = (find_branch(session, name, root) for name in each.departments)
        home = next((found for found in homes if found), root)
        link(add_member(session, each.name, home, now), each.userid)
        added.append(each.name)
    session.flush()
    return added


def _holder(session: Session, userid: str) -> Member | None:
    return session.scalar(select(Member).where(Member.account == userid.casefold()))


def _unlinked(session: Session, name: str, root: Branch) -> list[Member]:
    found = (
        select(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(
            Member.name == name,
            Member.account.is_(None),
            Member.state == "active",
            Branch.path.startswith(root.path),
        )
    )
    return list(session.scalars(found))


def _merge(session: Session, shadow: Member, member: Member) -> None:
    """Move all that a member known by account only has to the one of the roster.

    Where both have a row of which there may be one, that of the roster stays.
    """
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            points = {each.target_fullname for each in column.foreign_keys}
            if "member.id" in points or column.name == "member_id":
                _move(session, column, shadow, member)
    shadow.userid = shadow.account = None
    shadow.state = "left"
    session.flush()
    session.expire_all()


def _move(
    session: Session, column: Column[Any], shadow: Member, member: Member
) -> None:
    table = column.table
    keys = list(table.primary_key.columns)
    rows = session.execute(select(*keys).where(column == shadow.id)).all()
    for row in rows:
        this = and_(*(key == value for key, value in zip(keys, row, strict=True)))
        undo = session.begin_nested()
        try:
            session.execute(update(table).where(this).values({column.name: member.id}))
        except IntegrityError:
            undo.rollback()
        else:
            undo.commit()
