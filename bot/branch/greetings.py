"""Political birthdays: whose is due, what is said, never twice and never to some.

The day is the anniversary of joining the Party (domain of `bot.partyage`). One that was
missed during an outage is made up for within a week, once, and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import attachments, outbox
from bot.branch.members import Category, Member, party_branch
from bot.branch.tree import Branch
from bot.cards.birthday import BirthdayCard, draw_birthday_card
from bot.errors import Refusal
from bot.message import Picture, Text
from bot.outbox import Plan, Window
from bot.partyage import anniversary, party_age
from bot.storage import Base, insert_new

MADE_UP_FOR = timedelta(days=7)
ONE_DAY = timedelta(days=1)
GREETED = (Category.FULL, Category.PROBATIONARY)


class Greeting(Base):
    """That a member was greeted for the political birthday of a year."""

    __tablename__ = "greeting"

    member_id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


@dataclass(frozen=True)
class Birthday:
    """A political birthday to be greeted. years: since joining."""

    member_id: int
    userid: str | None
    name: str
    joined: date
    day: date
    years: int
    party_age: int | None
    branch: str


def due(session: Session, now: datetime) -> list[Birthday]:
    """List the birthdays of today and the week before that nobody was greeted for.

    Not those of members who were added after the day. now: local time.
    """
    found: list[Birthday] = []
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + ONE_DAY
    for back in range(MADE_UP_FOR.days + 1):
        day = now.date() - back * ONE_DAY
        greeted = select(Greeting.member_id).where(
            Greeting.member_id == Member.id, Greeting.year == day.year
        )
        known = Member.added_at < tomorrow - back * ONE_DAY
        rows = _celebrating(day).where(~greeted.exists(), known)
        found += _birthdays(session, rows, day)
    return found


def on(session: Session, day: date) -> list[Birthday]:
    """List the political birthdays of a day.

    Never the dead, the transferred, the expelled, or who asked not to be greeted.
    """
    return _birthdays(session, _celebrating(day), day)


def coming(session: Session, member: Member, today: date) -> Birthday:
    """Tell a member's next political birthday, today's included.

    Raises Refusal if the joining date is not on file.
    """
    if member.joined is None:
        raise Refusal(f"名册里没有{member.name}的入党日期。")
    day = anniversary(member.joined, today.year)
    if day < today:
        day = anniversary(member.joined, today.year + 1)
    return _birthday(session, member, day)


def of_month(session: Session, branch: Branch, month: date) -> Sequence[Member]:
    """List a branch's members whose political birthday lies in a month, by day."""
    return session.scalars(
        select(Member)
        .join(Branch, Branch.id == Member.branch_id)
        .where(
            Branch.path.startswith(branch.path),
            Member.state == "active",
            Member.joined_day.between(month.month * 100, month.month * 100 + 99),
        )
        .order_by(Member.joined_day, Member.id)
    ).all()


def draw(birthday: Birthday) -> bytes | None:
    """Draw the card (PNG); None if the name cannot be printed."""
    card = BirthdayCard(
        name=birthday.name,
        joined=birthday.joined,
        years=birthday.years,
        party_age=birthday.party_age,
        branch=birthday.branch,
    )
    try:
        return draw_birthday_card(card)
    except Refusal:
        return None


def greet(
    session: Session,
    birthday: Birthday,
    picture: bytes | None,
    now: datetime,
    at: datetime | None = None,
) -> bool:
    """Queue the greeting and its card; False if it was queued before.

    at: when it may go, if not now.
    """
    at = at or now
    row = {"member_id": birthday.member_id, "year": birthday.day.year, "at": now}
    if not insert_new(session, Greeting, row):
        return False
    key = f"birthday:{birthday.day.year}:{birthday.member_id}"
    window = Window(at, at + MADE_UP_FOR)
    user, member_id = birthday.userid, birthday.member_id
    text = Text(say(birthday, at.date()))
    letter = Plan(key, "birthday", text, window)
    outbox.put_to(session, letter, user, member_id, now=now)
    if picture:
        name = f"政治生日-{birthday.name}-{birthday.day.year}.png"
        kept = attachments.keep(session, name, "image/png", picture, now)
        card = Plan(f"{key}:card", "birthday", Picture(kept), window)
        outbox.put_to(session, card, user, member_id, now=now)
    return True


def say(birthday: Birthday, today: date) -> str:
    """Put the greeting in words; a late one says so."""
    joined = f"{birthday.joined.year}年{birthday.joined.month}月{birthday.joined.day}日"
    late = ""
    if today > birthday.day:
        day = f"{birthday.day.month}月{birthday.day.day}日"
        late = f"（您的政治生日是{day}，这份祝福来晚了，请见谅。）\n"
    age = f"，党龄 {birthday.party_age} 年" if birthday.party_age else ""
    return (
        f"{birthday.name}同志，政治生日快乐！\n{late}"
        f"{joined}，您光荣加入中国共产党，今年是入党 {birthday.years} 周年{age}。\n"
        f"愿您不忘初心，永葆热忱。\n——{birthday.branch}"
    )


def _joined_days(day: date) -> list[int]:
    """Name the joining days that have their anniversary on a day: 29 February too."""
    days = [day.month * 100 + day.day]
    if anniversary(date(2000, 2, 29), day.year) == day and 229 not in days:
        days.append(229)
    return days


def _celebrating(day: date) -> Select[Member]:
    return (
        select(Member)
        .where(
            Member.joined_day.in_(_joined_days(day)),
            Member.joined < date(day.year, 1, 1),  # the day of joining is no birthday
            Member.state == "active",
            Member.greeted,
            Member.category.in_(GREETED),
        )
        .order_by(Member.id)
    )


def _birthdays(session: Session, rows: Select[Member], day: date) -> list[Birthday]:
    found = session.scalars(rows)
    return [
        _birthday(session, member, day)
        for member in found
        if member.joined and anniversary(member.joined, day.year) == day
    ]


def _birthday(session: Session, member: Member, day: date) -> Birthday:
    joined = member.joined or day
    return Birthday(
        member_id=member.id,
        userid=member.userid,
        name=member.name,
        joined=joined,
        day=day,
        years=day.year - joined.year,
        party_age=party_age(joined, member.full_member_since, day),
        branch=party_branch(session, member).name,
    )
