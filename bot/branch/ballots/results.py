"""How many have voted, and after the close what; never by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch.ballots.polls import APPRAISAL, LEAST, Poll, Seat, State
from bot.branch.people.members import Member


@dataclass(frozen=True)
class Turnout:
    eligible: int
    voted: int


def turnout(session: Session, poll: Poll) -> Turnout:
    seats = select(func.count()).where(Seat.poll_id == poll.id)
    voted = session.scalars(seats.where(Seat.spent)).one()
    return Turnout(session.scalars(seats).one(), voted)


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
    return {each: int(poll.results[each]) for each in poll.offered}


def say_results(session: Session, poll: Poll) -> str:
    counted = turnout(session, poll)
    figures = f"应投 {counted.eligible} 人，已投 {counted.voted} 人"
    head = f"【{poll.purpose}】{poll.question}：{figures}"
    if poll.purpose == APPRAISAL:
        return f"{head}。每位的票数说“评议情况”看，只给书记。"
    told = results(poll)
    if told is None:
        return f"{head}。不足 {LEAST} 票，为了保密不公布结果。"
    unit = " 分" if poll.points else ""
    lines = [f"{each}：{number}{unit}" for each, number in told.items()]
    return "\n".join([head, *lines, "不记名，不按小组分，谁投了什么没有任何记录。"])


def say_points(poll: Poll) -> str:
    """Say what each place of a ranking is worth: 第1名3分、第2名2分."""
    return "、".join(
        f"第{place}名{each}分" for place, each in enumerate(poll.points, 1)
    )


def list_offered(poll: Poll, between: str) -> str:
    """List the choices; a ranking's without numbers, which might be read as places."""
    if poll.points:
        return between.join(poll.offered)
    return between.join(f"{n}. {each}" for n, each in enumerate(poll.offered, 1))


def say_state(session: Session, poll: Poll, now: datetime) -> str:
    """Say how many have voted, and what, once that may be told."""
    counted = turnout(session, poll)
    if poll.state == State.OPEN and now >= poll.closes_at:
        return f"{poll.question}：已截止，已投 {counted.voted} 人，结果马上就好。"
    if poll.state == State.OPEN:
        figures = f"已投 {counted.voted}/{counted.eligible}"
        return f"{poll.question}：{figures}，截止前只看人数。"
    if poll.state == State.VOID:
        why = f"（{poll.why}）" if poll.why else ""
        return f"{poll.question}：作废了{why}。"
    return say_results(session, poll)


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
        "points": list(poll.points),
        "closes_at": poll.closes_at.isoformat(),
    }
