"""Political birthdays: whose is due, and greeted once a year, never some.

The day is the anniversary of joining the Party (domain of `bot.partyage`). One that was
missed during an outage is made up for within a week, once, and says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import outbox
from bot.branch.birthdays import card_looks
from bot.branch.birthdays import notes as birthday_notes
from bot.branch.birthdays import plans as birthday_plans
from bot.branch.birthdays.card_looks import PLAIN, Look
from bot.branch.birthdays.notes import Note
from bot.branch.people.members import Category, Member, party_branch
from bot.branch.people.tree import Branch, home
from bot.calendar.party_age import anniversary, fifty_years_honour, party_age
from bot.calendar.say import say_date, say_day
from bot.errors import Refusal
from bot.message import Picture, Text
from bot.outbox import Letter, Plan, Recipient, Window
from bot.storage.database import Base, hold, insert_new
from bot.storage.in_list import in_parts
from bot.storage.invariants import proof

MADE_UP_FOR = timedelta(days=7)
ONE_DAY = timedelta(days=1)
GREETED = (Category.FULL, Category.PROBATIONARY)
USUAL_WORDS = "愿您不忘初心，永葆热忱。"
LEAP_DAYS = (228, 301)
"""The days on which a 29 February may be kept in a common year."""


class Greeting(Base):
    """That a member was greeted for the political birthday of a year."""

    __tablename__ = "greeting"

    member_id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


@dataclass(frozen=True)
class Birthday:
    """A political birthday to be greeted. years: since joining.

    called: what others are told for the name. words: the secretary's, in place of the
    usual ones; notes: of colleagues. honoured: a party age of fifty years by 1 July of
    this year, and not before.
    """

    member_id: int
    userid: str | None
    name: str
    called: str
    joined: date
    day: date
    years: int
    party_age: int | None
    branch: str
    branch_id: int
    look: Look = PLAIN
    words: str | None = None
    notes: tuple[Note, ...] = ()
    stopped: bool = False
    honoured: bool = False

    @property
    def to(self) -> tuple[int, int]:
        """Name whose birthday of which year it is."""
        return self.member_id, self.day.year


def due(session: Session, now: datetime) -> list[Birthday]:
    """List the birthdays of today and the week before that nobody was greeted for.

    Not those of members who were added after the day. now: local time.
    """
    days = [now.date() - back * ONE_DAY for back in range(MADE_UP_FOR.days + 1)]
    found: list[Birthday] = []
    for _, same_year in groupby(days, key=lambda day: day.year):
        of_a_year = list(same_year)
        rows = _not_greeted(of_a_year)
        members = session.scalars(rows).all()
        added = {each.id: each.added_at.astimezone(now.tzinfo) for each in members}
        found += [
            each
            for each in _complete(session, members, of_a_year[0].year)
            if each.day in of_a_year and added[each.member_id].date() <= each.day
        ]
    found.sort(key=lambda each: each.day, reverse=True)
    return [each for each in found if not each.stopped]


def _not_greeted(days: Sequence[date]) -> Select[Member]:
    """Select whom nobody greeted on these days of one year."""
    greeted = select(Greeting.member_id).where(
        Greeting.member_id == Member.id, Greeting.year == days[0].year
    )
    return _celebrating(days).where(~greeted.exists())


def on(session: Session, first: date, last: date | None = None) -> list[Birthday]:
    """List the political birthdays of a day or a span, those that were stopped too.

    Never the dead, the transferred, the expelled, or who asked not to be greeted.
    """
    return _of_days(session, first, last or first)


def between(
    session: Session, branch: Branch, first: date, last: date
) -> list[Birthday]:
    """List a branch's birthdays of a span of days, both included, by day."""
    return complete(session, days_between(session, branch, first, last))


def days_between(
    session: Session, branch: Branch, first: date, last: date
) -> list[tuple[date, int]]:
    """List which days of a span are whose birthday, by day: (day, member's number).

    Of a large branch this is cheap, and `complete` tells the rest of the few shown.
    """
    here = select(Branch.id).where(Branch.path.startswith(branch.path))
    return _days(session, first, last, Member.branch_id.in_(here))


def coming(session: Session, member: Member, today: date) -> Birthday:
    """Tell a member's next political birthday, today's included.

    Raises Refusal if the joining date is not on file.
    """
    if member.joined is None:
        raise Refusal(f"名册里没有{member.called}的入党日期。")
    leap_day = card_looks.look(session, party_branch(session, member).id).leap_day
    day = anniversary(member.joined, today.year, leap_day)
    if day < today or member.joined >= today:
        day = anniversary(member.joined, today.year + 1, leap_day)
    return _complete(session, [member], day.year)[0]


def latest(session: Session, member: Member, today: date) -> Birthday:
    """Tell the political birthday that was last kept; before the first, the first.

    Raises Refusal if the joining date is not on file.
    """
    birthday = coming(session, member, today)
    if birthday.day == today or birthday.years <= 1:
        return birthday
    leap_day = birthday.look.leap_day
    day = anniversary(birthday.joined, birthday.day.year - 1, leap_day)
    return _complete(session, [member], day.year)[0]


def without_surprise(birthday: Birthday) -> Birthday:
    """Leave out what the day itself is to bring: the words written for it."""
    return replace(birthday, words=None, notes=())


def coming_of(session: Session, member_id: int, today: date) -> Birthday:
    return coming(session, session.get_one(Member, member_id), today)


def with_words(birthday: Birthday, words: str | None) -> Birthday:
    """Show a birthday as it would be with these words."""
    return replace(birthday, words=words)


def may_greet(member: Member) -> bool:
    """Tell whether a member is one who is greeted at all."""
    joined = member.joined is not None and member.category in GREETED
    return joined and member.state == "active" and member.greeted


def want_greeting(member: Member, *, wanted: bool) -> bool:
    """Note whether a member wants to be greeted; False if that was known."""
    known = member.greeted == wanted
    member.greeted = wanted
    return not known


def is_greeted(session: Session, birthday: Birthday) -> bool:
    return session.get(Greeting, birthday.to) is not None


def take_open(session: Session, birthday: Birthday) -> None:
    """Keep a greeting from being sent until this work is over.

    Whoever changes what it says does this first. Raises Refusal if it was sent.
    """
    hold(session, Member, birthday.member_id)
    if is_greeted(session, birthday):
        raise Refusal(f"给{birthday.called}同志的祝福已经送出了，改不了了。")


def greet(
    session: Session,
    birthday: Birthday,
    picture: int | None,
    now: datetime,
    at: datetime | None = None,
) -> bool:
    """Queue the greeting and its card; False if it was queued before, or stopped.

    Also if it is otherwise by now, with another note or other words than were drawn:
    then it is still due. picture: the attachment of the card. at: when it may go, if
    not now.
    """
    hold(session, Member, birthday.member_id)
    member = session.get_one(Member, birthday.member_id, populate_existing=True)
    if birthday_plans.is_stopped(session, *birthday.to) or not may_greet(member):
        return False
    if _complete(session, [member], birthday.day.year) != [birthday]:
        return False
    at = at or now
    row = {"member_id": birthday.member_id, "year": birthday.day.year, "at": now}
    if not insert_new(session, Greeting, row):
        return False
    key = f"birthday:{birthday.day.year}:{birthday.member_id}"
    window = Window(at, at + MADE_UP_FOR)
    user, member_id = birthday.userid, birthday.member_id
    text = Text(say(birthday, at.date()))
    letter = Plan(key, "birthday", text, window, topic=key, leaves=0)
    outbox.put_to(session, letter, user, member_id, now=now)
    if picture is not None:
        card = Plan(f"{key}:card", "birthday", Picture(picture), window, topic=key)
        outbox.put_to(session, card, user, member_id, now=now)
    return True


def say(birthday: Birthday, today: date) -> str:
    """Put the greeting in words; a late one says so."""
    late = ""
    if today > birthday.day:
        late = f"（您的政治生日是{say_day(birthday.day)}，这份祝福来晚了，请见谅。）\n"
    age = f"，党龄 {birthday.party_age} 年" if birthday.party_age else ""
    honour = (
        "今年您党龄满 50 年，光荣在党50年，向您致敬！\n" if birthday.honoured else ""
    )
    notes = "".join(f"\n· {each.author}：{each.text}" for each in birthday.notes)
    told = f"\n同志们想对您说：{notes}" if notes else ""
    return (
        f"{birthday.name}同志，政治生日快乐！\n{late}"
        f"{say_date(birthday.joined)}，您光荣加入中国共产党，"
        f"今年是入党 {birthday.years} 周年{age}。\n"
        f"{honour}{birthday.words or USUAL_WORDS}{told}\n——{birthday.branch}"
    )


def _joined_days(day: date) -> list[int]:
    """Name the joining days that may be kept on a day: 29 February too."""
    own = day.month * 100 + day.day
    common = anniversary(date(2000, 2, 29), day.year).day == LEAP_DAYS[0] % 100
    return [own, 229] if own in LEAP_DAYS and common else [own]


def _celebrating(days: Sequence[date]) -> Select[Member]:
    """Select who may keep a birthday on these days of one year."""
    first_day = date(days[0].year, 1, 1)
    return (
        select(Member)
        .where(
            Member.joined_day.in_({each for day in days for each in _joined_days(day)}),
            Member.joined < first_day,  # the day of joining is no birthday
            Member.state == "active",
            Member.greeted,
            Member.category.in_(GREETED),
        )
        .order_by(Member.id)
    )


def _of_days(session: Session, first: date, last: date) -> list[Birthday]:
    return complete(session, _days(session, first, last))


def _days(
    session: Session, first: date, last: date, *also: ColumnElement[bool]
) -> list[tuple[date, int]]:
    days = [first + number * ONE_DAY for number in range((last - first).days + 1)]
    found: list[tuple[date, int]] = []
    for year, same_year in groupby(days, key=lambda day: day.year):
        theirs = _celebrating(list(same_year)).where(*also)
        rows = theirs.with_only_columns(Member.id, Member.joined, Member.branch_id)
        people = session.execute(rows).all()
        looks = _looks(session, _homes(session, (node for _, _, node in people)))
        kept = (
            (anniversary(joined, year, looks[node].leap_day), number)
            for number, joined, node in people
            if joined
        )
        found += [each for each in kept if first <= each[0] <= last]
    return sorted(found)


def _homes(session: Session, nodes: Iterable[int]) -> dict[int, Branch]:
    """Find the party branch of each of these nodes."""
    return {each: home(session, each) for each in set(nodes)}


def _looks(session: Session, homes: Mapping[int, Branch]) -> dict[int, Look]:
    """Tell how the cards of these nodes' people look."""
    looks = card_looks.looks(session, {each.id for each in homes.values()})
    return {node: looks.get(branch.id, PLAIN) for node, branch in homes.items()}


def complete(session: Session, kept: Iterable[tuple[date, int]]) -> list[Birthday]:
    """Tell all of these birthdays, in their order: (day, member's number)."""
    found: list[Birthday] = []
    for year, same_year in groupby(kept, key=lambda each: each[0].year):
        ids = [number for _, number in same_year]
        for part in in_parts(ids):
            rows = session.scalars(select(Member).where(Member.id.in_(part)))
            members = {each.id: each for each in rows}
            found += _complete(session, [members[each] for each in part], year)
    return found


def _complete(session: Session, members: Sequence[Member], year: int) -> list[Birthday]:
    """Add what is kept of their birthdays elsewhere: looks, plans and notes."""
    if not members:
        return []
    branches = _homes(session, (each.branch_id for each in members))
    looks = _looks(session, branches)
    ids = [each.id for each in members]
    plans = {each.member_id: each for each in birthday_plans.of(session, ids, year)}
    notes = birthday_notes.of(session, ids, year)
    return [
        _birthday(
            member,
            year,
            branches[member.branch_id],
            looks[member.branch_id],
            (plans.get(member.id), notes.get(member.id, ())),
        )
        for member in members
    ]


def _birthday(
    member: Member,
    year: int,
    branch: Branch,
    look: Look,
    kept: tuple[birthday_plans.BirthdayPlan | None, Iterable[Note]],
) -> Birthday:
    assert member.joined
    joined, since = member.joined, member.full_member_since
    day = anniversary(joined, year, look.leap_day)
    plan, notes = kept
    honoured = fifty_years_honour(joined, since, year)
    return Birthday(
        member_id=member.id,
        userid=member.userid,
        name=member.name,
        called=member.called,
        joined=joined,
        day=day,
        years=year - joined.year,
        party_age=party_age(joined, since, day, look.leap_day),
        branch=branch.name,
        branch_id=branch.id,
        look=look,
        words=plan.words if plan else None,
        notes=tuple(notes),
        stopped=plan.stopped if plan else False,
        honoured=honoured and not fifty_years_honour(joined, since, year - 1),
    )


@proof("政治生日：一人一年只祝一次，记下的都有信")
def once(session: Session) -> Iterator[str]:
    words = (Letter.kind == "birthday", Letter.key.not_like("%:card"))
    twice = (
        select(Letter.topic, Recipient.member_id)
        .join(Recipient, Recipient.letter_id == Letter.id)
        .where(*words, Letter.topic.is_not(None))
        .group_by(Letter.topic, Recipient.member_id)
        .having(func.count() > 1)
    )
    for topic, member in session.execute(twice):
        yield f"{member} 号党员收了不止一份祝福（{topic}）"
    key = func.concat("birthday:", Greeting.year, ":", Greeting.member_id)
    lost = select(Greeting).where(~select(Letter.id).where(Letter.key == key).exists())
    for each in session.scalars(lost):
        yield f"{each.member_id} 号党员 {each.year} 年的祝福记了，却没有信"
