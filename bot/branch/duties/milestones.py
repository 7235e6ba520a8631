"""Dated facts of the way into the Party and of a branch's year, as they are noted.

Where 入党日期 and 转正日期 are concerned, the roster's columns hold them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Category, Member
from bot.branch.people.tree import Branch
from bot.storage.database import Base, Id, hold, insert_new
from bot.storage.invariants import proof


class Step(StrEnum):
    """What happened: to a person, or in the branch."""

    APPLIED = "applied"
    ACTIVIST = "activist"
    PUBLISHED = "published"
    CANDIDATE = "candidate"
    EXAMINED = "examined"
    RECEIVED = "received"
    REVIEWED = "reviewed"
    VOTED = "voted"
    EXTENDED = "extended"
    MET_APPLICANT = "met_applicant"
    ELECTED = "elected"
    LIFE_MEETING = "life_meeting"
    TALKS = "talks"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS: dict[Step, str] = {
    Step.APPLIED: "递交入党申请书",
    Step.ACTIVIST: "确定为入党积极分子",
    Step.PUBLISHED: "拟列为发展对象，公示开始",
    Step.CANDIDATE: "列为发展对象",
    Step.EXAMINED: "上级党委预审合格",
    Step.RECEIVED: "支部大会通过接收为预备党员",
    Step.REVIEWED: "半年考察谈话",
    Step.VOTED: "支部大会通过转正",
    Step.EXTENDED: "预备期延长到",
    Step.MET_APPLICANT: "同入党申请人谈话",
    Step.ELECTED: "支部换届选举",
    Step.LIFE_MEETING: "组织生活会",
    Step.TALKS: "年度谈心谈话完成",
}


class Milestone(Base):
    """subject: whose name, "" for the branch's own. member_id: of who is in the roster.

    years: of the term that an election begins. noted_by: a member's id, 0 for a roster.
    """

    __tablename__ = "milestone"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id", ondelete="CASCADE"))
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE")
    )
    subject: Mapped[str]
    step: Mapped[Step] = mapped_column(String)
    day: Mapped[date]
    years: Mapped[int | None]
    noted_by: Mapped[int]
    noted_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("branch_id", "subject", "member_id", "step", "day"),
        Index("ix_milestone_member_id", "member_id"),
    )


@dataclass(frozen=True)
class Fact:
    """What is to be noted. subject: a name, "" for the branch itself."""

    step: Step
    day: date
    subject: str = ""
    member_id: int | None = None
    years: int | None = None


def note(
    session: Session, branch: Branch, fact: Fact, by: Member | None, now: datetime
) -> bool:
    """Write a fact down; False if it was. A person's category follows.

    by: None for a roster.
    """
    hold(session, Branch, branch.id)
    known = select(Milestone.id).where(
        Milestone.branch_id == branch.id,
        Milestone.subject == fact.subject,
        Milestone.member_id == fact.member_id,
        Milestone.step == fact.step,
        Milestone.day == fact.day,
    )
    if session.scalar(known) is not None:
        return False
    session.add(
        Milestone(
            branch_id=branch.id,
            **vars(fact),
            noted_by=by.id if by else 0,
            noted_at=now,
        )
    )
    member = session.get(Member, fact.member_id) if fact.member_id else None
    if member is not None and fact.step == Step.ACTIVIST and member.category is None:
        member.category = Category.ACTIVIST
    if member is not None and fact.step == Step.CANDIDATE:
        member.category = Category.CANDIDATE
    session.flush()
    return True


def become_full(session: Session, member: Member, day: date) -> None:
    """Note 转正: from this day the party age counts."""
    member.category, member.full_member_since = Category.FULL, day
    session.flush()


class Warned(Base):
    """That a secretary was told of a deadline at one of its stages."""

    __tablename__ = "deadline_warned"

    key: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


def warn_once(session: Session, key: str, member: Member, now: datetime) -> bool:
    """Note that a member is told; False if he or she was told before."""
    row = {"key": key, "member_id": member.id, "at": now}
    return insert_new(session, Warned, row)


@proof("发展与任期：每一步都认得，只有换届有任期")
def known(session: Session) -> Iterator[str]:
    strange = Milestone.step.not_in([each.value for each in Step])
    years = Milestone.years.is_not(None) & (Milestone.step != Step.ELECTED)
    for number in session.scalars(select(Milestone.id).where(strange | years)):
        yield f"第 {number} 条不对"
