"""Roles that a roster gives and takes: what it says is held is held, and no more.

A roster speaks of a member's own branch only. Who leaves it, or the roll, keeps nothing
there; what is held elsewhere (a general branch above) stays.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.people.members import Grant, Member, Role, ensure_root, grant
from bot.branch.people.posts import NUMBERED, leads, new_group, read_posts
from bot.branch.people.tree import Branch, BranchKind, home
from bot.config import settings as config
from bot.files.roster.entry import Entry


@dataclass(frozen=True)
class Settings:
    """Whom the settings make secretaries, and of which branch: no roster unmakes them.

    accounts: without case.
    """

    branch: Branch
    accounts: Collection[str] = ()

    def holds(self, member: Member, held: Grant) -> bool:
        return (
            member.account in self.accounts
            and held.role == Role.SECRETARY
            and held.branch_id == self.branch.id
        )


def settings_of(session: Session, branch: config.Branch) -> Settings:
    """Say whom the settings make secretaries."""
    accounts = {each.casefold() for each in branch.secretaries}
    return Settings(ensure_root(session, branch.name), accounts)


@dataclass
class Settled:
    """What became of roles. asked: posts that gave none, by their words: whose."""

    granted: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    asked: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def ask(self, post: str, why: str, name: str) -> None:
        self.asked.setdefault((post, why), []).append(name)

    @property
    def questions(self) -> list[str]:
        return [
            f"职务“{post}”（{_some(names)}）没有给权限：{why}"
            for (post, why), names in self.asked.items()
        ]


MOST_NAMES = 5
NO_WHOLE_POST = (
    "不是本支部的党内职务。如果现任本支部职务，请在表里只写“书记”“副书记”“组织委员”"
    "这样的名称，再导入一次；不是就不用管。"
)
NO_GROUP = "没有写是哪个党小组的组长。请在“党小组”一列写上，再导入一次。"
NOT_THERE = (
    "名册里没有这个党小组。请在“党小组”一列给组里的每个人写上，再导入一次；"
    "不是党小组的组长就不用管。"
)
ELSEWHERE = "这一行没有写党支部，名册里记在{branch}。请写上党支部，再导入一次。"
BY_SETTINGS = (
    "{name} 仍是{branch}书记：设置文件 [branch] 的 secretaries 里写着。"
    "不再担任的，请管理员先从那里去掉，再导入一次。"
)


def settle(  # noqa: PLR0913  # a row, whose it is, and where
    session: Session,
    member: Member,
    entry: Entry,
    before: Branch | None,
    settings: Settings,
    root: Branch,
    told: Settled,
) -> None:
    """Bring a member's roles to what an entry says, and tell what was done.

    before: the node that the member was in, if she was known. root: the branch whose
    roster it is; it says nothing of who belongs elsewhere.
    """
    node = session.get_one(Branch, member.branch_id)
    if member.state == "active" and not node.path.startswith(root.path):
        if entry.position:
            where = home(session, node.id).name
            told.ask(entry.position, ELSEWHERE.format(branch=where), member.marked)
        return
    wanted = _wanted(session, member, entry, node, told)
    for held in _doubtful(session, member, entry, before):
        if (Role(held.role), held.branch_id) in wanted:
            continue
        if member.state == "active" and settings.holds(member, held):
            branch = settings.branch.name
            told.kept.append(BY_SETTINGS.format(name=member.marked, branch=branch))
            continue
        told.revoked.append(_say(session, member, held.role, held.branch_id))
        session.delete(held)
    session.flush()
    for role, branch_id in sorted(wanted):
        if grant(session, member, role, session.get_one(Branch, branch_id)):
            told.granted.append(_say(session, member, role, branch_id))


def revoke_all(session: Session, member: Member) -> list[str]:
    """Take every role that a member holds anywhere; return them in words."""
    said = [f"{member.marked}：{each}" for each in held(session, member)]
    for each in grants_of(session, member):
        session.delete(each)
    session.flush()
    return said


def held(session: Session, member: Member) -> list[str]:
    """List every role that a member holds anywhere, in words."""
    return [
        _title(session, each.role, each.branch_id)
        for each in grants_of(session, member)
    ]


def outlasts(session: Session, member: Member, post: str, before: Branch) -> bool:
    """Tell whether a post that was written is one of where the member is now."""
    node = session.get_one(Branch, member.branch_id)
    if home(session, node.id).id != home(session, before.id).id:
        return False
    posts = read_posts(post, home(session, node.id), before)
    return before.id == node.id or Role.LEADER not in (posts or ())


def group_led(session: Session, post: str, branch: Branch) -> str:
    """Name the group of a branch that a post says its holder leads; "" for none.

    One that is not there yet is told only where it is named in full: 第二党小组.
    """
    within = select(Branch).where(Branch.path.startswith(branch.path))
    for each in session.scalars(within.order_by(Branch.id)):
        if home(session, each.id).id == branch.id and leads(post, branch, each):
            return each.name
    return new_group(post, branch)


def _wanted(
    session: Session,
    member: Member,
    entry: Entry,
    node: Branch,
    told: Settled,
) -> set[tuple[Role, int]]:
    """Tell what the entry's post stands for, and where; ask where that is not sure."""
    if not entry.position or member.state != "active":
        return set()
    branch = home(session, node.id)
    roles = read_posts(entry.position, branch, node)
    if roles is None:
        told.ask(entry.position, _why(entry.position, branch, node), member.marked)
        return set()
    return {(each, (node if each == Role.LEADER else branch).id) for each in roles}


def _why(post: str, branch: Branch, node: Branch) -> str:
    """Tell what a post lacks: which group, that there is it, or all of a post."""
    number = NUMBERED.match(post)
    group = Branch(name=number[0] if number else "", kind=BranchKind.GROUP)
    if node.kind == BranchKind.GROUP or read_posts(post, branch, group) is None:
        return NO_WHOLE_POST
    return NOT_THERE if leads(post, branch, group) and number else NO_GROUP


def _doubtful(
    session: Session, member: Member, entry: Entry, before: Branch | None
) -> list[Grant]:
    """List the grants of which the entry says something."""
    held = grants_of(session, member)
    if member.state != "active":
        return held
    now = home(session, member.branch_id)
    homes = {now.id} if entry.position is not None else set[int]()
    groups = set[int]()
    if before is not None and home(session, before.id).id != now.id:
        homes.add(home(session, before.id).id)
    elif before is not None and before.id not in (member.branch_id, now.id):
        groups.add(before.id)  # from one group of the branch into another
    return [
        each
        for each in held
        if home(session, each.branch_id).id in homes or each.branch_id in groups
    ]


def grants_of(session: Session, member: Member) -> list[Grant]:
    held = select(Grant).where(Grant.member_id == member.id)
    return list(session.scalars(held.order_by(Grant.role.desc(), Grant.id)))


def _say(session: Session, member: Member, role: int, branch_id: int) -> str:
    return f"{member.marked}：{_title(session, role, branch_id)}"


def _title(session: Session, role: int, branch_id: int) -> str:
    return f"{Role(role).title}（{session.get_one(Branch, branch_id).name}）"


def _some(names: list[str]) -> str:
    more = f" 等 {len(names)} 人" if len(names) > MOST_NAMES else ""
    return "、".join(names[:MOST_NAMES]) + more
