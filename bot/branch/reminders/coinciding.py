"""Two messages of one minute and matter are one.

A reminder of studying that goes in the minute of the morning's own word carries the
day's plan, and the word is not said to whom it reaches. A reminder that says at one
moment what another said reaches only whom the other did not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.branch.reminders.reminders import Reminder, letter_key
from bot.message import unpack
from bot.outbox import Letter, Recipient

STUDY = re.compile("学习|自学|读书|打卡")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Spoken:
    """A reminder of studying at a moment. people: the ids of whom it reaches."""

    branch: Branch
    people: Select[int | None]


def is_of_study(text: str) -> bool:
    return STUDY.search(text) is not None


def of_study(session: Session, moment: datetime) -> Iterator[Spoken]:
    """List the reminders of studying in the minute of a moment, gone or to come."""
    coming = select(Reminder).where(
        Reminder.next_due >= moment, Reminder.next_due < moment + MINUTE
    )
    for each in session.scalars(coming):
        if is_of_study(each.text):
            branch = session.get_one(Branch, each.branch_id)
            yield Spoken(branch, _people(session, each))
    gone = select(Letter.id, Letter.key, Letter.topic).where(
        Letter.kind == "reminder",
        Letter.created_at >= moment,
        Letter.topic.is_not(None),
    )
    for number, key, about in session.execute(gone).all():
        at = datetime.fromtimestamp(int(key.rpartition(":")[2]), moment.tzinfo)
        reminder = session.get(Reminder, int(str(about).rpartition(":")[2]))
        if not moment <= at < moment + MINUTE or reminder is None:
            continue
        if is_of_study(reminder.text):
            branch = session.get_one(Branch, reminder.branch_id)
            yield Spoken(branch, _reached((number,)))


def told_the_same(
    session: Session, reminder: Reminder, due: datetime, words: str
) -> Select[int | None]:
    """Select whom another of the branch told the same words of the same moment.

    The words name the branch; its letters are found by their keys, not by looking.
    """
    others = select(Reminder.id).where(
        Reminder.branch_id == reminder.branch_id,
        ~Reminder.own,
        Reminder.id != reminder.id,
    )
    keys = [letter_key(number, due) for number in session.scalars(others)]
    of_moment = select(Letter.id, Letter.body).where(Letter.key.in_(keys))
    rows = session.execute(of_moment).all()
    return _reached(
        [number for number, body in rows if getattr(unpack(body), "text", "") == words]
    )


def _people(session: Session, reminder: Reminder) -> Select[int | None]:
    if reminder.own:
        return select(Member.id).where(Member.id == reminder.author_id)
    people = select_people(session, Audience.unpack(reminder.audience))
    return people.with_only_columns(Member.id).order_by(None)


def _reached(letters: list[int] | tuple[int, ...]) -> Select[int | None]:
    return select(Recipient.member_id).where(
        Recipient.letter_id.in_(letters),
        Recipient.member_id.is_not(None),
        Recipient.state != "refused",
    )
