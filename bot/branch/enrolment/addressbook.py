"""The company's address book → accounts of members, and members where wanted.

Only names and account ids are taken. A name links, with its mark (王伟1), only where it
is unique both sides.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, and_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import outbox, progress
from bot.branch.enrolment.identity import by_account, describe, having_mark, is_bare
from bot.branch.knowledge import questions
from bot.branch.people import tree
from bot.branch.people.members import Member, add_member, link, take_roster
from bot.branch.people.tree import Branch, find_branch
from bot.files.roster.faults import Unreadable
from bot.files.roster.marks import read_marked
from bot.message import Text
from bot.outbox import Importance, Plan, Window
from bot.storage.database import Base
from bot.text.accounts import RULE, is_account

ANOTHER = (
    "企业微信账号 {account} 在通讯录里叫“{name}”，在名册里是{known}。"
    "是同一个人就不用管。"
)
REUSED = (
    "如果账号换了人用，请马上告诉管理员，把{known}从名册里移出；在那之前，"
    "现在用这个账号的人能看到{known}的内容，也能用{known}的权限。"
)


@dataclass(frozen=True)
class Colleague:
    """Somebody in the address book. departments: their names, nearest first."""

    userid: str
    name: str
    departments: tuple[str, ...] = ()

    @cached_property
    def marked(self) -> tuple[str, str]:
        """The person's name and mark, as a roster would have them."""
        try:
            return read_marked(self.name)
        except Unreadable:
            return self.name, ""

    @cached_property
    def read(self) -> tuple[str, str] | None:
        """What somebody new is called; None for a nickname, or no name at all.

        What people put in brackets there is anything: only a number is a mark.
        """
        try:
            name, mark = read_marked(self.name)
        except Unreadable:
            return None
        return (name, mark) if mark.isdecimal() or name == self.name else None


@dataclass
class Sync:
    """What a synchronisation did. unknown: in the address book and in no roster.

    refused: what could not be taken, in words. renamed: members whose account has
    another's name there, and that name.
    """

    linked: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    renamed: list[tuple[Member, str]] = field(default_factory=list)


def link_accounts(session: Session, people: Sequence[Colleague], root: Branch) -> Sync:
    """Link accounts to members who have none; whoever is not in the roster is named."""
    take_roster(session)
    sync = Sync()
    book = Counter(each.marked for each in people)
    for each in progress.each("关联账号", people):
        if not is_account(each.userid):
            sync.refused.append(f"“{each.name}”的账号“{each.userid}”不规范：{RULE}。")
            continue
        holder = by_account(session, each.userid)
        if holder and not (is_bare(holder) and holder.state == "active"):
            if _is_another(session, holder, each):
                sync.refused.append(_say_another(holder, each))
                sync.renamed.append((holder, each.name))
            continue
        unique = book[each.marked] == 1
        member = _unlinked(session, each, book, root) if unique else None
        linked = _link(session, each, holder, member)
        (sync.linked if linked else sync.unknown).append(each.name)
        session.flush()
    return sync


def _link(
    session: Session, person: Colleague, shadow: Member | None, member: Member | None
) -> bool:
    """Link an account to its member; False if nobody is known by the name.

    shadow: who is known by the account alone.
    """
    if member is not None:
        if shadow:
            _merge(session, shadow, member)
        link(member, person.userid)
        return True
    if shadow and person.read:
        shadow.name, shadow.mark = person.read
        return True
    return False


def tell_secretaries(
    session: Session,
    renamed: Sequence[tuple[Member, str]],
    window: Window,
    now: datetime,
) -> None:
    """Tell those above a member, once, that the account has another's name."""
    for member, name in renamed:
        digest = sha256(f"{member.account}:{name}".encode()).hexdigest()[:16]
        for each in questions.secretaries(session, member):
            plan = Plan(
                key=f"account:{member.id}:{digest}:{each.id}",
                kind="report",
                content=Text(
                    ANOTHER.format(
                        account=member.userid, name=name, known=describe(member)
                    )
                    + REUSED.format(known=member.called)
                ),
                window=window,
                importance=Importance.NOTICE,
            )
            outbox.put_to(session, plan, each.userid, each.id, now=now)


def add_unknown(
    session: Session, people: Sequence[Colleague], root: Branch, now: datetime
) -> list[str]:
    """Add whoever has no account here as a member; return the names.

    To the branch that is called like one of the departments, else to the root. Who has
    no proper account or name there, or another's name and mark, is left out.
    """
    take_roster(session)
    added: list[str] = []
    for each in progress.each("加进名册", people):
        if not is_account(each.userid) or by_account(session, each.userid):
            continue
        if not each.read:
            continue
        name, mark = each.read
        homes = (find_branch(session, called, root) for called in each.departments)
        home = next((found for found in homes if found), root)
        if having_mark(session, each.read, tree.home(session, home.id)):
            continue
        member = add_member(session, name, home, now, mark)
        link(member, each.userid)
        added.append(member.marked)
    session.flush()
    return added


def say_left_out(session: Session, people: Sequence[Colleague]) -> list[str]:
    """Tell who was not added: a nickname, no name at all, or another's mark."""
    return [
        f"账号 {each.userid} 在通讯录里的名字“{each.name}”"
        + ("和名册里的另一位一样" if each.read else "不像姓名")
        + "，没有加入。"
        for each in people
        if is_account(each.userid) and by_account(session, each.userid) is None
    ]


def _is_another(session: Session, holder: Member, person: Colleague) -> bool:
    """Tell whether an account may have been given to somebody else.

    张三-机械学院 is 张三, and where WeCom keeps names back it gives the account. Its
    marks may be others than the roster's: 王伟1 is not the holder where another is.
    """
    if person.name.casefold() == person.userid.casefold():
        return False
    name, mark = person.marked
    if name == holder.name and mark and mark != holder.mark:
        marked = (Member.name == name, Member.mark == mark, Member.state == "active")
        return session.scalar(select(Member.id).where(*marked).limit(1)) is not None
    return holder.name not in person.name


def _say_another(holder: Member, person: Colleague) -> str:
    said = ANOTHER.format(
        account=person.userid, name=person.name, known=describe(holder)
    )
    return f"{said}换了人用，请先运行 xiangyang members remove {person.userid}。"


def _unlinked(
    session: Session, person: Colleague, book: Counter[tuple[str, str]], root: Branch
) -> Member | None:
    """Find the one member of a name and mark without an account; None if unsure.

    A name without a mark may be that of anybody who has the name, but of those whom
    the address book has with their marks.
    """
    name, mark = person.marked
    found = session.scalars(
        select(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(
            Member.name == name,
            Member.account.is_(None),
            Member.state == "active",
            Branch.path.startswith(root.path),
        )
    ).all()
    exact = [each for each in found if each.mark == mark]
    unsure = [each for each in found if each.mark != mark and not book[name, each.mark]]
    return exact[0] if len(exact) == 1 and (mark or not unsure) else None


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
