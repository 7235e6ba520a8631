"""Who a row of a roster is: never somebody else because an account or name fits.

WeCom gives the account of who left to somebody new, and two people have one name. What
one person wrote, asked and may do must not fall to another.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.members import Member
from bot.branch.tree import Branch
from bot.errors import Refusal
from bot.roster.entry import Entry

ANOTHER = (
    "第 {row} 行：账号 {account} 在名册里是{known}，表里写的是{name}，不像同一个人。\n"
    "  账号换了人用：请管理员先运行 xiangyang members remove {account}"
    "（原来那位的记录留着，不归新人），再导入。\n"
    "  确实是同一个人：请管理员导入时加上 --same {account}。"
)


@dataclass
class Known:
    """A roster on its way in. repeated: names that it has more than once.

    same: accounts, without case, of whom somebody vouches that the person is the same.
    named: the members whom its rows have named so far.
    """

    root: Branch
    repeated: Collection[str] = ()
    same: Collection[str] = ()
    named: set[int] = field(default_factory=set)


def recognise(
    session: Session, entry: Entry, known: Known, branch: Branch
) -> Member | None:
    """Find whom a row is about: by account, else by name; None for somebody new.

    Raises Refusal where that is not certain.
    """
    if entry.userid and (holder := by_account(session, entry.userid)):
        if holder.account not in known.same and not _is_same(holder, entry):
            raise Refusal(
                ANOTHER.format(
                    row=entry.row,
                    account=holder.userid,
                    known=describe(holder),
                    name=entry.name,
                )
            )
        return holder
    namesakes = _by_name(session, entry.name, known.root)
    namesakes = [each for each in namesakes if each.id not in known.named]
    namesakes = [each for each in namesakes if _may_be_back(each, entry)]
    if entry.name in known.repeated:
        namesakes = [each for each in namesakes if _fits(each, entry, branch)]
    if entry.userid:  # a new account: of somebody who had none, or of somebody new
        namesakes = [each for each in namesakes if each.account is None]
    if entry.joined:
        same = [each for each in namesakes if each.joined in (None, entry.joined)]
        namesakes = same or namesakes if not entry.userid else same
    if len(namesakes) > 1 and (entry.branch or entry.group):
        here = [each for each in namesakes if each.branch_id == branch.id]
        namesakes = here if len(here) == 1 else namesakes
    if len(namesakes) > 1:
        raise Refusal(
            f"第 {entry.row} 行：名册里有 {len(namesakes)} 位“{entry.name}”，"
            "分不清是哪一位，请在表里加一列“账号”。"
        )
    return namesakes[0] if namesakes else None


def by_account(session: Session, userid: str) -> Member | None:
    return session.scalar(select(Member).where(Member.account == userid.casefold()))


def is_bare(member: Member) -> bool:
    """Tell whether nothing is known of a member but the account."""
    return member.account is not None and member.name.casefold() == member.account


def describe(member: Member) -> str:
    """Name a member so that another of the account is told from him or her."""
    joined = [f"{member.joined} 入党"] if member.joined else []
    gone = ["已不在册"] if member.state != "active" else []
    said = "，".join([*joined, *gone])
    return f"{member.name}（{said}）" if said else member.name


def _is_same(holder: Member, entry: Entry) -> bool:
    """Tell whether the row of an account is its holder's.

    One of name and day may have been wrong before; of who is not here any more both
    must agree, for that is whose account is given to somebody else.
    """
    name = holder.name == entry.name
    day = holder.joined is not None and holder.joined == entry.joined
    if holder.state == "active":
        return name or day or is_bare(holder)
    differs = holder.joined and entry.joined and not day
    return name and not differs


def _may_be_back(member: Member, entry: Entry) -> bool:
    """Tell whether a row may be about this namesake, who may have left.

    A name alone brings nobody back, and gives nobody's account to who left.
    """
    if member.state == "active" or entry.state not in (None, "active"):
        return True
    if member.joined is not None and member.joined == entry.joined:
        return True
    return entry.userid is None and entry.state is None


def _fits(member: Member, entry: Entry, branch: Branch) -> bool:
    """Tell whether a row may be this namesake: by day, else by place."""
    if entry.joined and member.joined:
        return member.joined == entry.joined
    return member.branch_id == branch.id


def _by_name(session: Session, name: str, root: Branch) -> Sequence[Member]:
    return session.scalars(
        select(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Member.name == name, Branch.path.startswith(root.path))
    ).all()
