"""The daily study reminder: one kind word, to those who may like to hear it."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.checkins import CheckIn
from bot.branch.greetings import Greeting
from bot.branch.members import Member
from bot.message import Text
from bot.outbox import Letter, People, Plan, Recipient, Window

REMINDER = (
    "早上好！今天也留一点时间学习吧。\n"
    "学完想记一笔，发“打卡 学了什么”就行。打卡自愿，只有您自己看得到。"
)
GOOD_FOR = timedelta(hours=4)
WEEK = timedelta(days=7)
# What the clock sends of itself; a notice or an answer is no interruption of ours.
AUTOMATIC = ("study", "reminder", "observance", "digest")


def remind(session: Session, due: datetime, now: datetime, weekly_budget: int) -> int:
    """Queue the reminder of a day, once; return to how many.

    Not to those who checked in or were greeted today, nor to those whose week is full.
    now: when it may go; to nobody if that is too late.
    """
    if now >= due + GOOD_FOR or weekly_budget < 1:
        return 0
    plan = Plan(
        key=f"study:{due.date().isoformat()}",
        kind="study",
        content=Text(REMINDER),
        window=Window(now, due + GOOD_FOR),
    )
    letter = outbox.put(session, plan, _people(now, weekly_budget), now=now)
    return letter.planned if letter else 0


def _people(now: datetime, weekly_budget: int) -> People:
    done = select(CheckIn.member_id).where(
        CheckIn.day == now.date(), CheckIn.undone_at.is_(None)
    )
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    greeted = select(Greeting.member_id).where(Greeting.at >= midnight)
    return (
        select(Member.id, Member.userid)
        .where(
            Member.state == "active",
            Member.userid.is_not(None),
            Member.id.not_in(done),
            Member.id.not_in(greeted),
            Member.id.not_in(_full_weeks(now, weekly_budget)),
        )
        .order_by(Member.id)
    )


def _full_weeks(now: datetime, weekly_budget: int) -> Select[int | None]:
    """Select who got as many automatic messages this week as the budget allows."""
    return (
        select(Recipient.member_id)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(
            Letter.kind.in_(AUTOMATIC),
            Letter.created_at > now - WEEK,
            Recipient.state != "refused",
            Recipient.member_id.is_not(None),
        )
        .group_by(Recipient.member_id)
        .having(func.count() >= weekly_budget)
    )
