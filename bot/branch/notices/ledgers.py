"""A notice's ledger as an xlsx file: every planned person, nobody left out."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch.notices import corrections, reach
from bot.branch.notices.notices import Notice, State
from bot.branch.notices.reach import Line
from bot.branch.notices.receipts import Receipt
from bot.branch.people import audit
from bot.branch.people.members import Member
from bot.branch.people.send_file import make_book, send_book
from bot.cards.deferred import Drawn
from bot.files.xlsx import Sheet, write_book
from bot.outbox import Letter, Recipient
from bot.storage.invariants import proof

HEADS = ("姓名", "账号", "送达情况", "未送达原因", "回复时间", "选择", "原因")
WORDS = ("发出时间", "标题", "内容", "说明")
STATES = {"delivered": "已送达", "refused": "未送达", "pending": "发送中"}


def write_ledger(session: Session, notice: Notice, now: datetime) -> bytes:
    """Write the ledger, and beside it what the notice says now; times are local."""
    return write_book(_sheets(session, notice, now))


def _sheets(session: Session, notice: Notice, now: datetime) -> list[Sheet]:
    lines = reach.ledger(session, notice)
    out = corrections.is_out(notice, now)
    rows = [_row(line, now.tzinfo, out=out) for line in lines]
    said = [_said(each, now) for each in corrections.versions(session, notice)]
    return [Sheet("通知台账", HEADS, rows), Sheet("通知内容", WORDS, said)]


def say_state(line: Line, *, out: bool) -> str:
    """Say how far it is with a person; out: the notice has begun to go."""
    if line.kept_back:
        return "等免打扰结束"
    if line.state == "pending" and not out:
        return "待发"
    return STATES[line.state]


def _said(notice: Notice, now: datetime) -> tuple[object, ...]:
    at = notice.goes_at.astimezone(now.tzinfo)
    marks = (
        ("更正", notice.corrects is not None),
        ("已撤回", notice.state == State.WITHDRAWN),
        ("等审批", notice.state == State.AWAITING),
    )
    mark = "、".join(word for word, fits in marks if fits)
    return at, notice.title, notice.text, mark


def send_ledger(
    session: Session, notice: Notice, to: Member, made: Drawn, now: datetime
) -> str:
    """Send the ledger to a member as a file; return its name."""
    name = f"通知台账-{notice.id}-{notice.title[:12]}.xlsx"
    content = make_book(_sheets(session, notice, now), made)
    note_look(session, notice, to, "notices.export", now)
    return send_book(session, name, content, to, now)


def note_look(
    session: Session, notice: Notice, actor: Member | None, action: str, now: datetime
) -> None:
    """Write down that somebody saw or took out the whole ledger; None: the operator."""
    people = [line.member_id for line in reach.ledger(session, notice)]
    known = [each for each in people if each is not None]
    audit.note(session, actor, action, now, subjects=known)


def _row(line: Line, zone: tzinfo | None, *, out: bool) -> tuple[object, ...]:
    at = line.acknowledged_at
    return (
        line.name,
        line.userid,
        say_state(line, out=out),
        line.reason,
        at and at.astimezone(zone),
        line.choice,
        line.note,
    )


@proof("回执：不早于通知")
def answered(session: Session) -> Iterator[str]:
    receipts = select(Receipt.notice_id, Receipt.member_id).join(
        Notice, Notice.id == Receipt.notice_id
    )
    for notice, member in session.execute(receipts.where(Receipt.at < Notice.at)):
        yield f"第 {notice} 号通知，{member} 号党员的回执早于通知"


@proof("通知：一人只通知一次")
def told_once(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(Letter.topic, Recipient.member_id)
        .join(Recipient, Recipient.letter_id == Letter.id)
        .where(
            Letter.topic.like("notice:%"),
            Letter.topic.not_like("notice:%:%"),
            Recipient.member_id.is_not(None),
        )
        .group_by(Letter.topic, Recipient.member_id)
        .having(func.count() > 1)
    )
    for topic, member in rows:
        yield f"{topic} 给了 {member} 号党员不止一份"


@proof("通知：每一条都有信")
def written(session: Session) -> Iterator[str]:
    topic = func.concat("notice:", Notice.id)
    letters = select(Letter.id).where(Letter.topic == topic)
    for number in session.scalars(select(Notice.id).where(~letters.exists())):
        yield f"第 {number} 号通知没有信"
