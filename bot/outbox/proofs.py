"""What must be true of letters, recipients and batches at every moment."""

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.outbox.letters import Batch, Letter, Recipient
from bot.outbox.line import waiting_rows
from bot.outbox.report import unbalanced
from bot.outbox.ways import PEOPLE
from bot.storage.invariants import proof

STATES = ("pending", "delivered", "refused")


@proof("每封信：计划人数＝送达＋拒收＋待发")
def balanced(session: Session) -> Iterator[str]:
    for number in unbalanced(session):
        yield f"第 {number} 号信的收件人与计划人数不符"


@proof("每个收件人恰有一种结果")
def settled(session: Session) -> Iterator[str]:
    odd = or_(
        Recipient.state.not_in(STATES),
        (Recipient.state == "refused") & Recipient.reason.is_(None),
        (Recipient.state == "pending") & Recipient.settled_at.is_not(None),
        (Recipient.state != "pending") & Recipient.settled_at.is_(None),
    )
    rows = session.execute(
        select(Recipient.letter_id, Recipient.id, Recipient.state).where(odd)
    )
    for letter, number, state in rows:
        yield f"第 {letter} 号信的第 {number} 号收件人状态不对（{state}）"


@proof("每封信等着发的人数与记的一样")
def counted(session: Session) -> Iterator[str]:
    waiting = (
        select(func.count())
        .where(Recipient.letter_id == Letter.id, *waiting_rows())
        .correlate(Letter)
        .scalar_subquery()
    )
    for number in session.scalars(select(Letter.id).where(Letter.unclaimed != waiting)):
        yield f"第 {number} 号信记的待发人数不对"


@proof("一封信同一人只有一份")
def once_each(session: Session) -> Iterator[str]:
    account = func.lower(Recipient.user)
    rows = session.execute(
        select(Recipient.letter_id, func.count())
        .where(Recipient.user.is_not(None))
        .group_by(Recipient.letter_id, account)
        .having(func.count() > 1)
    )
    for letter, copies in rows:
        yield f"第 {letter} 号信有人列了 {copies} 次"


@proof("每一批都有主、属于那封信，办完的不再有人等")
def owned(session: Session) -> Iterator[str]:
    strays = (
        select(Recipient.id)
        .outerjoin(Batch, Batch.id == Recipient.batch_id)
        .where(
            Recipient.batch_id.is_not(None),
            or_(Batch.id.is_(None), Batch.letter_id != Recipient.letter_id),
        )
    )
    for number in session.scalars(strays):
        yield f"第 {number} 号收件人所在的批次不在或不属于那封信"
    for number in session.scalars(select(Batch.id).where(Batch.owner == "")):
        yield f"第 {number} 批没有主"
    waiting = (
        select(Recipient.batch_id)
        .join(Batch, Batch.id == Recipient.batch_id)
        .where(Batch.done, Recipient.state == "pending")
        .distinct()
    )
    for batch in session.scalars(waiting):
        yield f"第 {batch} 批已办完，却还有人没有结果"


@proof("留到以后的都还没有结果，等汇总的都在一封汇总里")
def held(session: Session) -> Iterator[str]:
    kept = Recipient.held_until.is_not(None)
    odd = kept & ((Recipient.state != "pending") | Recipient.batch_id.is_not(None))
    for number in session.scalars(select(Recipient.id).where(odd)):
        yield f"第 {number} 号收件人已有结果，却还留着"
    whole = aliased(Recipient)
    told = (
        select(whole.id)
        .join(Letter, Letter.id == whole.letter_id)
        .where(
            whole.letter_id == Recipient.digest_id,
            whole.user == Recipient.user,
            Letter.kind == "digest",
        )
    )
    waits = (Recipient.state == "pending", Recipient.digest_id.is_not(None))
    for number in session.scalars(select(Recipient.id).where(*waits, ~told.exists())):
        yield f"第 {number} 号收件人等的汇总里没有他"


@proof("走别的渠道的都有地址")
def routed(session: Session) -> Iterator[str]:
    sent = Recipient.batch_id.is_not(None) & Recipient.way.is_not(None)
    odd = or_(
        Recipient.address.is_not(None) & Recipient.way.is_(None),
        sent & (Recipient.way != PEOPLE) & Recipient.address.is_(None),
    )
    gone = (Recipient.state == "pending") | Recipient.user.is_not(None)
    for number in session.scalars(select(Recipient.id).where(odd, gone)):
        yield f"第 {number} 号收件人走的渠道记得不全"
