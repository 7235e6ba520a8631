"""Who belongs to the branch, and what each may do where."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from functools import cached_property, lru_cache, partial
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, object_session

from bot.branch.people.tree import Branch, BranchKind, find_branch, home, plant
from bot.errors import Refusal
from bot.files.roster.marks import write_marked
from bot.outbox import ways
from bot.outbox.ways import NO_ACCOUNT
from bot.storage.database import Base, Id, insert_new, take_turn
from bot.storage.in_list import among
from bot.storage.invariants import proof
from bot.storage.prepared import Prepared, backend
from bot.text.accounts import RULE, is_account

ACCOUNT = re.compile(r"[a-z0-9][a-z0-9_.@-]*")


class Role(IntEnum):
    """Each may do what those before may, in a branch and all below it."""

    MEMBER = 1
    LEADER = 2
    COMMITTEE = 3
    SECRETARY = 4

    @property
    def title(self) -> str:
        return {1: "党员", 2: "党小组组长", 3: "支部委员", 4: "书记"}[self]


class Category(StrEnum):
    FULL = "正式党员"
    PROBATIONARY = "预备党员"
    CANDIDATE = "发展对象"
    ACTIVIST = "入党积极分子"


class Member(Base):
    """One person. account: the user id without case, by which WeCom's are compared.

    state: active, left, deceased, expelled or suspended; only the active are spoken to.
    joined_day: the month and day of joining as month*100+day, so that an index finds
    the political birthdays of a day. greeted: False for who asked not to be.
    plain: reads in the personal-WeChat plugin, where cards do not show (path/90236).
    mark: what the roster tells two people of one name apart by; no part of the name.
    """

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    userid: Mapped[str | None]
    account: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    mark: Mapped[str] = mapped_column(default="", server_default="")
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    category: Mapped[str | None]
    joined: Mapped[date | None]
    joined_day: Mapped[int | None]
    full_member_since: Mapped[date | None]
    position: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="active")
    greeted: Mapped[bool] = mapped_column(default=True)
    plain: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]

    __table_args__ = (Index("ix_member_joined_day", "joined_day", "state"),)

    @property
    def marked(self) -> str:
        """The name with its mark, as a roster has it."""
        return write_marked(self.name, self.mark)

    @hybrid_property
    def called(self) -> str:
        """Say whom others mean: with the mark where somebody else has the name."""
        session = object_session(self)
        if not self.mark or session is None:
            return self.name
        alone = session.scalar(select(_namesake(self.id, self.name))) is False
        return self.name if alone else self.marked

    @called.inplace.expression
    @classmethod
    def _called(cls) -> ColumnElement[str]:
        return _name_marked(cls)


@lru_cache(maxsize=16)  # it is in most questions, and dear to put together
def _name_marked(who: type[Member]) -> ColumnElement[str]:
    twin = _namesake(who.id, who.name)
    marked = who.name.concat("（").concat(who.mark).concat("）")
    return case((and_(who.mark != "", twin), marked), else_=who.name)


def _namesake(number: Any, name: Any) -> ColumnElement[bool]:
    """Tell whether another who is active has this name."""
    other = aliased(Member)
    return exists().where(
        other.name == name, other.id != number, other.state == "active"
    )


REACHABLE = ways.is_reachable(Member.userid, Member.id)
"""Match those to whom a letter can go, by whichever way."""


class Grant(Base):
    """A role that a member holds in a branch."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id", ondelete="CASCADE"))
    role: Mapped[int]

    __table_args__ = (UniqueConstraint("member_id", "branch_id", "role"),)


@dataclass(frozen=True)
class Standing:
    """The highest role of a member, and the branch that he or she holds it in.

    The branch is looked up when asked for: few messages need it.
    """

    role: Role
    find_branch: Callable[[], Branch]

    @cached_property
    def branch(self) -> Branch:
        return self.find_branch()

    @property
    def office(self) -> tuple[int, int | None]:
        """The role, and where it is held; a plain member's branch does not matter."""
        where = self.branch.id if self.role > Role.MEMBER else None
        return int(self.role), where

    def includes(self, role: int, branch_id: int | None) -> bool:
        """Tell whether what was held at an earlier time is held still."""
        return branch_id is None or (self.role >= role and self.branch.id == branch_id)


class Speaker(NamedTuple):
    """Whose message it is: no more than every answer needs."""

    id: int
    name: str


TABLE, GRANTS, BRANCHES = (
    Base.metadata.tables[name] for name in ("member", "role_grant", "branch")
)
WHO = (
    *(TABLE.c.id, TABLE.c.name, TABLE.c.branch_id),
    *(GRANTS.c.role, GRANTS.c.branch_id),
)
"""A member and the highest grant, which every message asks for."""
OF_WAY = and_(TABLE.c.id == ways.TABLE.c.member_id, TABLE.c.state == "active")
OF_ACCOUNT = and_(TABLE.c.account == bindparam("of_account"), TABLE.c.state == "active")
GRANTED = GRANTS.c.member_id == TABLE.c.id
HELD_IN = BRANCHES.c.id == GRANTS.c.branch_id
_HOLD = Prepared(
    select(TABLE.c.id)
    .where(among(TABLE.c.account, "accounts"), TABLE.c.state == "active")
    .with_for_update(key_share=True, skip_locked=True)
)
_HOLD_BY_WAY = Prepared(
    select(TABLE.c.id)
    .join(ways.TABLE, OF_WAY)
    .where(among(ways.TABLE.c.address, "addresses"))
    .with_for_update(key_share=True, skip_locked=True, of=TABLE)
)
HIGHEST_FIRST = (GRANTS.c.role.desc(), BRANCHES.c.path)
_WHOSE = (
    select(*WHO)
    .outerjoin_from(TABLE, GRANTS, GRANTED)
    .outerjoin(BRANCHES, HELD_IN)
    .order_by(*HIGHEST_FIRST)
    .limit(1)
)
_BY_ACCOUNT = Prepared(_WHOSE.where(OF_ACCOUNT))
_BY_NUMBER = Prepared(
    _WHOSE.where(TABLE.c.id == bindparam("of_number"), TABLE.c.state == "active")
)


def try_hold(
    session: Session, accounts: Sequence[str]
) -> Callable[[], Collection[int] | None]:
    """Hold the members of some accounts as `hold` does, but for those that others hold.

    Return what tells whom (by id); None of all, where one writes at a time.
    """
    if backend(session) != "postgresql":
        return lambda: None
    held = _HOLD.ask(session, accounts=accounts)
    return lambda: {number for (number,) in held()}


def try_hold_by_way(
    session: Session, addresses: Sequence[str]
) -> Callable[[], Collection[int] | None]:
    """Hold the members who have some addresses, as `try_hold` does."""
    if backend(session) != "postgresql":
        return lambda: None
    held = _HOLD_BY_WAY.ask(session, addresses=addresses)
    return lambda: {number for (number,) in held()}


def find(session: Session, account: str) -> Member | None:
    """Find an active member by WeCom user id, in any case."""
    known = recognise(session, account)
    return session.get_one(Member, known[0].id) if known else None


def recognise(session: Session, account: str) -> tuple[Speaker, Standing] | None:
    """Find an active member with the highest role held, in one look.

    account: or what `key_of` names a member by who has none.
    """
    if account.startswith(NO_ACCOUNT):
        number = account.removeprefix(NO_ACCOUNT)
        row = _BY_NUMBER.first(
            session, of_number=int(number) if number.isdecimal() else 0
        )
    else:
        row = _BY_ACCOUNT.first(session, of_account=account.casefold())
    return None if row is None else told_of(session, row)


def key_of(member: Member) -> str:
    """Name a member by the account, or by the number where there is none."""
    return member.userid or f"{NO_ACCOUNT}{member.id}"


def find_in_thread(session: Session, thread: str) -> Member | None:
    """Find the active member whose conversation it is."""
    channel, _, address = thread.partition(":")
    if channel == ways.PEOPLE:
        return find(session, address)
    known = ways.find_address(session, channel, address)
    member = session.get(Member, known.member_id) if known else None
    return member if member and member.state == "active" else None


def told_of(session: Session, row: Sequence[Any]) -> tuple[Speaker, Standing]:
    """Read a row of `WHO`."""
    member_id, name, branch_id, *held = row
    return Speaker(member_id, name), _standing(session, branch_id, *held)


def standing(session: Session, member: Member) -> Standing:
    """Tell a member's highest role; without a grant: member of the home branch."""
    held = session.execute(
        select(Grant.role, Grant.branch_id)
        .join(Branch, Branch.id == Grant.branch_id)
        .where(Grant.member_id == member.id)
        .order_by(Grant.role.desc(), Branch.path)
        .limit(1)
    ).first()
    return _standing(session, member.branch_id, *(held or (None, None)))


def _standing(
    session: Session, home_id: int, role: int | None, branch_id: int | None
) -> Standing:
    if role is None:
        return Standing(Role.MEMBER, partial(home, session, home_id))
    return Standing(Role(role), partial(session.get_one, Branch, branch_id))


def grant(session: Session, member: Member, role: Role, branch: Branch) -> bool:
    """Give a role in a branch; False if the member already holds it."""
    row = {"member_id": member.id, "branch_id": branch.id, "role": int(role)}
    return insert_new(session, Grant, row)


def roles(session: Session, member: Member) -> list[Role]:
    """List the roles that a member holds anywhere, highest first."""
    held = session.scalars(select(Grant.role).where(Grant.member_id == member.id))
    return [Role(each) for each in sorted(set(held), reverse=True)]


def holders(session: Session, member: Member, role: Role) -> list[tuple[str, str, str]]:
    """List who holds that role or a higher one over a member: branch, title, name."""
    node = session.get_one(Branch, member.branch_id)
    above = [int(part) for part in node.path.split("/") if part]
    rows = session.execute(
        select(Branch.name, Grant.role, Member.called)
        .join(Grant, Grant.branch_id == Branch.id)
        .join(Member, Member.id == Grant.member_id)
        .where(Branch.id.in_(above), Grant.role >= int(role), Member.state == "active")
        .order_by(Branch.path.desc(), Grant.role.desc(), Member.id)
    )
    return [(where, Role(held).title, name) for where, held, name in rows]


def secretaries(session: Session, branch: Branch) -> Sequence[Member]:
    """List the secretaries of a branch; where it has none, of the one above it."""
    above = [int(part) for part in branch.path.split("/") if part]
    rows = session.execute(
        select(Grant.branch_id, Member)
        .join(Member, Member.id == Grant.member_id)
        .where(
            Grant.branch_id.in_(above),
            Grant.role == int(Role.SECRETARY),
            Member.state == "active",
        )
        .order_by(Member.id)
    ).all()
    for node in reversed(above):
        if here := [member for branch_id, member in rows if branch_id == node]:
            return here
    return []


def add_member(
    session: Session, name: str, branch: Branch, now: datetime, mark: str = ""
) -> Member:
    member = Member(
        name=name, mark=mark, branch_id=branch.id, added_at=now, state="active"
    )
    session.add(member)
    session.flush()
    return member


def link(member: Member, userid: str) -> None:
    """Note under which WeCom user id the member writes. Raises Refusal for none."""
    if not is_account(userid):
        raise Refusal(f"“{userid}”不像企业微信账号：{RULE}。")
    member.userid, member.account = userid, userid.casefold()


def read_plainly(member: Member, *, plain: bool) -> None:
    """Note that a member reads where cards do not show, or does no longer."""
    member.plain = plain


def set_joined(member: Member, joined: date | None) -> None:
    member.joined = joined
    member.joined_day = joined.month * 100 + joined.day if joined else None


def everyone(session: Session) -> Sequence[Member]:
    return session.scalars(select(Member).order_by(Member.id)).all()


def are_named(session: Session, text: str) -> bool:
    """Whether a text holds anybody's name or account, also of who left.

    Looks through all members: not for a transaction that others wait for.
    """
    words = ACCOUNT.findall(text.casefold())
    whole = text + "\n" + "".join(text.split())  # 王 芳 is 王芳
    named = literal(whole).contains(TABLE.c.name) | TABLE.c.account.in_(words)
    return session.execute(select(TABLE.c.id).where(named).limit(1)).first() is not None


def ensure_root(session: Session, name: str) -> Branch:
    """Return the branch of that name; plant it if there is none."""
    if found := find_branch(session, name):
        return found
    take_roster(session)
    return find_branch(session, name) or plant(session, name)


def take_roster(session: Session) -> None:
    """Have whoever else would add people or branches wait until this work is over.

    Two who look for a person at the same moment would both find nobody, and add both.
    """
    take_turn(session, "roster", patient=True)


def ensure_secretaries(
    session: Session, userids: Sequence[str], branch: Branch, now: datetime
) -> None:
    """Give the secretary's role to the user ids that the settings name."""
    for userid in userids:
        known = select(Member).where(Member.account == userid.casefold())
        member = session.scalar(known)
        if member is None:
            take_roster(session)  # somebody may be importing just that one
            member = session.scalar(known)
        if member is None:
            member = add_member(session, userid, branch, now)
            link(member, userid)
        if member.state == "active":
            grant(session, member, Role.SECRETARY, branch)


def is_kept(session: Session) -> bool:
    """Whether anybody is known by more than the account that the settings name."""
    named = select(Member.id).where(
        Member.state == "active",
        or_(Member.account.is_(None), func.lower(Member.name) != Member.account),
    )
    return session.scalar(named.limit(1)) is not None


def unknown_accounts(session: Session, userids: Sequence[str]) -> list[str]:
    """List those that nobody has, or somebody known by nothing but the account."""
    wanted = [each.casefold() for each in userids]
    known = session.scalars(
        select(Member.account).where(
            Member.account.in_(wanted),
            Member.state == "active",
            func.lower(Member.name) != Member.account,
        )
    ).all()
    return [each for each in userids if each.casefold() not in known]


def party_branch(session: Session, member: Member) -> Branch:
    return home(session, member.branch_id)


def group_name(session: Session, member: Member) -> str | None:
    """Return the name of the member's party group, if there is one."""
    node = session.get_one(Branch, member.branch_id)
    return node.name if node.kind == BranchKind.GROUP else None


@proof("名册：账号与职务记得规范")
def regular(session: Session) -> Iterator[str]:
    for member in session.scalars(
        select(Member).where(
            or_(
                Member.account != func.lower(Member.userid),
                Member.account.is_(None) != Member.userid.is_(None),
            )
        )
    ):
        yield f"第 {member.id} 号党员的账号前后不一"
    named = select(Member).where(Member.userid.is_not(None)).order_by(Member.id)
    for member in session.scalars(named):
        if not is_account(member.userid or ""):
            yield f"第 {member.id} 号党员的账号“{member.userid}”不是一个人的账号"
    ranks = [int(role) for role in Role if role > Role.MEMBER]
    for number in session.scalars(select(Grant.id).where(Grant.role.not_in(ranks))):
        yield f"第 {number} 条授权的职务不存在"
