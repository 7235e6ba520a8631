"""A poll opens, takes votes, and closes; what was voted leaves only a sealed sum."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.ballots import boxes, letters, results
from bot.branch.ballots.boxes import Keys
from bot.branch.ballots.polls import LEAST, BallotBox, Poll, Question, Seat, State
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.storage.database import take

MOST_CHOICES, LONGEST = 20, 40
MOST_POINTS = 100
LONGEST_OPEN = timedelta(days=31)


def check(question: Question, now: datetime) -> None:
    """Raise Refusal for what cannot be asked so."""
    names = question.choices
    if not 2 <= len(names) <= MOST_CHOICES or len(set(names)) != len(names):
        raise Refusal(f"选项要 2 到 {MOST_CHOICES} 个，不能重样。")
    if any(len(each) > LONGEST for each in names):
        raise Refusal(f"每个选项最多 {LONGEST} 字。")
    _check_points(question)
    check_close(question.closes_at, now)


def _check_points(question: Question) -> None:
    """Raise Refusal for places that are worth nothing, or more than those before."""
    points = question.points
    if len(points) > len(question.choices):
        raise Refusal(f"只有 {len(question.choices)} 个选项，排不出 {len(points)} 名。")
    falling = list(points) == sorted(points, reverse=True)
    if not falling or any(not 0 < each <= MOST_POINTS for each in points):
        raise Refusal(f"每名的分要从高到低，1 到 {MOST_POINTS} 分。")


def check_close(closes_at: datetime, now: datetime) -> None:
    if not now < closes_at <= now + LONGEST_OPEN:
        raise Refusal("截止时间要在以后、一个月以内。")


def open_poll(  # noqa: PLR0913  # what is asked, of whom, by whom, and when
    session: Session,
    branch: Branch,
    author: Member,
    question: Question,
    audience: Audience,
    keys: Keys,
    now: datetime,
) -> Poll:
    """Open a poll, with a seat for everybody, and ask them. Raises Refusal."""
    check(question, now)
    poll = open_box(session, branch, author, question, audience, keys, now)
    letters.put_question(session, poll, branch, audience, now)
    return poll


def open_box(  # noqa: PLR0913  # what is asked, of whom, by whom, and when
    session: Session,
    branch: Branch,
    author: Member,
    question: Question,
    audience: Audience,
    keys: Keys,
    now: datetime,
) -> Poll:
    """Open a poll, with a seat for everybody, and tell nobody. Raises Refusal."""
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
        choices=_choices_of(question),
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
    empty = boxes.seal(dict.fromkeys(question.choices, 0), keys)
    session.add(BallotBox(poll_id=poll.id, sealed=empty))
    session.flush()
    return poll


def _choices_of(question: Question) -> dict[str, Any]:
    offered = {"offered": list(question.choices)}
    return offered | ({"points": list(question.points)} if question.points else {})


def cast(  # noqa: PLR0913  # whose vote, for what, sealed how, and when
    session: Session,
    poll: Poll,
    member_id: int,
    picks: Sequence[str],
    keys: Keys,
    now: datetime,
) -> None:
    """Take a vote, once. Raises Refusal, and then nothing is spent.

    picks: what is chosen; where it is ranked, the best first.
    """
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
    sums = boxes.unseal(box.sealed, keys)
    ranked = dict.fromkeys(picks)
    worth = poll.points or (1,) * len(ranked)
    for each, points in zip(ranked, worth, strict=False):
        sums[each] += points
    seat.spent, box.sealed = True, boxes.seal(sums, keys)
    session.flush()


def take_open(session: Session, poll: Poll) -> bool:
    """Have an open poll to ourselves; False if it was closed meanwhile."""
    return take(session, poll) and poll.state == State.OPEN


def close(session: Session, poll: Poll, keys: Keys, now: datetime) -> None:
    """Close a poll and keep what was voted, if enough did. Raises Refusal if closed."""
    if not take_open(session, poll):
        raise Refusal(f"“{poll.question}”已经结束了。")
    box = session.get(BallotBox, poll.id)
    sums = boxes.unseal(box.sealed, keys) if box and take(session, box) else {}
    enough = results.turnout(session, poll).voted >= LEAST
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
