"""What a member does with a notice: finds it, answers it, presses its card."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import corrections, notices, receipts
from bot.branch.notices.notices import Notice, State
from bot.branch.notices.receipts import LOOK, Receipt
from bot.branch.people.members import Member, Speaker
from bot.branch.people.referral import send_member_on
from bot.errors import Refusal
from bot.message import CardUpdate, Text
from bot.outbox import Importance, Letter, Plan, Recipient, Window
from bot.storage.database import Base
from bot.storage.prepared import Prepared

ASKED_FOR = timedelta(days=14)
TOLD_WITHIN = timedelta(hours=1)

_TABLE = Base.metadata.tables["notice"]
_ANY_ASKING = (
    select(_TABLE.c.id)
    .where(_TABLE.c.asking, _TABLE.c.goes_at > bindparam("since"))
    .limit(1)
)
ASKING = Prepared(_ANY_ASKING)
"""Whether any notice asks anything: every short text wants to know."""
ASKING_NOW = _ANY_ASKING.scalar_subquery()


class NotMeant(Refusal):
    """A notice did not go to who answers it."""


def is_open(member: Member | Speaker, notice: Notice, receipt: Receipt | None) -> bool:
    """Tell whether a member still owes an answer; a look at a question is none.

    Nobody owes one to a notice of his or her own, or to one that leaves them out since.
    """
    if notice.author_id == member.id or notices.leaves_out(notice, member.id):
        return False
    if receipt is None or receipt.how == LOOK:
        return True
    return notice.asking and receipt.choice not in notice.answers


def sent_to(
    session: Session, member: Member | Speaker, now: datetime, limit: int = 5
) -> list[tuple[Notice, Receipt | None]]:
    """List the latest notices that went to a member, with his or her receipt."""
    rows = session.execute(
        select(Notice, Receipt)
        .join(Letter, Letter.topic == func.concat("notice:", Notice.id))
        .join(Recipient, Recipient.letter_id == Letter.id)
        .outerjoin(
            Receipt,
            (Receipt.notice_id == func.coalesce(Notice.corrects, Notice.id))
            & (Receipt.member_id == member.id),
        )
        .where(
            Recipient.member_id == member.id,
            Notice.goes_at <= now,
            Notice.state == State.SENT,
        )
        .order_by(Notice.id.desc())
        .limit(limit)
    )
    return [(notice, receipt) for notice, receipt in rows]


def asked_of(
    session: Session, member: Member | Speaker, now: datetime
) -> list[tuple[Notice, Receipt | None]]:
    """List the recent notices that ask a member to choose, the newest first."""
    if ASKING.first(session, since=now - ASKED_FOR) is None:
        return []
    mine = sent_to(session, member, now, 20)
    return [
        (notice, receipt)
        for notice, receipt in mine
        if notice.asking and notice.goes_at > now - ASKED_FOR
    ]


def acknowledge(session: Session, notice: Notice, receipt: Receipt) -> bool:
    """Record a receipt; False if it says nothing new.

    It is one for the whole matter, and what stands of it now says what may be answered.
    Raises NotMeant if the notice did not go to the member, Refusal if it is no more.
    """
    if not is_planned(session, notice, receipt.member_id):
        raise NotMeant("这条通知不是发给您的，不用回复。")
    if notices.leaves_out(notice, receipt.member_id):
        raise NotMeant(f"“{notice.title}”现在不用您参加了，不用回复。")
    last = corrections.standing(session, notice, receipt.at)
    if last.state == State.WITHDRAWN:
        raise Refusal(f"“{notice.title}”已经撤回，不用回复了。")
    if receipt.how != LOOK and last.deadline and receipt.at > last.deadline:
        step = too_late(session, receipt.member_id)
        raise Refusal(f"“{last.title}”已过了截止时间，{step}。")
    if receipt.choice is not None and receipt.choice not in last.answers:
        if last.asking:
            offered = "、".join(f"“{each}”" for each in last.answers)
            raise Refusal(f"“{notice.title}”已更正，请回复{offered}中的一个。")
        receipt.choice = receipt.note = None
    receipt.notice_id = notice.matter
    return receipts.record(session, receipt)


def came_since(
    session: Session, member: Member | Speaker, found: Sequence[Notice]
) -> list[Notice]:
    """List which of these notices went out since a member last answered any."""
    last = receipts.last_of(session, member.id)
    if last is None:
        return list(found)
    # of two at one moment the one written later is the later
    at = (last.at, last.notice_id)
    return [each for each in found if (each.goes_at, each.matter) > at]


def reached(
    session: Session, member: Member | Speaker, found: Sequence[Notice]
) -> list[Notice]:
    """List which of these notices have come to a member, and are not kept back."""
    topics = session.scalars(
        select(Letter.topic)
        .join(Recipient, Recipient.letter_id == Letter.id)
        .where(
            Letter.topic.in_([each.topic for each in found]),
            Recipient.member_id == member.id,
            Recipient.state == "delivered",
        )
    )
    came = set(topics)
    return [each for each in found if each.topic in came]


def is_late(session: Session, notice: Notice, now: datetime) -> bool:
    """Tell whether what stands of a notice takes no answers any more."""
    last = corrections.standing(session, notice, now)
    return last.deadline is not None and now > last.deadline


def too_late(session: Session, member_id: int) -> str:
    """Tell what is left to a reader when the deadline is over."""
    extend = "要接着收回复，请发更正，把截止时间往后改"
    return send_member_on(session, member_id, "有事请直接联系书记", extend)


def is_planned(session: Session, notice: Notice, member_id: int) -> bool:
    """Tell whether a notice was meant for a member."""
    planned = (
        select(Recipient.id)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(Letter.topic == notice.topic, Recipient.member_id == member_id)
        .limit(1)
    )
    return session.scalar(planned) is not None


def grey_out(
    session: Session, member: Member, ticket: str, words: str, now: datetime
) -> None:
    """Have the pressed card's button read `words`; the ticket is good for 72 hours."""
    plan = Plan(
        key=f"card:{ticket}",
        kind="card_update",
        content=CardUpdate(ticket, words),
        window=Window(now, now + timedelta(hours=70)),
        importance=Importance.ANSWER,
    )
    outbox.put_to(session, plan, member.userid, member.id, now=now)


def tell(session: Session, member: Member, key: str, words: str, now: datetime) -> None:
    """Say something to a member who is looking at the screen."""
    plan = Plan(
        key=key,
        kind="reply",
        content=Text(words),
        window=Window(now, now + TOLD_WITHIN),
        importance=Importance.ANSWER,
    )
    outbox.put_to(session, plan, member.userid, member.id, now=now)
