"""The roll of a branch as its secretary reads it: figures, offices, a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from bot.branch.people import audit
from bot.branch.people.members import Grant, Member, Role
from bot.branch.people.posts import read_posts
from bot.branch.people.send_file import make_book, send_book
from bot.branch.people.tree import Branch, BranchKind, home
from bot.cards.deferred import Drawn
from bot.errors import Refusal
from bot.files.xlsx import Sheet

HEADS = (
    "姓名",
    "企业微信账号",
    "所在党支部",
    "党小组",
    "人员类别",
    "入党日期",
    "转正日期",
    "党内职务",
)
MOST = 2000
UNKNOWN = "没有写类别"


@dataclass(frozen=True)
class Officer:
    """title: as the roster writes it, or that of the role held here."""

    where: str
    title: str
    name: str


def count_by_category(session: Session, branch: Branch) -> list[tuple[str, int]]:
    """Count the active people of a branch and all below it, most first."""
    rows = session.execute(
        select(Member.category, func.count())
        .join(Branch, Branch.id == Member.branch_id)
        .where(Branch.path.startswith(branch.path), Member.state == "active")
        .group_by(Member.category)
        .order_by(func.count().desc(), Member.category)
    )
    return [(category or UNKNOWN, number) for category, number in rows]


def joined_within(
    session: Session, branch: Branch, first: date, last: date
) -> Sequence[Member]:
    """List the active people of a branch who joined in these days, the first first."""
    return session.scalars(
        select(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(
            Branch.path.startswith(branch.path),
            Member.state == "active",
            Member.joined >= first,
            Member.joined <= last,
        )
        .order_by(Member.joined, Member.id)
    ).all()


def count_by_branch(session: Session, branch: Branch) -> list[tuple[str, int]]:
    """Count the active people of a branch itself and of each body right below it."""
    bodies = select(Branch).where(
        or_(Branch.id == branch.id, Branch.parent_id == branch.id)
    )
    counted = []
    for each in session.scalars(bodies.order_by(Branch.path)).all():
        own = each.id == branch.id
        there = Branch.id == each.id if own else Branch.path.startswith(each.path)
        number = session.scalar(
            select(func.count())
            .select_from(Member)
            .join(Branch, Branch.id == Member.branch_id)
            .where(there, Member.state == "active")
        )
        if number:
            counted.append((f"直属{each.name}" if own else each.name, number))
    return counted


def officers(session: Session, branch: Branch) -> list[Officer]:
    """List who holds office in a branch and its groups, by rank.

    An office that the roster writes (组织委员) says more than the role held here.
    """
    held = func.max(Grant.role)
    rows = session.execute(
        select(Branch, Member.position, Member.called, held)
        .select_from(Member)
        .join(Grant, Grant.member_id == Member.id)
        .join(Branch, Branch.id == Grant.branch_id)
        .where(Branch.path.startswith(branch.path), Member.state == "active")
        .group_by(Branch.id, Member.id)
        .order_by(held.desc(), Branch.path, Member.id)
    )
    return [
        Officer(where.name, _title(session, where, position or "", Role(role)), name)
        for where, position, name, role in rows
    ]


def send_roll(
    session: Session, branch: Branch, to: Member, made: Drawn, now: datetime
) -> str:
    """Send the roll of a branch as a file that may be imported again; return its name.

    Raises Refusal where there are too many for one answer.
    """
    found = session.execute(_active(branch).limit(MOST + 1)).all()
    if len(found) > MOST:
        raise Refusal(
            f"{branch.name}的名册超过 {MOST} 人，在这里导不出来；"
            "请管理员在服务器上导出。"
        )
    whose = [member.id for member, _ in found]
    audit.note(session, to, "members.export", now, subjects=whose)
    name = f"名册-{branch.name[:20]}-{now:%Y%m%d}.xlsx"
    book = make_book([_sheet(session, found)], made)
    return send_book(session, name, book, to, now)


def roll_sheet(session: Session, branch: Branch) -> Sheet:
    """Give the roll of a branch as a sheet that may be imported again."""
    return _sheet(session, session.execute(_active(branch)).all())


def _active(branch: Branch) -> Select[Member, Branch]:
    return (
        select(Member, Branch)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Branch.path.startswith(branch.path), Member.state == "active")
        .order_by(Branch.path, Member.id)
    )


def _sheet(session: Session, found: Sequence[Row[Member, Branch]]) -> Sheet:
    rows = [_row(member, home(session, node.id), node) for member, node in found]
    return Sheet("名册", HEADS, rows)


def _row(member: Member, branch: Branch, node: Branch) -> tuple[object, ...]:
    return (
        member.marked,
        member.userid,
        branch.name,
        node.name if node.kind == BranchKind.GROUP else None,
        member.category,
        member.joined,
        member.full_member_since,
        member.position,
    )


def _title(session: Session, where: Branch, position: str, role: Role) -> str:
    posts = read_posts(position, home(session, where.id), where)
    return position if role in (posts or ()) else role.title
