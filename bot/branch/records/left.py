"""Posts of who has left: ended with a trace, and given back where it was a mistake."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.records import book, parties
from bot.branch.records.declared import find_kind
from bot.branch.records.tables import Record, RecordChange, RecordPerson
from bot.branch.records.values import values_of

UP, DOWN = "up", "down"
POSTS = ("post", "studio")
PLEDGE = "pledge"
OPEN: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(POSTS, (UP,)),
    PLEDGE: ("told", "public", "kept"),
}
"""Kind → the states in which it waits for somebody."""


def open_of(session: Session, member: Member, *kinds: str) -> Sequence[Record]:
    """List what of these kinds somebody holds or has promised, the oldest first."""
    mine = select(RecordPerson.record_id).where(RecordPerson.member_id == member.id)
    rows = select(Record).where(
        Record.id.in_(mine), Record.kind.in_(kinds), Record.withdrawn_at.is_(None)
    )
    found = session.scalars(rows.order_by(Record.id)).all()
    return [each for each in found if each.state in OPEN[each.kind]]


def say_open(session: Session, member: Member) -> list[str]:
    """Name the posts and promises that somebody would leave behind."""
    posts = [_say(each) for each in open_of(session, member, *POSTS)]
    pledges = open_of(session, member, PLEDGE)
    numbers = "、".join(str(each.id) for each in pledges)
    said = [f"在岗的摘牌，几个人的岗去掉这位：{'；'.join(posts)}"] if posts else []
    if pledges:
        said.append(f"没评的承诺 {len(pledges)} 条（第 {numbers} 条）留着，不再提醒")
    return said


def _say(row: Record) -> str:
    title = f" {row.title}" if row.title else ""
    return f"{find_kind(row.kind).title} {row.id}{title}"


def still_up(session: Session) -> Sequence[Member]:
    """List who is away and still on a post: they left before that ended it."""
    on = (
        select(RecordPerson.member_id)
        .join(Record, Record.id == RecordPerson.record_id)
        .where(
            Record.kind.in_(POSTS), Record.state == UP, Record.withdrawn_at.is_(None)
        )
    )
    away = select(Member).where(Member.state != "active", Member.id.in_(on))
    return session.scalars(away.order_by(Member.id)).all()


def end_posts(session: Session, member: Member, now: datetime) -> None:
    """Take somebody off the posts held; a post that nobody is left on is taken down."""
    for row in open_of(session, member, *POSTS):
        values = values_of(session, row)
        others = [each for each in values["people"] if each[0] != member.id]
        if others:
            book.correct(session, row, {**values, "people": others}, None, now)
        else:
            book.move(session, row, DOWN, None, now)


def give_back(
    session: Session, member: Member, since: datetime, by: Member, now: datetime
) -> None:
    """Undo what `end_posts` did at that time, where nobody changed it after."""
    rows = (
        select(RecordChange, Record)
        .join(Record, Record.id == RecordChange.record_id)
        .where(
            RecordChange.at == since,
            RecordChange.changed_by.is_(None),
            Record.kind.in_(POSTS),
            Record.withdrawn_at.is_(None),
        )
    )
    for change, row in session.execute(rows).all():
        if change.act == "move" and row.state == DOWN and _is_of(session, row, member):
            book.move(session, row, UP, by.id, now)
        elif change.act == "correct" and _names(change.before.get("people"), member):
            told = {"people": [[member.id, member.name]]}
            parties.add_people(session, row, told, by.id, now)


def _is_of(session: Session, row: Record, member: Member) -> bool:
    return _names(values_of(session, row)["people"], member)


def _names(people: object, member: Member) -> bool:
    return isinstance(people, list) and any(each[0] == member.id for each in people)
