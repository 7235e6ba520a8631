"""The daily study reminder: one kind word, to those who may like to hear it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.birthdays.greetings import Greeting
from bot.branch.people.members import REACHABLE, Member
from bot.branch.people.tree import Branch
from bot.branch.reminders import coinciding
from bot.branch.reminders.coinciding import Spoken
from bot.branch.study import leave, plans
from bot.branch.study.checkins import CheckIn
from bot.calendar.workdays import is_workday
from bot.message import Button, Card, Content, Text
from bot.outbox import Letter, People, Plan, Recipient, Window
from bot.storage.invariants import proof

# Taken in turn, so that no word comes twice within two weeks of working days.
GREETINGS = (
    "早上好！今天也留一点时间学习吧。",
    "新的一天，挑一篇想读的，慢慢读。",
    "早！哪怕只读两页，也是今天的收获。",
    "早上好！上回读到哪儿了？今天接着往下看。",
    "忙里偷闲读一会儿，心里会静一些。",
    "早安！今天不妨听一段党史故事。",
    "早上好！学一点，想一点，用一点。",
    "今天有空的话，翻翻手边那本书吧。",
    "早！课间、路上，都能听一小段。",
    "早上好！读到一句好话，记下来，晚上再看看。",
    "新的一天，先把自己照顾好，再学点新东西。",
)
ASIDES = (
    "学完想记一笔，发“打卡 学了什么”就行。",
    "想留个记录，发“打卡 学了什么”。",
    "学了什么想记下来，发“打卡”加一句话就好。",
)
VOLUNTARY = "打卡自愿，只有您自己看得到。"
KEY_CHARS = 80  # of the day's words that a button carries
GOOD_FOR = timedelta(hours=4)
# What is planned is told on its day, in the evening's digest if the week is full.
PLAN_GOOD_FOR = timedelta(hours=12)
GREETING_LEAVES = 2  # room for a lesson or a birthday


def remind(session: Session, due: datetime, now: datetime) -> int:
    """Queue the reminder of a day, once; return to how many.

    Where the branch planned the day's study, it carries that; a branch that plans its
    weeks is left in peace on the other days, and all others on days of rest. Not to
    those who checked in, were greeted or are on leave, nor to whom a reminder says it
    in the same minute; the outbox spares a full week.
    now: when it may go; to nobody if that is too late.
    """
    if now >= due + GOOD_FOR:
        return 0
    spoken = list(coinciding.of_study(session, due))
    told = _tell_plans(session, due, now, spoken)
    return told + (_greet(session, due, now, spoken) if is_workday(due.date()) else 0)


def _tell_plans(
    session: Session, due: datetime, now: datetime, spoken: Sequence[Spoken]
) -> int:
    """Tell each branch what it planned; a reminder of it says it instead."""
    day, told = due.date(), 0
    for planned, branch in plans.on(session, day):
        mine = _people(now).where(Branch.path.startswith(branch.path))
        for each in spoken:
            theirs = plans.of_place(session, each.branch, day, day)
            if theirs.get(day) == planned.text:
                mine = mine.where(Member.id.not_in(each.people))
        for plain in (False, True):
            form = "text" if plain else "card"
            key = f"study:{day}:{branch.id}:{form}"
            content = write(planned.text, branch, plain=plain)
            plan = Plan(key, "study", content, Window(now, due + PLAN_GOOD_FOR))
            told += _put(session, plan, mine.where(Member.plain.is_(plain)), now)
    return told


def _greet(
    session: Session, due: datetime, now: datetime, spoken: Sequence[Spoken]
) -> int:
    """Say a kind word to those whose branch plans nothing that week."""
    day, people = due.date(), _people(now)
    monday = day - timedelta(days=day.weekday())
    for path in plans.planning(session, monday, monday + timedelta(days=6)):
        people = people.where(~Branch.path.startswith(path))
    for each in spoken:
        people = people.where(Member.id.not_in(each.people))
    plan = Plan(
        key=f"study:{day}",
        kind="study",
        content=Text(greet(day)),
        window=Window(now, due + GOOD_FOR),
        leaves=GREETING_LEAVES,
    )
    return _put(session, plan, people, now)


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


def greet(day: date) -> str:
    """Write the kind word of a day on which nothing is planned: another every day."""
    number = day.toordinal()
    greeting, aside = GREETINGS[number % len(GREETINGS)], ASIDES[number % len(ASIDES)]
    return f"{greeting}\n{aside}{VOLUNTARY}"


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
            REACHABLE,
            Member.id.not_in(done),
            Member.id.not_in(greeted),
            Member.id.not_in(leave.away_on(now.date())),
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
