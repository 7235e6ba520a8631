"""Notices of a secretary: who is told, who has it, who has acknowledged it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import outbox
from bot.branch.members import Member, within
from bot.branch.tree import Branch
from bot.errors import Refusal
from bot.message import Button, Card, CardUpdate
from bot.outbox import Importance, People, Plan, Recipient, Tally, Window
from bot.storage import Base, Id, insert_new

MAX_TEXT = 4000
GOOD_FOR = timedelta(days=3)
NUDGE_EVERY = timedelta(hours=4)
TITLE_CHARS = 18


class Notice(Base):
    """A text to a branch. letter_id: its letter, whose recipients are the plan."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    title: Mapped[str] = mapped_column(String(64))
    text: Mapped[str]
    at: Mapped[datetime]
    nudged_at: Mapped[datetime | None]
    nudges: Mapped[int] = mapped_column(default=0)


class Receipt(Base):
    """That a member has acknowledged a notice; how: button, text or page."""

    __tablename__ = "receipt"

    notice_id: Mapped[int] = mapped_column(
        ForeignKey("notice.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    at: Mapped[datetime]
    how: Mapped[str] = mapped_column(String(16))

    __table_args__ = (Index("ix_receipt_member_id", "member_id"),)


@dataclass(frozen=True)
class Line:
    """One planned person in the ledger."""

    member_id: int | None
    userid: str | None
    name: str
    state: str
    reason: str | None
    acknowledged_at: datetime | None


@dataclass(frozen=True)
class Status:
    notice: Notice
    tally: Tally
    acknowledged: int


def publish(
    session: Session, author: Member, branch: Branch, text: str, now: datetime
) -> Notice:
    """Write a notice down, with a letter and a row for everyone it is meant for."""
    if len(text) > MAX_TEXT:
        raise Refusal(f"通知最多 {MAX_TEXT} 字，现在有 {len(text)} 字，请缩短再发。")
    notice = Notice(
        author_id=author.id,
        branch_id=branch.id,
        title=make_title(text),
        text=text,
        at=now,
    )
    session.add(notice)
    session.flush()
    plan = Plan(
        key=f"notice:{notice.id}",
        kind="notice",
        content=_card(notice, branch, "通知"),
        window=Window(now, now + GOOD_FOR),
        importance=Importance.NOTICE,
    )
    letter = outbox.put(session, plan, within(branch), now=now)
    notice.letter_id = letter.id if letter else None
    session.flush()
    return notice


def make_title(text: str) -> str:
    """Take the first line or clause as the title."""
    head = re.split(r"[\n。！？!?；;]", text.strip(), maxsplit=1)[0].strip()
    return head if len(head) <= TITLE_CHARS else head[: TITLE_CHARS - 1] + "…"


def find(session: Session, notice_id: int) -> Notice:
    """Return a notice. Raises Refusal if there is none."""
    notice = session.get(Notice, notice_id)
    if notice is None:
        raise Refusal("没有找到这条通知。")
    return notice


def latest(session: Session, branch: Branch, limit: int = 5) -> Sequence[Notice]:
    """List the latest notices to a branch or below it, the newest first."""
    return session.scalars(
        select(Notice)
        .join(Branch, Branch.id == Notice.branch_id)
        .where(Branch.path.startswith(branch.path))
        .order_by(Notice.id.desc())
        .limit(limit)
    ).all()


def every(session: Session) -> Sequence[Notice]:
    return session.scalars(select(Notice).order_by(Notice.id)).all()


def sent_to(
    session: Session, member: Member, limit: int = 5
) -> list[tuple[Notice, Receipt | None]]:
    """List the latest notices planned for a member, with his or her receipt."""
    rows = session.execute(
        select(Notice, Receipt)
        .join(Recipient, Recipient.letter_id == Notice.letter_id)
        .outerjoin(
            Receipt,
            (Receipt.notice_id == Notice.id) & (Receipt.member_id == member.id),
        )
        .where(Recipient.member_id == member.id)
        .order_by(Notice.id.desc())
        .limit(limit)
    )
    return [(notice, receipt) for notice, receipt in rows]


def acknowledge(
    session: Session, notice: Notice, member: Member, now: datetime, how: str
) -> bool:
    """Record a receipt; False if it was recorded before.

    Raises Refusal if the notice was not meant for the member.
    """
    planned = select(Recipient.id).where(
        Recipient.letter_id == notice.letter_id, Recipient.member_id == member.id
    )
    if session.scalar(planned) is None:
        raise Refusal("这条通知不是发给您的，不用回复。")
    row = {"notice_id": notice.id, "member_id": member.id, "at": now, "how": how}
    return insert_new(session, Receipt, row)


def grey_out(session: Session, member: Member, ticket: str, now: datetime) -> None:
    """Have the pressed card's button read 已收到; the ticket is good for 72 hours."""
    plan = Plan(
        key=f"card:{ticket}",
        kind="card_update",
        content=CardUpdate(ticket, "已收到"),
        window=Window(now, now + timedelta(hours=70)),
        importance=Importance.ANSWER,
    )
    outbox.put_to(session, plan, member.userid or "", member.id, now=now)


def status(session: Session, notice: Notice) -> Status:
    receipts = select(func.count()).where(Receipt.notice_id == notice.id)
    figures = outbox.tally(session, notice.letter_id or 0)
    return Status(notice, figures, session.scalar(receipts) or 0)


def ledger(session: Session, notice: Notice) -> list[Line]:
    """List every planned person with what became of the notice."""
    rows = session.execute(
        select(
            Recipient.member_id,
            Recipient.user,
            func.coalesce(Member.name, Recipient.user),
            Recipient.state,
            Recipient.reason,
            Receipt.at,
        )
        .outerjoin(Member, Member.id == Recipient.member_id)
        .outerjoin(
            Receipt,
            (Receipt.notice_id == notice.id)
            & (Receipt.member_id == Recipient.member_id),
        )
        .where(Recipient.letter_id == notice.letter_id)
        .order_by(Recipient.id)
    )
    return [Line(*row) for row in rows]


def silent(session: Session, notice: Notice, limit: int = 1000) -> list[Line]:
    """List who has not acknowledged, whether it reached them or not."""
    return [line for line in ledger(session, notice) if line.acknowledged_at is None][
        :limit
    ]


def nudge(session: Session, notice: Notice, now: datetime) -> int:
    """Remind those who got the notice and have not acknowledged; return how many.

    Raises Refusal when it is too soon, at night or when nobody is silent.
    """
    if notice.nudged_at and now - notice.nudged_at < NUDGE_EVERY:
        at = notice.nudged_at.astimezone(now.tzinfo)
        hours = int(NUDGE_EVERY.total_seconds() // 3600)
        raise Refusal(f"{at:%H:%M} 刚催过，{hours} 小时内不再催，免得打扰大家。")
    branch = session.get_one(Branch, notice.branch_id)
    plan = Plan(
        key=f"nudge:{notice.id}:{notice.nudges + 1}",
        kind="nudge",
        content=_card(notice, branch, "请回复"),
        window=Window(now, now + NUDGE_EVERY),
        importance=Importance.NOTICE,
    )
    letter = outbox.put(session, plan, _silent_people(notice), now=now)
    if letter is None or letter.planned == 0:
        raise Refusal("收到通知的人都已回复，不用催。")
    notice.nudged_at, notice.nudges = now, notice.nudges + 1
    session.flush()
    return letter.planned


def _silent_people(notice: Notice) -> People:
    return (
        select(Recipient.member_id, Recipient.user)
        .join(Member, Member.id == Recipient.member_id)
        .outerjoin(
            Receipt,
            (Receipt.notice_id == notice.id)
            & (Receipt.member_id == Recipient.member_id),
        )
        .where(
            Recipient.letter_id == notice.letter_id,
            Recipient.state == "delivered",
            Receipt.member_id.is_(None),
            Member.state == "active",
        )
        .order_by(Recipient.id)
    )


def _card(notice: Notice, branch: Branch, word: str) -> Card:
    return Card(
        title=f"{word}：{notice.title}",
        text=notice.text,
        source=branch.name,
        buttons=(Button("收到", f"receipt:{notice.id}"),),
    )
