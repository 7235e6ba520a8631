"""A notice's ledger as an xlsx file: every planned person, nobody left out."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.beforehand import Made
from bot.branch import audit, reach
from bot.branch.exports import make_book, send_book
from bot.branch.members import Member
from bot.branch.notices import Notice
from bot.branch.reach import Line
from bot.branch.receipts import Receipt
from bot.outbox import Letter, Recipient
from bot.proof import proof
from bot.sheets import Sheet, write_book

HEADS = ("姓名", "账号", "送达情况", "未送达原因", "回复时间", "选择")
STATES = {"delivered": "已送达", "refused": "未送达", "pending": "发送中"}


def write_ledger(session: Session, notice: Notice, zone: tzinfo | None) -> bytes:
    """Write the ledger; times are local."""
    return write_book([_sheet(session, notice, zone)])


def _sheet(session: Session, notice: Notice, zone: tzinfo | None) -> Sheet:
    rows = [_row(line, zone) for line in reach.ledger(session, notice)]
    return Sheet("通知台账", HEADS, rows)


def send_ledger(
    session: Session, notice: Notice, to: Member, made: Made, now: datetime
) -> str:
    """Send the ledger to a member as a file; return its name."""
    name = f"通知台账-{notice.id}-{notice.title[:12]}.xlsx"
    content = make_book([_sheet(session, notice, now.tzinfo)], made)
    note_look(session, notice, to, "notices.export", now)
    return send_book(session, name, content, to, now)


def note_look(
    session: Session, notice: Notice, actor: Member | None, action: str, now: datetime
) -> None:
    """Write down that somebody saw or took out the whole ledger; None: the operator."""
    people = [line.member_id for line in reach.ledger(session, notice)]
    known = [each for each in people if each is not None]
    audit.note(session, actor, action, now, subjects=known)


def _row(line: Line, zone: tzinfo | None) -> tuple[object, ...]:
    at = line.acknowledged_at
    return (
        line.name,
        line.userid,
        STATES[line.state],
        line.reason,
        at and f"{at.astimezone(zone):%Y-%m-%d %H:%M}",
        line.choice,
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
