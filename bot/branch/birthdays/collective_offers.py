"""The offer of a collective political birthday, as often as the secretary wants it."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.birthdays import card_looks, greetings
from bot.branch.birthdays.card_looks import Look
from bot.branch.birthdays.collectives import Span
from bot.branch.birthdays.greetings import Birthday
from bot.branch.people import members
from bot.branch.people.tree import Branch
from bot.calendar.say import say_people, say_quarter
from bot.message import Text
from bot.outbox import Plan, Window

FEWEST = 2
GOOD_FOR = timedelta(days=5)
MONTHS = "一二三四五六七八九十"
QUARTER = 3


def month_of(day: date) -> Span:
    words = "十" if day.month > len(MONTHS) else ""
    words += MONTHS[(day.month - 1) % len(MONTHS)]
    return Span(day.replace(day=1), 1, f"{words}月")


def quarter_of(day: date) -> Span:
    number = (day.month - 1) // QUARTER
    first = date(day.year, number * QUARTER + 1, 1)
    return Span(first, QUARTER, say_quarter(number + 1))


def span_of(look: Look, day: date) -> Span:
    """Return the month or the quarter of a day, as the branch keeps them."""
    return month_of(day) if look.collective == "month" else quarter_of(day)


def offer(session: Session, first: date, now: datetime, at: datetime) -> int:
    """Offer the secretary of every branch the span that begins; return how many.

    Where fewer than two have a birthday, or the branch wants no offers, none is made.
    """
    sent = 0
    for branch_id, birthdays in sorted(_quarter(session, first).items()):
        look = card_looks.look(session, branch_id)
        span = span_of(look, first)
        mine = [each for each in birthdays if span.first <= each.day <= span.last]
        if look.collective == "off" or span.first != first or len(mine) < FEWEST:
            continue
        branch = session.get_one(Branch, branch_id)
        for secretary in members.secretaries(session, branch):
            plan = Plan(
                key=f"collective_birthday:{branch_id}:{secretary.id}:{first}:{span.months}",
                kind="collective_birthday",
                content=Text(_say(span, mine)),
                window=Window(at, at + GOOD_FOR),
            )
            who = secretary.userid, secretary.id
            sent += outbox.put_to(session, plan, *who, now=now)
    return sent


def _quarter(session: Session, first: date) -> dict[int, list[Birthday]]:
    """List the birthdays of the three months from a day, by branch."""
    found: dict[int, list[Birthday]] = {}
    for each in greetings.on(session, first, quarter_of(first).last):
        found.setdefault(each.branch_id, []).append(each)
    return found


def _say(span: Span, birthdays: list[Birthday]) -> str:
    names = "、".join(each.called for each in birthdays[:12])
    return (
        f"{span.words}有{say_people(len(birthdays))}过政治生日：{names}。\n"
        f"想一起过，说“办{span.words}集体政治生日会”和时间地点，"
        "名单、议程、贺卡和通知我一次备好，您看过再发。"
        "不想收到这个提醒，说“集体政治生日 不提醒”。"
    )
