"""What a poll tells: the question to all who may vote, the result to who asked it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.ballots import results
from bot.branch.ballots.polls import Poll
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.say import say_moment
from bot.message import Button, Card, Text
from bot.outbox import Importance, Plan, Window

MOST_BUTTONS = 6


def tell_author(session: Session, poll: Poll, now: datetime, at: datetime) -> None:
    author = session.get_one(Member, poll.author_id)
    plan = Plan(
        key=f"{poll.topic}:results",
        kind="report",
        content=Text(results.say_state(session, poll, now)),
        window=Window(at, at + timedelta(days=3)),
    )
    outbox.put_to(session, plan, author.userid, author.id, now=now)


def tell_locked(
    session: Session, poll: Poll, why: str, now: datetime, at: datetime
) -> None:
    """Tell the author once that the time is over and the box cannot be opened yet."""
    author = session.get_one(Member, poll.author_id)
    said = f"“{poll.question}”已截止，结果还出不来：{why}放回以后自动公布，不用重投。"
    plan = Plan(
        key=f"{poll.topic}:locked",
        kind="report",
        content=Text(said),
        window=Window(at, at + timedelta(days=3)),
    )
    outbox.put_to(session, plan, author.userid, author.id, now=now)


def put_question(
    session: Session, poll: Poll, branch: Branch, audience: Audience, now: datetime
) -> None:
    """Ask everybody: by a card where its buttons are enough, else in words."""
    until = say_moment(poll.closes_at, now)
    listed, how = results.list_offered(poll, "\n"), _say_how(poll)
    said = (
        f"【{poll.purpose}·不记名】{poll.question}\n{listed}\n"
        f"{until}截止。{how}。投出去不能改；只记谁投了，不记投了什么。"
    )
    keys = enumerate(poll.offered, 1)
    buttons = tuple(Button(each, f"vote:{poll.id}:{n}") for n, each in keys)
    fits = len(buttons) <= MOST_BUTTONS and poll.most == 1 and not poll.points
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


def _say_how(poll: Poll) -> str:
    """Say how one votes in words."""
    if poll.points:
        first = "、".join(poll.offered[:2])
        return (
            f"把最赞成的写在最前面，最多排 {len(poll.points)} 名"
            f"（{results.say_points(poll)}），例：投票 {poll.id}-{first}"
        )
    many = f"，最多选 {poll.most} 个" if poll.most > 1 else ""
    return f"回“投票 {poll.id}-1”这样的一句{many}"
