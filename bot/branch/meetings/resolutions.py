"""What was put to the vote at a meeting, with its figures, and whether it is passed."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ForeignKey, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.meetings import exceptions, meetings, turnout, voters
from bot.branch.meetings.kinds import Kind, Matter, matter_of
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.plans import Plan
from bot.branch.meetings.quorum import Outcome, Votes, decide, judge
from bot.branch.meetings.turnout import Figures
from bot.branch.people.members import Member
from bot.errors import Refusal
from bot.storage.database import Base, Id
from bot.storage.invariants import proof


class Resolution(Base):
    """What was put to the vote. voters, voters_here: with a vote, at that moment.

    against None: nobody gave figures, the meeting only agreed.
    """

    __tablename__ = "resolution"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str]
    matter: Mapped[Matter] = mapped_column(String)
    votes_for: Mapped[int]
    against: Mapped[int]
    abstain: Mapped[int]
    written_for: Mapped[int]
    voters: Mapped[int]
    voters_here: Mapped[int]
    passed: Mapped[bool]
    written_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Resolved:
    """What a vote came to. wanting: the meeting had too few to decide anything."""

    row: Resolution
    outcome: Outcome
    wanting: str = ""


def resolve(  # noqa: PLR0913  # what, how the vote went, who wrote it, and when
    session: Session,
    meeting: Meeting,
    text: str,
    votes: Votes,
    by: Member,
    now: datetime,
) -> Resolved:
    """Write a resolution down with its votes, and tell whether it is passed.

    Raises Refusal for votes that cannot be, for an election, or for the same again.
    """
    meetings.take_to_write(session, meeting, now)
    matter = matter_of(text)
    if matter == Matter.ELECTION:
        raise Refusal(
            "选举的票请按批复的选举办法当场发票、计票，这里不替支部算谁当选。"
            "选举结果报告批下来以后，当作会议记录写：“记录：…”。"
        )
    figures = _count_for(session, meeting, matter, now)
    _check(votes, figures, matter)
    standing = select_of(meeting).where(Resolution.text == text)
    if session.scalars(standing).first():
        raise Refusal(f"“{text}”已经记过表决结果。记错了，先说“划掉决议 {text}”。")
    day = meetings.day_of(meeting, now)
    outcome = decide(meeting.kind, matter, votes, figures.voters, day)
    quorum = judge(meeting.kind, matter, figures, day)
    wanting = str(quorum) if quorum and not quorum.met else ""
    row = Resolution(
        meeting_id=meeting.id,
        text=text,
        matter=matter,
        votes_for=votes.for_,
        against=votes.against,
        abstain=votes.abstain,
        written_for=votes.written_for,
        voters=figures.voters,
        voters_here=figures.voters_here,
        passed=outcome.passed and not wanting,
        written_by=by.id,
        at=now,
    )
    session.add(row)
    session.flush()
    return Resolved(row, outcome, wanting)


def _count_for(
    session: Session, meeting: Meeting, matter: Matter, now: datetime
) -> Figures:
    """Count who is there for a matter.

    Where somebody is taken in or made full, who has a vote and was left out of the call
    counts among 应到 all the same (`voters.keep_voters`).
    """
    figures = turnout.figures(session, meeting, now)
    if matter == Matter.ORDINARY or meeting.kind != Kind.GENERAL:
        return figures
    said = exceptions.of_meeting(session, meeting.id)
    plan = Plan(meeting.kind, meeting.branch_id, without=said.without)
    day = meetings.day_of(meeting, now)
    gone = voters.left_out_voters(session, plan, day)
    return replace(figures, voters=figures.voters + len(gone))


def _check(votes: Votes, figures: Figures, matter: Matter) -> None:
    here, cast = figures.voters_here, votes.cast
    if cast > here:
        raise Refusal(
            f"赞成、反对、弃权加起来 {cast} 票，可是到会有表决权的只有 {here} 人。"
            "先把到会补齐，说“全到了”或者“到会：王芳、李伟”，再记决议。"
        )
    away = figures.voters - here
    if votes.written_for > away:
        raise Refusal(
            f"书面同意 {votes.written_for} 份，可是没到会的有表决权的党员只有"
            f" {away} 人，请核对。"
        )
    if votes.written_for and matter != Matter.ADMISSION:
        raise Refusal(
            "书面意见只在讨论接收预备党员、转正时计入票数（发展党员工作细则）；"
            "别的决议只算到会的票。"
        )


def list_of(
    session: Session, found: Collection[Meeting]
) -> Mapping[int, list[Resolution]]:
    """List what was resolved at several meetings, by the meeting's number, in order."""
    numbers = [each.id for each in found]
    listed = defaultdict[int, list[Resolution]](list)
    mine = Resolution.meeting_id.in_(numbers) & Resolution.dropped_at.is_(None)
    for each in session.scalars(select(Resolution).where(mine).order_by(Resolution.id)):
        listed[each.meeting_id].append(each)
    return listed


def of_meeting(session: Session, meeting: Meeting) -> Sequence[Resolution]:
    return session.scalars(select_of(meeting)).all()


def say(each: Resolution) -> str:
    """Say a resolution with its votes, in a line."""
    written = f"，书面同意 {each.written_for}" if each.written_for else ""
    word = "通过" if each.passed else "未通过"
    return (
        f"{each.text}：赞成 {each.votes_for}，反对 {each.against}，"
        f"弃权 {each.abstain}{written}，{word}"
    )


def select_of(meeting: Meeting) -> Select[Resolution]:
    """Select what stands of it: all that was not dropped."""
    mine = (Resolution.meeting_id == meeting.id, Resolution.dropped_at.is_(None))
    return select(Resolution).where(*mine).order_by(Resolution.id)


@proof("决议：票数不超过到会有表决权的人")
def counted(session: Session) -> Iterator[str]:
    cast = Resolution.votes_for + Resolution.against + Resolution.abstain
    away = Resolution.voters - Resolution.voters_here
    odd = (cast > Resolution.voters_here) | (Resolution.written_for > away)
    for number in session.scalars(select(Resolution.id).where(odd)):
        yield f"第 {number} 条决议的票比人多"
