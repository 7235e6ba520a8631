"""Deadlines that come near, told to the secretary: each stage once, in one letter."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.duties import deadlines, lapses, milestones
from bot.branch.duties.deadlines import Deadline
from bot.branch.people import members
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.say import say_date
from bot.message import Text
from bot.outbox import Plan, Window

GOOD_FOR = timedelta(days=5)
MOST_SHOWN = 6


def due(session: Session, today: date) -> dict[int, list[Deadline]]:
    """List by branch the deadlines of which a stage has come."""
    found: dict[int, list[Deadline]] = {}
    every = deadlines.survey(session, today).deadlines
    for each in (*every, *lapses.find_lapses(session, today)):
        if each.stage(today) is not None:
            found.setdefault(each.branch_id, []).append(each)
    return found


def warn(
    session: Session, now: datetime, at: datetime, *, tell_debtors: bool = False
) -> None:
    """Tell the secretaries what is new to them.

    Of several stages missed during an outage only the latest is told. tell_debtors:
    whether who has no dues in the book is told so, alone.
    """
    today = now.date()
    for branch_id, near in sorted(due(session, today).items()):
        branch = session.get_one(Branch, branch_id)
        for secretary in members.secretaries(session, branch):
            keys = {f"{each.key}:{each.stage(today)}": each for each in near}
            new = {
                key: each
                for key, each in keys.items()
                if milestones.warn_once(session, key, secretary, now)
            }
            if not new:
                continue
            plan = Plan(
                key=f"deadline:{secretary.id}:{next(iter(new))}",
                kind="deadline",
                content=Text(describe(list(new.values()), branch, today)),
                window=Window(at, at + GOOD_FOR),
            )
            who = secretary.userid, secretary.id
            outbox.put_to(session, plan, *who, now=now)
        for each in near:
            _tell_whose(session, each, now, at)
            if tell_debtors and each.kind == lapses.KIND:
                _tell_debtor(session, each, now, at)


def _tell_whose(session: Session, each: Deadline, now: datetime, at: datetime) -> None:
    """Tell somebody ahead that her own term ends, and what she is to write."""
    member = session.get(Member, each.member_id) if each.member_id else None
    if each.kind != "probation" or member is None or each.day < now.date():
        return
    if not milestones.warn_once(session, f"own:{each.key}", member, now):
        return
    text = (
        f"{member.name}同志，您的预备期到{say_date(each.day)}满。"
        "请在满前向支部递交书面转正申请；还差哪几份材料，问我“我还差哪几份材料”。"
    )
    plan = Plan(
        key=f"deadline:own:{each.key}",
        kind="deadline",
        content=Text(text),
        window=Window(at, at + GOOD_FOR),
    )
    outbox.put_to(session, plan, member.userid, member.id, now=now)


def _tell_debtor(session: Session, each: Deadline, now: datetime, at: datetime) -> None:
    """Tell somebody, quietly and once, that the book has no dues of late."""
    member = session.get(Member, each.member_id)
    if member is None or not milestones.warn_once(
        session, f"own:{each.key}", member, now
    ):
        return
    text = (
        f"{member.name}同志，党费台账里近几个月没有您的记录。没记不等于没交："
        "交过了就跟我说一声，例：我交了3月党费42元；有难处可以跟支部书记说。"
    )
    plan = Plan(
        key=f"deadline:own:{each.key}",
        kind="deadline",
        content=Text(text),
        window=Window(at, at + GOOD_FOR),
    )
    outbox.put_to(session, plan, member.userid, member.id, now=now)


def describe(near: Sequence[Deadline], branch: Branch, today: date) -> str:
    lines = list(deadlines.say(near[:MOST_SHOWN], today))
    if (more := len(near) - MOST_SHOWN) > 0:
        lines.append(f"……还有 {more} 项，发“近期到期”看全部。")
    return "\n".join([f"【期限提醒】{branch.name}", *lines])
