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
PROBATION = "probation"
TO_HERSELF = {
    PROBATION: (
        "{name}同志，您的预备期到{day}满。"
        "请在满前向支部递交书面转正申请；还差哪几份材料，问我“我还差哪几份材料”。"
    ),
    lapses.KIND: (
        "{name}同志，党费台账里近几个月没有您的记录。没记不等于没交："
        "交过了就跟我说一声，例：我交了3月党费42元；有难处可以跟支部书记说。"
    ),
}
"""By the kind of a deadline: what is told to whoever it is of."""


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
            text = describe(list(new.values()), branch, today)
            _put(session, f"{secretary.id}:{next(iter(new))}", text, secretary, now, at)
        for each in near:
            if each.kind != lapses.KIND or tell_debtors:
                _tell_whose(session, each, now, at)


def _tell_whose(session: Session, each: Deadline, now: datetime, at: datetime) -> None:
    """Tell somebody once, and alone, of what comes near and is her own to see to."""
    member = session.get(Member, each.member_id) if each.member_id else None
    words = TO_HERSELF.get(each.kind)
    is_over = each.kind == PROBATION and each.day < now.date()
    if member is None or words is None or is_over:
        return
    key = f"own:{each.key}"
    if milestones.warn_once(session, key, member, now):
        text = words.format(name=member.name, day=say_date(each.day))
        _put(session, key, text, member, now, at)


def _put(  # noqa: PLR0913  # which letter with which words to whom, and when
    session: Session, key: str, text: str, to: Member, now: datetime, at: datetime
) -> None:
    plan = Plan(
        key=f"deadline:{key}",
        kind="deadline",
        content=Text(text),
        window=Window(at, at + GOOD_FOR),
    )
    outbox.put_to(session, plan, to.userid, to.id, now=now)


def describe(near: Sequence[Deadline], branch: Branch, today: date) -> str:
    lines = list(deadlines.say(near[:MOST_SHOWN], today))
    if (more := len(near) - MOST_SHOWN) > 0:
        lines.append(f"……还有 {more} 项，发“近期到期”看全部。")
    return "\n".join([f"【期限提醒】{branch.name}", *lines])
