"""What stands in a member's calendar: her meetings, what is studied, her own birthday.

It holds nothing of others, and nothing that she did: whoever has the address sees it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.branch.birthdays import greetings
from bot.branch.meetings import attendees
from bot.branch.meetings.meetings import State
from bot.branch.people.members import Member
from bot.branch.study import plans
from bot.files.ics import Entry

BACK, AHEAD = timedelta(days=31), timedelta(days=120)
ONE_DAY = timedelta(days=1)


def entries_of(session: Session, member: Member, now: datetime) -> list[Entry]:
    """List a member's entries, from a month back on. now: as where the branch is."""
    return [
        *_meetings(session, member, now),
        *_study(session, member, now),
        *_birthday(session, member, now),
    ]


def _meetings(session: Session, member: Member, now: datetime) -> Iterator[Entry]:
    for each in attendees.called_since(session, member.id, now - BACK):
        yield Entry(
            key=f"meeting-{each.id}",
            title=each.title,
            starts=each.starts_at.astimezone(now.tzinfo),
            ends=each.ends.astimezone(now.tzinfo),
            place=each.place,
            cancelled=each.state == State.CANCELLED,
        )


def _study(session: Session, member: Member, now: datetime) -> Iterator[Entry]:
    today = now.date()
    planned = plans.of_member(session, member, today - BACK, today + AHEAD)
    for day, text in sorted(planned.items()):
        key = f"study-{day.isoformat()}-{member.id}"
        yield Entry(key, f"学习：{text}", day, day + ONE_DAY)


def _birthday(session: Session, member: Member, now: datetime) -> Iterator[Entry]:
    if not greetings.may_greet(member):
        return
    birthday = greetings.coming(session, member, now.date())
    key = f"birthday-{member.id}-{birthday.day.year}"
    title = f"政治生日（入党 {birthday.years} 周年）"
    yield Entry(key, title, birthday.day, birthday.day + ONE_DAY)
