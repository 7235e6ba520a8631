"""The daily study reminder: one kind word, to those who may like to hear it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch import plans, study_leave
from bot.branch.checkins import CheckIn
from bot.branch.greetings import Greeting
from bot.branch.members import Member
from bot.branch.tree import Branch
from bot.message import Button, Card, Content, Text
from bot.outbox import Letter, People, Plan, Recipient, Window
from bot.proof import proof
from bot.workdays import is_workday

REMINDER = (
    "早上好！今天也留一点时间学习吧。\n"
    "学完想记一笔，发“打卡 学了什么”就行。打卡自愿，只有您自己看得到。"
)
VOLUNTARY = "打卡自愿，只有您自己看得到。"
KEY_CHARS = 80  # of the day's words that a button carries
GOOD_FOR = timedelta(hours=4)


def remind(session: Session, due: datetime, now: datetime) -> int:
    """Queue the reminder of a day, once; return to how many.

    Where the branch planned the day's study, it carries that; a branch that plans its
    weeks is left in peace on the other days, and all others on days of rest. Not to
    those who checked in, were greeted or are on leave; the outbox spares a full week.
    now: when it may go; to nobody if that is too late.
    """
    if now >= due + GOOD_FOR:
        return 0
    day, people = due.date(), _people(now)
    told = 0
    for planned, branch in plans.on(session, day):
        mine = people.where(Branch.path.startswith(branch.path))
        for plain in (False, True):
            form = "text" if plain else "card"
            key = f"study:{day}:{branch.id}:{form}"
            content = write(planned.text, branch, plain=plain)
            plan = _plan(key, content, now, due)
            told += _put(session, plan, mine.where(Member.plain.is_(plain)), now)
    if is_workday(day):
        monday = day - timedelta(days=day.weekday())
        for path in plans.planning(session, monday, monday + timedelta(days=6)):
            people = people.where(~Branch.path.startswith(path))
        told += _put(
            session, _plan(f"study:{day}", Text(REMINDER), now, due), people, now
        )
    return told


def write(words: str, branch: Branch, *, plain: bool) -> Content:
    """Write what is studied today, with a button to check in."""
    if plain:
        return Text(
            f"【今天学习】{words}\n学完想记一笔，回“打卡 {words[:20]}”。{VOLUNTARY}"
        )
    return Card(
        title="今天学习",
        text=f"{words}\n{VOLUNTARY}",
        source=branch.name,
        buttons=(Button("打卡", f"checkin:{words[:KEY_CHARS]}"),),
    )


def _plan(key: str, content: Content, now: datetime, due: datetime) -> Plan:
    return Plan(key, "study", content, Window(now, due + GOOD_FOR))


def _put(session: Session, plan: Plan, people: People, now: datetime) -> int:
    letter = outbox.put(session, plan, people, now=now)
    return letter.planned if letter else 0


def _people(now: datetime) -> People:
    done = select(CheckIn.member_id).where(
        CheckIn.day == now.date(), CheckIn.undone_at.is_(None)
    )
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    greeted = select(Greeting.member_id).where(Greeting.at >= midnight)
    return (
        select(Member.id, Member.userid)
        .join(Branch, Branch.id == Member.branch_id)
        .where(
            Member.state == "active",
            Member.userid.is_not(None),
            Member.id.not_in(done),
            Member.id.not_in(greeted),
            Member.id.not_in(study_leave.away_on(now.date())),
            Member.id.not_in(_told_since(midnight)),
        )
        .order_by(Member.id)
    )


def _told_since(midnight: datetime) -> Select[int | None]:
    """Select who has a reminder of today, from a nearer branch or an earlier run."""
    return (
        select(Recipient.member_id)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(
            Letter.kind == "study",
            Letter.created_at >= midnight,
            Recipient.member_id.is_not(None),
        )
    )


@proof("学习提醒：一人一天只有一份")
def once_a_day(session: Session) -> Iterator[str]:
    prefix = len("study:") + 1
    day = func.substr(Letter.key, prefix, len("2026-03-02")).label("day")
    told = (
        select(day, Recipient.member_id)
        .join(Recipient, Recipient.letter_id == Letter.id)
        .where(Letter.kind == "study", Recipient.member_id.is_not(None))
        .subquery()
    )
    twice = select(told.c.day, told.c.member_id).group_by(*told.c)
    for when, member in session.execute(twice.having(func.count() > 1)):
        yield f"{when} 给了 {member} 号党员不止一份"
