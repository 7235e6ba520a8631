"""Questions that nothing here answers: to the secretary, and her answer back, once.

Only the secretaries it went to know who asked; the asker gets the answer as a letter.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, and_, literal, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import outbox
from bot.branch.people.members import REACHABLE, Grant, Member, Role, party_branch
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.message import Text
from bot.outbox import Importance, Plan, Window
from bot.storage.database import Base, Id
from bot.storage.invariants import proof

WORTH_ANSWERING = timedelta(days=3)
NOT_THERE = "没有第 {number} 问，或者不是问您的。发“待答问题”看看。"


class Asked(Base):
    """One question of a member, open until a secretary answered it."""

    __tablename__ = "asked"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    question: Mapped[str]
    at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by: Mapped[int | None] = mapped_column(Id)
    answered_at: Mapped[datetime | None]


def secretaries(session: Session, member: Member) -> Sequence[Member]:
    """List the secretaries of the nearest branch above a member; never herself."""
    home = party_branch(session, member)
    above = [int(part) for part in home.path.split("/") if part]
    rows = session.execute(
        select(Member, Branch.path)
        .join(Grant, Grant.member_id == Member.id)
        .join(Branch, Branch.id == Grant.branch_id)
        .where(
            Grant.role == int(Role.SECRETARY),
            Branch.id.in_(above),
            Member.id != member.id,
            Member.state == "active",
            REACHABLE,
        )
        .order_by(Branch.path.desc(), Member.id)
    ).all()
    nearest = max((len(path) for _, path in rows), default=0)
    return [each for each, path in rows if len(path) == nearest]


def put(
    session: Session, member: Member, question: str, window: Window, now: datetime
) -> Asked | None:
    """Send a question to the secretaries; None if there is nobody to ask."""
    to = secretaries(session, member)
    if not to:
        return None
    asked = Asked(
        member_id=member.id,
        branch_id=party_branch(session, member).id,
        question=question,
        at=now,
    )
    session.add(asked)
    session.flush()
    text = (
        f"{member.called}问（第 {asked.id} 问）：{question}\n"
        "我手上没有可靠的依据，请您答复，只有您看得到是谁问的。\n"
        f"发“答复 {asked.id} …”，我先给您预览。"
    )
    for each in to:
        key = f"{letter_key(asked.id)}{each.id}"
        plan = Plan(key, "question", Text(text), window, Importance.NOTICE)
        outbox.put_to(session, plan, each.userid, each.id, now=asked.at)
    return asked


def letter_key(number: int) -> str:
    """Tell with what the keys of a question's letters begin, before who got it."""
    return f"asked:{number}:"


def find_open(session: Session, secretary: Member, number: int) -> Asked:
    """Find a question that this secretary may still answer; raises Refusal."""
    asked = session.get(Asked, number)
    if asked is None or not _may_answer(session, secretary, asked):
        raise Refusal(NOT_THERE.format(number=number))
    if asked.answered_at:
        raise Refusal(f"第 {number} 问已经答复过了，不用再答。")
    return asked


def waiting(session: Session, secretary: Member) -> list[Asked]:
    """List the open questions of a secretary, the oldest first."""
    rows = session.scalars(
        select(Asked).where(Asked.answered_at.is_(None)).order_by(Asked.id)
    )
    return [each for each in rows if _may_answer(session, secretary, each)]


def answer(
    session: Session, asked: Asked, text: str, by: Member, window: Window
) -> None:
    """Send the answer to whoever asked; the second answer is refused."""
    now = window.not_before
    taken = session.execute(
        update(Asked)
        .where(Asked.id == asked.id, Asked.answered_at.is_(None))
        .values(answer=text, answered_by=by.id, answered_at=now)
        .returning(literal(1))
    ).first()
    if taken is None:
        raise Refusal(f"第 {asked.id} 问已经答复过了，不用再答。")
    asker = session.get_one(Member, asked.member_id)
    plan = Plan(
        key=f"answered:{asked.id}",
        kind="answer",
        content=Text(f"您问的“{asked.question}”，书记{by.called}答复：\n{text}"),
        window=window,
        importance=Importance.NOTICE,
    )
    outbox.put_to(session, plan, asker.userid, asker.id, now=now)


def _may_answer(session: Session, secretary: Member, asked: Asked) -> bool:
    asker = session.get_one(Member, asked.member_id)
    return secretary.id in {each.id for each in secretaries(session, asker)}


@proof("问书记：答复、谁答的、何时答的，要么都有要么都没有")
def whole(session: Session) -> Iterator[str]:
    said = (Asked.answer, Asked.answered_by, Asked.answered_at)
    nothing, everything = (
        and_(*(each.is_(None) for each in said)),
        and_(*(each.is_not(None) for each in said)),
    )
    for number in session.scalars(select(Asked.id).where(~or_(nothing, everything))):
        yield f"第 {number} 问的答复不全"
