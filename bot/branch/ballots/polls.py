"""Polls: who may vote and has, and after the close what was voted; never by whom."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import outbox
from bot.branch.ballots import boxes
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.say import say_moment
from bot.errors import Refusal
from bot.message import Button, Card, Text
from bot.outbox import Importance, Plan, Window
from bot.storage.database import Base, Id, take
from bot.storage.invariants import proof

LEAST = 5
"""Votes from which on results are told: fewer would tell of somebody."""
MOST_CHOICES, MOST_BUTTONS, LONGEST = 20, 6, 40
LONGEST_OPEN = timedelta(days=31)


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    VOID = "void"


class Poll(Base):
    """A question with choices. most: how many of them one may choose.

    purpose: 测评, 推优 or 征求意见. results: by choice, once closed and enough voted.
    """

    __tablename__ = "poll"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    purpose: Mapped[str]
    question: Mapped[str]
    choices: Mapped[dict[str, Any]]
    most: Mapped[int]
    state: Mapped[State] = mapped_column(String)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    results: Mapped[dict[str, Any]]
    why: Mapped[str]

    @property
    def offered(self) -> tuple[str, ...]:
        return tuple(self.choices["offered"])

    @property
    def topic(self) -> str:
        return f"poll:{self.id}"


class Seat(Base):
    """That somebody may vote, and whether the vote is spent; never for what or when."""

    __tablename__ = "poll_seat"

    poll_id: Mapped[int] = mapped_column(
        ForeignKey("poll.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    spent: Mapped[bool] = mapped_column(default=False)


class BallotBox(Base):
    """The sealed sum of an open poll; gone with its close."""

    __tablename__ = "ballot_box"

    poll_id: Mapped[int] = mapped_column(
        ForeignKey("poll.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[str]


@dataclass(frozen=True)
class Question:
    """A poll before it is one."""

    purpose: str
    text: str
    choices: tuple[str, ...]
    closes_at: datetime
    most: int = 1


@dataclass(frozen=True)
class Turnout:
    eligible: int
    voted: int


def check(question: Question, now: datetime) -> None:
    """Raise Refusal for what cannot be asked so."""
    names = question.choices
    if not 2 <= len(names) <= MOST_CHOICES or len(set(names)) != len(names):
        raise Refusal(f"选项要 2 到 {MOST_CHOICES} 个，不能重样。")
    if any(len(each) > LONGEST for each in names):
        raise Refusal(f"每个选项最多 {LONGEST} 字。")
    if not now < question.closes_at <= now + LONGEST_OPEN:
        raise Refusal("截止时间要在以后、一个月以内。")


def open_poll(  # noqa: PLR0913  # what is asked, of whom, by whom, and when
    session: Session,
    branch: Branch,
    author: Member,
    question: Question,
    audience: Audience,
    key: bytes,
    now: datetime,
) -> Poll:
    """Open a poll, with a seat for everybody, and ask them. Raises Refusal."""
    check(question, now)
    people = select_people(session, audience)
    ids = [number for number, _ in session.execute(people)]
    if len(ids) < LEAST:
        raise Refusal(
            f"只有 {len(ids)} 人能投，不记名就保不住密（至少 {LEAST} 人），没有发。"
        )
    poll = Poll(
        branch_id=branch.id,
        author_id=author.id,
        purpose=question.purpose,
        question=question.text,
        choices={"offered": list(question.choices)},
        most=question.most,
        state=State.OPEN,
        opens_at=now,
        closes_at=question.closes_at,
        results={},
        why="",
    )
    session.add(poll)
    session.flush()
    session.add_all(Seat(poll_id=poll.id, member_id=number) for number in ids)
    empty = boxes.seal(dict.fromkeys(question.choices, 0), key)
    session.add(BallotBox(poll_id=poll.id, sealed=empty))
    session.flush()
    _put_letters(session, poll, branch, audience, now)
    return poll


def cast(  # noqa: PLR0913  # whose vote, for what, sealed how, and when
    session: Session,
    poll: Poll,
    member_id: int,
    picks: Sequence[str],
    key: bytes,
    now: datetime,
) -> None:
    """Take a vote, once. Raises Refusal, and then nothing is spent."""
    if poll.state != State.OPEN or now >= poll.closes_at:
        raise Refusal(f"“{poll.question}”已经截止，不能再投了。")
    if not 1 <= len(set(picks)) <= poll.most:
        most = f"最多选 {poll.most} 个" if poll.most > 1 else "只能选 1 个"
        raise Refusal(f"“{poll.question}”{most}，请重新选。这次没有投。")
    seat = session.get(Seat, (poll.id, member_id))
    if seat is None:
        raise Refusal(f"“{poll.question}”没有请您投票，不能投，也不能代别人投。")
    box = session.get(BallotBox, poll.id)
    if box is None or not take(session, box) or not take(session, seat):
        raise Refusal(f"“{poll.question}”已经截止，不能再投了。")
    if seat.spent:
        raise Refusal("您已经投过了。不记名的票投出去就认不出来，不能改，也不能再投。")
    sums = boxes.unseal(box.sealed, key)
    for each in set(picks):
        sums[each] += 1
    seat.spent, box.sealed = True, boxes.seal(sums, key)
    session.flush()


def take_open(session: Session, poll: Poll) -> bool:
    """Have an open poll to ourselves; False if it was closed meanwhile."""
    return take(session, poll) and poll.state == State.OPEN


def close(session: Session, poll: Poll, key: bytes, now: datetime) -> None:
    """Close a poll and keep what was voted, if enough did. Raises Refusal if closed."""
    if not take_open(session, poll):
        raise Refusal(f"“{poll.question}”已经结束了。")
    box = session.get(BallotBox, poll.id)
    sums = boxes.unseal(box.sealed, key) if box and take(session, box) else {}
    enough = turnout(session, poll).voted >= LEAST
    poll.results = sums if enough else {}
    poll.state, poll.closed_at = State.CLOSED, now
    if box:
        session.delete(box)
    outbox.cancel(session, poll.topic, "投票已经截止", now)
    session.flush()


def void(session: Session, poll: Poll, why: str, now: datetime) -> None:
    """Give a poll up: nothing that was voted is told."""
    if not take_open(session, poll):
        raise Refusal(f"“{poll.question}”已经结束了。")
    if box := session.get(BallotBox, poll.id):
        session.delete(box)
    poll.state, poll.closed_at, poll.why = State.VOID, now, why
    outbox.cancel(session, poll.topic, "投票作废了", now)
    session.flush()


def find(session: Session, number: int) -> Poll:
    poll = session.get(Poll, number)
    if poll is None:
        raise Refusal("没有找到这次投票。")
    return poll


def every(session: Session) -> Sequence[Poll]:
    return session.scalars(select(Poll).order_by(Poll.id)).all()


def of_branch(session: Session, branch: Branch, limit: int = 20) -> Sequence[Poll]:
    mine = select(Poll).where(Poll.branch_id == branch.id)
    return session.scalars(mine.order_by(Poll.id.desc()).limit(limit)).all()


def asked_of(
    session: Session, member_id: int, now: datetime
) -> Sequence[tuple[Poll, bool]]:
    """List the open polls that somebody may vote in, and whether that is done."""
    rows = session.execute(
        select(Poll, Seat.spent)
        .join(Seat, Seat.poll_id == Poll.id)
        .where(
            Seat.member_id == member_id,
            Poll.state == State.OPEN,
            Poll.closes_at > now,
        )
        .order_by(Poll.id)
    )
    return [(poll, spent) for poll, spent in rows]


def due(session: Session, now: datetime) -> Sequence[Poll]:
    open_still = (Poll.state == State.OPEN, Poll.closes_at <= now)
    return session.scalars(select(Poll).where(*open_still)).all()


def turnout(session: Session, poll: Poll) -> Turnout:
    seats = select(func.count()).where(Seat.poll_id == poll.id)
    voted = session.scalar(seats.where(Seat.spent)) or 0
    return Turnout(session.scalar(seats) or 0, voted)


def silent(session: Session, poll: Poll) -> Sequence[str]:
    """Name who has not voted: that one may know, what was voted nobody."""
    rows = (
        select(Member.called)
        .join(Seat, Seat.member_id == Member.id)
        .where(Seat.poll_id == poll.id, ~Seat.spent, Member.state == "active")
    )
    return session.scalars(rows.order_by(Member.id)).all()


def results(poll: Poll) -> Mapping[str, int] | None:
    """Tell what was voted, in the order of the choices; None before, or of too few."""
    if poll.state != State.CLOSED or not poll.results:
        return None
    return {each: int(poll.results.get(each, 0)) for each in poll.offered}


def say_results(session: Session, poll: Poll) -> str:
    counted = turnout(session, poll)
    figures = f"应投 {counted.eligible} 人，已投 {counted.voted} 人"
    head = f"【{poll.purpose}】{poll.question}：{figures}"
    told = results(poll)
    if told is None:
        return f"{head}。不足 {LEAST} 票，为了保密不公布结果。"
    lines = [f"{each}：{number}" for each, number in told.items()]
    return "\n".join([head, *lines, "不记名，不按小组分，谁投了什么没有任何记录。"])


def say_state(session: Session, poll: Poll) -> str:
    """Say how many have voted, and what, once that may be told."""
    counted = turnout(session, poll)
    if poll.state == State.OPEN:
        figures = f"已投 {counted.voted}/{counted.eligible}"
        return f"{poll.question}：{figures}，截止前只看人数。"
    if poll.state == State.VOID:
        why = f"（{poll.why}）" if poll.why else ""
        return f"{poll.question}：作废了{why}。"
    return say_results(session, poll)


def tell_author(session: Session, poll: Poll, now: datetime, at: datetime) -> None:
    author = session.get_one(Member, poll.author_id)
    plan = Plan(
        key=f"{poll.topic}:results",
        kind="report",
        content=Text(say_state(session, poll)),
        window=Window(at, at + timedelta(days=3)),
    )
    outbox.put_to(session, plan, author.userid, author.id, now=now)


def _put_letters(
    session: Session, poll: Poll, branch: Branch, audience: Audience, now: datetime
) -> None:
    """Ask everybody: by a card where its buttons are enough, else in words."""
    until = say_moment(poll.closes_at, now)
    listed = "\n".join(f"{n}. {each}" for n, each in enumerate(poll.offered, 1))
    many = f"，最多选 {poll.most} 个" if poll.most > 1 else ""
    how = f"回“投票 {poll.id}-1”这样的一句{many}"
    said = (
        f"【{poll.purpose}·不记名】{poll.question}\n{listed}\n"
        f"{until}截止。{how}。投出去不能改；只记谁投了，不记投了什么。"
    )
    keys = enumerate(poll.offered, 1)
    buttons = tuple(Button(each, f"vote:{poll.id}:{n}") for n, each in keys)
    fits = len(buttons) <= MOST_BUTTONS and poll.most == 1
    card = Card(
        title=f"{poll.purpose}（不记名）",
        text=f"{poll.question}\n按一下就投出去了，不能改；只记谁投了，不记投了什么。",
        buttons=buttons,
        source=branch.name,
        lines=(("截止", until),),
    )
    people = select_people(session, audience)
    parts = (
        ("card", card, people.where(Member.plain.is_(False))),
        ("text", Text(said), people.where(Member.plain) if fits else people),
    )
    for what, content, whose in parts if fits else parts[1:]:
        plan = Plan(
            key=f"{poll.topic}:{what}",
            kind="poll",
            content=content,
            window=Window(now, poll.closes_at),
            importance=Importance.NOTICE,
            topic=poll.topic,
        )
        outbox.put(session, plan, whose, now=now)


def outline(session: Session, poll: Poll) -> dict[str, Any]:
    """Give a poll as `xiangyang ballots show --json` prints it."""
    counted = turnout(session, poll)
    told = results(poll)
    return {
        "id": poll.id,
        "question": poll.question,
        "choices": list(poll.offered),
        "eligible": counted.eligible,
        "voted": counted.voted,
        "state": str(poll.state),
        "results": None if told is None else dict(told),
        "purpose": poll.purpose,
        "closes_at": poll.closes_at.isoformat(),
    }


@proof("投票：结束的没有票箱，公布的不少于五票")
def kept_secret(session: Session) -> Iterator[str]:
    lost = select(BallotBox.poll_id).join(Poll).where(Poll.state != State.OPEN)
    for number in session.scalars(lost):
        yield f"第 {number} 次投票结束了，票箱还在"
    spent = Counter(session.scalars(select(Seat.poll_id).where(Seat.spent)))
    for poll in session.scalars(select(Poll)):
        if poll.results and not spent[poll.id] >= LEAST:
            yield f"第 {poll.id} 次投票不足五票却有结果"
        if sum(poll.results.values()) > spent[poll.id] * poll.most:
            yield f"第 {poll.id} 次投票的票比投的人多"
