"""Polls, the seats of who may vote, and the boxes that the votes lie in."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.storage.database import Base, Id
from bot.storage.invariants import proof
from bot.storage.prepared import Prepared

LEAST = 5
"""Votes from which on results are told: fewer would tell of somebody."""


APPRAISAL = "民主评议"
"""The purpose of a poll that grades members; it is spoken of by words of its own."""


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
    def points(self) -> tuple[int, ...]:
        """Return what each place of a ranking is worth; () where nothing is ranked."""
        return tuple(self.choices.get("points", ()))

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
    """A poll before it is one. points: of each place, where choices are ranked."""

    purpose: str
    text: str
    choices: tuple[str, ...]
    closes_at: datetime
    most: int = 1
    points: tuple[int, ...] = ()


def find(session: Session, number: int) -> Poll:
    poll = session.get(Poll, number)
    if poll is None:
        raise Refusal("没有找到这次投票。")
    return poll


def every(session: Session) -> Sequence[Poll]:
    return session.scalars(select(Poll).order_by(Poll.id)).all()


def of_branch(session: Session, branch: Branch, limit: int = 20) -> Sequence[Poll]:
    mine = select(Poll).where(Poll.branch_id == branch.id, Poll.purpose != APPRAISAL)
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
            Poll.purpose != APPRAISAL,
            Poll.state == State.OPEN,
            Poll.closes_at > now,
        )
        .order_by(Poll.id)
    )
    return [(poll, spent) for poll, spent in rows]


_CLOSES = Prepared(select(func.min(Poll.closes_at)).where(Poll.state == State.OPEN))


def next_due(session: Session) -> datetime | None:
    """Tell when the next open poll ends; None if none is open."""
    closes: datetime | None = _CLOSES.value(session)
    return closes


def due(session: Session, now: datetime) -> Sequence[Poll]:
    open_still = (Poll.state == State.OPEN, Poll.closes_at <= now)
    due_first = (Poll.closes_at, Poll.id)
    return session.scalars(select(Poll).where(*open_still).order_by(*due_first)).all()


def most_of(poll: Poll) -> int:
    """Tell how much one ballot adds at the most: choices, or points of a ranking."""
    return sum(poll.points) or poll.most


@proof("投票：结束的没有票箱，公布的不少于五票")
def kept_secret(session: Session) -> Iterator[str]:
    lost = select(BallotBox.poll_id).join(Poll).where(Poll.state != State.OPEN)
    for number in session.scalars(lost):
        yield f"第 {number} 次投票结束了，票箱还在"
    spent = Counter(session.scalars(select(Seat.poll_id).where(Seat.spent)))
    for poll in session.scalars(select(Poll)):
        if poll.results and not spent[poll.id] >= LEAST:
            yield f"第 {poll.id} 次投票不足五票却有结果"
        if sum(poll.results.values()) > spent[poll.id] * most_of(poll):
            yield f"第 {poll.id} 次投票的票比投的人多"
