"""Whom no greeting reaches because the roster does not say enough, and why."""

from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.branch.birthdays.greetings import GREETED
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch

MEND = (
    "请管理员在名册表格里补上（人员类别写“正式党员”或“预备党员”，入党时间写年月日），"
    "再导入一次。"
)


class Ungreeted(NamedTuple):
    """How many active people of a branch the roster says too little of."""

    without_category: int
    without_joined: int


def count(session: Session, branch: Branch) -> Ungreeted:
    """Count them in a branch and all below; who is no party member yet is not meant."""
    unknown = Member.category.is_(None)
    undated = Member.joined.is_(None) & or_(unknown, Member.category.in_(GREETED))
    found = session.execute(
        select(func.count().filter(unknown), func.count().filter(undated))
        .select_from(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Branch.path.startswith(branch.path), Member.state == "active")
    ).one()
    return Ungreeted(*found)


def say(counted: Ungreeted) -> str:
    """Say how many and what it means; "" if there are none."""
    lacks = [
        f"{number} 人没有写{what}"
        for number, what in zip(counted, ("人员类别", "入党时间"), strict=True)
        if number
    ]
    if not lacks:
        return ""
    told = "，".join(lacks)
    return f"名册里有 {told}，政治生日的祝福、贺卡和寄语送不到他们。{MEND}"


def why_not(member: Member) -> str:
    """Say what the roster lacks of a member for a greeting; "" if that is not why."""
    if member.category is None:
        what = f"没有写{member.called}的人员类别"
    elif member.joined is None and member.category in GREETED:
        what = f"没有{member.called}的入党日期"
    else:
        return ""
    return f"名册里{what}，政治生日祝福和寄语送不了。{MEND}"
