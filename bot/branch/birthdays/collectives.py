"""集体政治生日会: whose birthdays of a month or quarter are kept together, who came."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import outbox
from bot.branch.birthdays import card_looks, greetings
from bot.branch.birthdays.cards import EDITION
from bot.branch.birthdays.greetings import Birthday
from bot.branch.notices import notices, reach
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.recurrence.stretches import add_months
from bot.calendar.say import say_moment, say_people
from bot.cards.collective import (
    MOST_PEOPLE,
    Celebrant,
    CollectiveCard,
    draw_collective_card,
)
from bot.cards.deferred import Drawn
from bot.cards.sheet import PLAIN
from bot.errors import Refusal
from bot.files.print.own import own_cards
from bot.message import Button, Card
from bot.outbox import Importance, Plan, Window, attachments
from bot.storage.database import Base, Id, insert_new, take, take_turn

CALLED_BEFORE = timedelta(minutes=15)
OPEN_FOR = timedelta(hours=3)
AGENDA = (
    "重温入党誓词",
    "书记致辞，送上政治生日贺卡",
    "过政治生日的同志谈入党初心和感悟",
    "谈心交流，说说为身边人办的一件实事",
)
CHOICES = ("能参加", "请假")


class CollectiveBirthday(Base):
    __tablename__ = "collective_birthday"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    title: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[str]
    cancelled: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]

    @property
    def topic(self) -> str:
        return f"collective_birthday:{self.id}"


class CollectiveSignIn(Base):
    __tablename__ = "collective_sign_in"

    collective_id: Mapped[int] = mapped_column(
        ForeignKey("collective_birthday.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]


@dataclass(frozen=True)
class Span:
    """Whole months. words: 七月, 第三季度, 上半年."""

    first: date
    months: int
    words: str

    @property
    def last(self) -> date:
        return add_months(self.first, self.months) - timedelta(days=1)


@dataclass(frozen=True)
class Party:
    """A collective birthday before it is one."""

    span: Span
    starts_at: datetime
    place: str = ""
    agenda: tuple[str, ...] = AGENDA

    @property
    def title(self) -> str:
        return f"{self.span.first.year}年{self.span.words}集体政治生日会"


def celebrants(session: Session, branch: Branch, span: Span) -> list[Birthday]:
    """List whose birthdays they are, by day.

    Not whoever is never greeted, nor whose greeting the secretary stopped.
    """
    found = greetings.between(session, branch, span.first, span.last)
    return [each for each in found if not each.stopped]


def describe(party: Party, people: Sequence[Birthday]) -> str:
    """Write the notice: when, where, for whom, and the agenda."""
    at = party.starts_at
    day = say_moment(at, at)
    names = "、".join(f"{each.called}（{each.years} 周年）" for each in people)
    agenda = "\n".join(f"{n}. {each}" for n, each in enumerate(party.agenda, 1))
    place = f"\n地点：{party.place}" if party.place else ""
    return (
        f"{party.title}\n时间：{day}{place}\n过政治生日的同志：{names}\n"
        f"议程：\n{agenda}"
    )


def find_or_keep_card(
    session: Session, branch: Branch, party: Party, made: Drawn, now: datetime
) -> int | None:
    """Return the collective card, drawn beforehand; None if it cannot be printed."""
    people = celebrants(session, branch, party.span)
    look = card_looks.look(session, branch.id)
    card = CollectiveCard(
        people=tuple(
            Celebrant(each.called, each.joined, each.years) for each in people
        ),
        period=party.span.words,
        branch=branch.name,
        on=party.starts_at.date(),
    )
    own = own_cards().digest(look.style)
    mark = sha256(
        f"collective:{EDITION}:{own}:{look.sheet()}:{card}".encode()
    ).hexdigest()
    if (found := attachments.find(session, mark)) is not None:
        return found
    picture = made.get(mark, partial(_draw, card, look))
    if picture is None:
        return None
    name = f"{party.title}.png"
    return attachments.keep(session, name, "image/png", picture, now, mark)


def hold(session: Session, desk: Desk, party: Party, made: Drawn, now: datetime) -> int:
    """Write the meeting down and tell the branch; return how many are told.

    Raises Refusal for a time that is past, for nobody, or for a second one of a span.
    """
    take_turn(session, f"collective:{desk.branch.id}")
    people = celebrants(session, desk.branch, party.span)
    check(session, desk.branch, party, people, now)
    picture = find_or_keep_card(session, desk.branch, party, made, now)
    draft = Draft(
        describe(party, people),
        Audience(desk.branch.id),
        choices=CHOICES,
        deadline=_answer_by(party, now),
        pictures=(picture,) if picture else (),
    )
    notice = notices.publish(session, desk, draft, now)
    planned = CollectiveBirthday(
        branch_id=desk.branch.id,
        notice_id=notice.id,
        title=party.title,
        starts_at=party.starts_at,
        place=party.place,
        at=now,
    )
    session.add(planned)
    session.flush()
    _put_sign_in(session, planned, desk, now)
    return reach.status(session, notice).tally.planned


def check(
    session: Session,
    branch: Branch,
    party: Party,
    people: Sequence[Birthday],
    now: datetime,
) -> None:
    if party.starts_at <= now:
        raise Refusal("这个时间已经过去了，请换一个以后的时间。")
    if not people:
        raise Refusal(f"{party.span.words}没有同志过政治生日，不用办。")
    if len(people) > MOST_PEOPLE:
        raise Refusal(
            f"{party.span.words}有{say_people(len(people))}，一张贺卡写不下"
            f"（最多 {MOST_PEOPLE} 位），请按月办。"
        )
    if (planned := _planned(session, branch, party.title, now)) is not None:
        at = say_moment(planned.starts_at, now)
        raise Refusal(
            f"“{party.title}”已经定在{at}了。要改的话，先说“取消集体政治生日会”。"
        )


def coming(
    session: Session, branch: Branch, now: datetime
) -> CollectiveBirthday | None:
    """Return the branch's next one that is not over."""
    return session.scalars(
        select(CollectiveBirthday)
        .where(
            CollectiveBirthday.branch_id == branch.id,
            ~CollectiveBirthday.cancelled,
            CollectiveBirthday.starts_at > now - OPEN_FOR,
        )
        .order_by(CollectiveBirthday.starts_at)
    ).first()


def latest(session: Session, branch: Branch) -> CollectiveBirthday | None:
    """Return the branch's last one that was called, or else the next."""
    return session.scalars(
        select(CollectiveBirthday)
        .where(CollectiveBirthday.branch_id == branch.id, ~CollectiveBirthday.cancelled)
        .order_by(CollectiveBirthday.id.desc())
    ).first()


def cancel(
    session: Session, desk: Desk, planned: CollectiveBirthday, now: datetime
) -> None:
    """Call it off, and tell whoever was told of it. Raises Refusal if it was."""
    take(session, planned)
    if planned.cancelled:
        raise Refusal(f"“{planned.title}”已经取消过了。")
    planned.cancelled = True
    outbox.cancel(session, planned.topic, "集体政治生日会取消了", now)
    text = f"{planned.title}取消，另行通知。"
    draft = Draft(text, Audience(desk.branch.id), corrects=planned.notice_id)
    notices.publish(session, desk, draft, now)


def find_for(
    session: Session, number: int, branch: Branch
) -> CollectiveBirthday | None:
    """Find a meeting of a branch. Raises Refusal if it has no such one."""
    planned = find(session, number)
    if planned.branch_id != branch.id:
        raise Refusal("这不是您所在支部的集体政治生日会。")
    return planned


def open_for(
    session: Session, branch: Branch, now: datetime
) -> CollectiveBirthday | None:
    """Return the meeting that members may sign in to now."""
    planned = coming(session, branch, now)
    begins = planned is not None and planned.starts_at <= now + CALLED_BEFORE
    return planned if begins else None


def sign_in(
    session: Session, planned: CollectiveBirthday, member: Member, now: datetime
) -> bool:
    """Note that a member is there; False if that was noted. Raises Refusal if over."""
    if planned.cancelled:
        raise Refusal(f"“{planned.title}”已经取消了，不用签到。")
    if not planned.starts_at - CALLED_BEFORE <= now <= planned.starts_at + OPEN_FOR:
        raise Refusal(f"“{planned.title}”现在不能签到：开始前 15 分钟到散会都可以。")
    row = {"collective_id": planned.id, "member_id": member.id, "at": now}
    return insert_new(session, CollectiveSignIn, row)


def find(session: Session, number: int) -> CollectiveBirthday:
    planned = session.get(CollectiveBirthday, number)
    if planned is None:
        raise Refusal("没有找到这次集体政治生日会。")
    return planned


def present(session: Session, planned: CollectiveBirthday) -> Sequence[str]:
    """Name who signed in, in order."""
    return session.scalars(
        select(Member.called)
        .join(CollectiveSignIn, CollectiveSignIn.member_id == Member.id)
        .where(CollectiveSignIn.collective_id == planned.id)
        .order_by(CollectiveSignIn.at, Member.id)
    ).all()


def expected(session: Session, planned: CollectiveBirthday) -> int:
    people = select_people(session, Audience(planned.branch_id)).subquery()
    return session.scalars(select(func.count()).select_from(people)).one()


def _draw(card: CollectiveCard, look: card_looks.Look) -> bytes | None:
    for sheet in (look.sheet(), replace(look.sheet(), style=PLAIN.style)):
        try:
            return draw_collective_card(card, sheet)
        except Refusal:
            continue
    return None


def _put_sign_in(
    session: Session, planned: CollectiveBirthday, desk: Desk, now: datetime
) -> None:
    """Lay the sign-in card ready: it goes out when the meeting is about to begin."""
    place = f"，{planned.place}" if planned.place else ""
    at = planned.starts_at.astimezone(now.tzinfo)
    card = Card(
        title="请签到",
        text=f"{planned.title}，{at:%H:%M}{place}。到了点一下“签到”。",
        buttons=(Button("签到", f"sign_in:{planned.id}"),),
        source=desk.branch.name,
    )
    plan = Plan(
        key=f"{planned.topic}:sign_in",
        kind="collective_birthday",
        content=card,
        window=Window(at - CALLED_BEFORE, at + OPEN_FOR),
        importance=Importance.NOTICE,
        topic=planned.topic,
    )
    people = select_people(session, Audience(planned.branch_id))
    outbox.put(session, plan, people, now=now)


def _answer_by(party: Party, now: datetime) -> datetime | None:
    """Ask for answers by the evening before, if that leaves half a day."""
    evening = (party.starts_at - timedelta(days=1)).replace(hour=18, minute=0)
    return evening if evening > now + timedelta(hours=12) else None


def _planned(
    session: Session, branch: Branch, title: str, now: datetime
) -> CollectiveBirthday | None:
    return session.scalars(
        select(CollectiveBirthday).where(
            CollectiveBirthday.branch_id == branch.id,
            CollectiveBirthday.title == title,
            ~CollectiveBirthday.cancelled,
            CollectiveBirthday.starts_at > now - OPEN_FOR,
        )
    ).first()
