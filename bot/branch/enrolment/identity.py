"""Who a row of a roster is: never somebody else because an account or name fits.

WeCom gives the account of who left to somebody new, and two people have one name. What
one person wrote, asked and may do must not fall to another. A mark that differs (王伟1,
王伟2) is another person; one that is new or gone needs the account or the day to agree.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Self, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member, party_branch
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.files.roster.entry import Entry

ANOTHER = (
    "第 {row} 行：账号 {account} 在名册里是{known}，表里写的是{name}，不像同一个人。\n"
    "  账号换了人用：请管理员先运行 xiangyang members remove {account}"
    "（原来那位的记录留着，不归新人），再导入。\n"
    "  确实是同一个人：请管理员导入时加上 --same {account}。"
)
NEW_MARK = (
    "第 {row} 行：表里写的是{name}，名册里有{known}，是不是同一位说不准。"
    "请在表里写上账号或入党日期。"
)
OTHERS_DAY = (
    "第 {row} 行：表里写的是{name}，名册里是{known}，入党日期却是{other}的，"
    "说不准是哪一位。请在表里写上账号。"
)


@dataclass
class Known:
    """A roster on its way in. written: its names with their marks, how often each.

    marks: with how many marks a name is written, none being one.
    accounts: those that its rows have, without case.
    same: accounts, without case, of whom somebody vouches that the person is the same.
    named: the members whom its rows have named so far.
    """

    root: Branch
    written: Counter[tuple[str, str]] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    accounts: Collection[str] = ()
    same: Collection[str] = ()
    named: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, root: Branch, entries: Sequence[Entry], same: Collection[str]) -> Self:
        written = Counter((each.name, each.mark) for each in entries)
        return cls(
            root,
            written,
            Counter(name for name, _ in written),
            {each.userid.casefold() for each in entries if each.userid},
            {each.casefold() for each in same},
        )

    def is_named(self, member: Member) -> bool:
        """Tell whether a row names the member, or will by the account."""
        return member.id in self.named or member.account in self.accounts

    def repeats(self, entry: Entry) -> bool:
        return self.written[entry.name, entry.mark] > 1

    def has_namesakes(self, entry: Entry) -> bool:
        """Tell whether the roster has the name with another mark too."""
        return self.marks[entry.name] > 1


def recognise(
    session: Session, entry: Entry, known: Known, branch: Branch
) -> Member | None:
    """Find whom a row is about: by account, else by name; None for somebody new.

    Raises Refusal where that is not certain.
    """
    if entry.userid and (holder := by_account(session, entry.userid)):
        _check_holder(holder, entry, known)
        return holder
    every = _by_name(session, entry.name, known.root)
    row, namesakes = _Row(entry, known, branch, every), list(every)
    for narrow in NARROWINGS:
        namesakes = narrow(row, namesakes)
    if len(namesakes) > 1:
        raise Refusal(
            f"第 {entry.row} 行：名册里有 {len(namesakes)} 位“{entry.marked}”，"
            "分不清是哪一位，请在表里加一列“账号”。"
        )
    return namesakes[0] if namesakes else None


def _check_holder(holder: Member, entry: Entry, known: Known) -> None:
    """Raise Refusal where the row of an account seems to be of another person."""
    if holder.account not in known.same and not _is_same(holder, entry):
        raise Refusal(
            ANOTHER.format(
                row=entry.row,
                account=holder.userid,
                known=describe(holder),
                name=entry.marked,
            )
        )


def same_mark(session: Session, member: Member) -> bool:
    """Tell whether another of the branch has the same name and the same mark."""
    if member.state != "active":
        return False
    branch = party_branch(session, member)
    twins = having_mark(session, (member.name, member.mark), branch)
    return any(each.id != member.id for each in twins)


def having_mark(
    session: Session, marked: tuple[str, str], branch: Branch
) -> list[Member]:
    """List who is here under a name and mark; nobody where there is no mark."""
    name, mark = marked
    here = (Member.name == name, Member.mark == mark, Member.state == "active")
    found = session.scalars(select(Member).where(*here)) if mark else ()
    return [each for each in found if party_branch(session, each).id == branch.id]


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
    return f"{member.marked}（{said}）" if said else member.marked


def _is_same(holder: Member, entry: Entry) -> bool:
    """Tell whether the row of an account is its holder's.

    One of name and day may have been wrong before; of who is not here any more both
    must agree, for that is whose account is given to somebody else.
    """
    day = _of_one_day(holder, entry)
    differs = holder.joined is not None and entry.joined is not None and not day
    name = holder.name == entry.name
    if entry.mark and holder.mark != entry.mark:
        name = name and not holder.mark and not differs
    if holder.state == "active":
        return name or day or is_bare(holder)
    return name and not differs


def _of_one_day(member: Member, entry: Entry) -> bool:
    return member.joined is not None and member.joined == entry.joined


@dataclass(frozen=True)
class _Row:
    """A row that no account decides. every: all who have its name."""

    entry: Entry
    known: Known
    branch: Branch
    every: Sequence[Member]


Narrowing: TypeAlias = Callable[[_Row, list[Member]], list[Member]]


def _leave_unnamed(row: _Row, namesakes: list[Member]) -> list[Member]:
    """Leave whom no other row names."""
    return [each for each in namesakes if not row.known.is_named(each)]


def _leave_present(row: _Row, namesakes: list[Member]) -> list[Member]:
    """Leave who is here, or may be back."""
    return [each for each in namesakes if _may_be_back(each, row.entry)]


def _leave_fitting(row: _Row, namesakes: list[Member]) -> list[Member]:
    """Leave whom day or place fits, where the roster has the name twice."""
    if not row.known.repeats(row.entry):
        return namesakes
    return [each for each in namesakes if _fits(each, row.entry, row.branch)]


def _leave_without_account(row: _Row, namesakes: list[Member]) -> list[Member]:
    """Leave who had no account, where the row has a new one; else it is another."""
    if not row.entry.userid:
        return namesakes
    return [each for each in namesakes if each.account is None]


def _leave_of_mark(row: _Row, namesakes: list[Member]) -> list[Member]:
    """Leave those whom the row's mark, or its having none, may mean.

    Raises Refusal where the mark says one and the day another, or the mark is new.
    """
    entry, known = row.entry, row.known
    exact = [each for each in namesakes if each.mark == entry.mark]
    if not entry.mark and not known.has_namesakes(entry):
        return namesakes
    if exact:
        _ask_whose_day(exact, row.every, entry)
        return exact
    others = [
        each
        for each in namesakes
        if not (each.mark and entry.mark) and not known.written[each.name, each.mark]
    ]
    if same := [each for each in others if _of_one_day(each, entry)]:
        return same
    if unsure := [each for each in others if not (each.joined and entry.joined)]:
        raise Refusal(
            NEW_MARK.format(row=entry.row, name=entry.marked, known=describe(unsure[0]))
        )
    return []


def _leave_of_day(row: _Row, namesakes: list[Member]) -> list[Member]:
    """Leave those of that day, if any; a new account is of nobody of another day."""
    joined = row.entry.joined
    if not joined:
        return namesakes
    same = [each for each in namesakes if each.joined in (None, joined)]
    return same if row.entry.userid else same or namesakes


def _leave_of_place(row: _Row, namesakes: list[Member]) -> list[Member]:
    """Leave the one of several who is in the branch that the row names."""
    if len(namesakes) == 1 or not (row.entry.branch or row.entry.group):
        return namesakes
    here = [each for each in namesakes if each.branch_id == row.branch.id]
    return here if len(here) == 1 else namesakes


NARROWINGS: Sequence[Narrowing] = (
    _leave_unnamed,
    _leave_present,
    _leave_fitting,
    _leave_without_account,
    _leave_of_mark,
    _leave_of_day,
    _leave_of_place,
)
"""Who of a name may be meant: each leaves fewer, in this order."""


def _ask_whose_day(
    exact: Sequence[Member], every: Sequence[Member], entry: Entry
) -> None:
    """Raise Refusal where the day is not of whom the mark means, but of a namesake."""
    if not entry.joined or any(each.joined in (None, entry.joined) for each in exact):
        return
    for each in every:
        if _of_one_day(each, entry) and each.mark != entry.mark:
            said = OTHERS_DAY.format(
                row=entry.row,
                name=entry.marked,
                known=describe(exact[0]),
                other=describe(each),
            )
            raise Refusal(said)


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
