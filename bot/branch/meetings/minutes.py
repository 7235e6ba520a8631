"""The minutes: who said what, what was resolved; drafted, signed, locked, sent back.

Only what somebody wrote stands in them. Once signed nothing changes, but by sending
them back, and every step of that stays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.meetings import attendees, meetings
from bot.branch.meetings.kinds import Matter, matter_of
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.meetings.quorum import Outcome, Votes, decide, judge
from bot.branch.people.members import Member
from bot.errors import Refusal
from bot.storage.database import Base, Id, take
from bot.storage.invariants import proof

LONGEST = 4000
STEPS = {
    "sent": "送主持人签字",
    "signed": "主持人签字",
    "returned": "主持人退回",
    "reopened": "锁定后退回修改",
    "host": "改由别人主持并签字",
    "closed": "散会",
}


class MeetingNote(Base):
    """A point of somebody's speech. member_id: who spoke, where the roster knows.

    dissent: another opinion than the resolution's. dropped_at: taken out of the draft.
    """

    __tablename__ = "meeting_note"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), index=True
    )
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str]
    dissent: Mapped[bool]
    written_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_meeting_note_member_id", "member_id"),)


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


class MinutesStep(Base):
    """One step of the minutes' way; only added to."""

    __tablename__ = "minutes_step"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), index=True
    )
    step: Mapped[str]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    why: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Resolved:
    """What a vote came to. wanting: the meeting had too few to decide anything."""

    row: Resolution
    outcome: Outcome
    wanting: str = ""


def note(  # noqa: PLR0913  # what was said, by whom, who wrote it, and when
    session: Session,
    meeting: Meeting,
    speaker: int | None,
    text: str,
    by: Member,
    now: datetime,
) -> bool:
    """Write a point down; False if just that stands already. Raises Refusal."""
    _open_to_writing(session, meeting, now)
    if len(text) > LONGEST:
        raise Refusal(f"一条记录最多 {LONGEST} 字，请分几条发。")
    same = (
        MeetingNote.text == text,
        MeetingNote.member_id.is_not_distinct_from(speaker),
    )
    if session.scalars(_notes(meeting).where(*same)).first():
        return False
    dissent = text.startswith(("不同意", "反对", "不赞成", "保留意见"))
    session.add(
        MeetingNote(
            meeting_id=meeting.id,
            member_id=speaker,
            text=text,
            dissent=dissent,
            written_by=by.id,
            at=now,
        )
    )
    session.flush()
    return True


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
    _open_to_writing(session, meeting, now)
    matter = matter_of(text)
    if matter == Matter.ELECTION:
        raise Refusal(
            "选举的票请按批复的选举办法当场发票、计票，这里不替支部算谁当选。"
            "选举结果报告批下来以后，当作会议记录写：“记录：…”。"
        )
    figures = attendees.figures(session, meeting, now)
    _check(votes, figures, matter)
    standing = _resolutions(meeting).where(Resolution.text == text)
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


def _check(votes: Votes, figures: attendees.Figures, matter: Matter) -> None:
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


def drop(session: Session, meeting: Meeting, text: str, now: datetime) -> str:
    """Take a point or a resolution out of a draft; return its whole text.

    Raises Refusal where none, or several, say so.
    """
    _open_to_writing(session, meeting, now)
    rows: list[MeetingNote | Resolution] = [
        *session.scalars(_notes(meeting)).all(),
        *session.scalars(_resolutions(meeting)).all(),
    ]
    found = [each for each in rows if text and text in each.text]
    exact = [each for each in found if each.text == text] or found
    if not exact:
        raise Refusal(f"记录里没有“{text}”。发“会议记录”看看记了哪些。")
    if len(exact) > 1:
        raise Refusal(f"有 {len(exact)} 条都含“{text}”，请多说几个字。")
    exact[0].dropped_at = now
    session.flush()
    return exact[0].text


def notes(
    session: Session, meeting: Meeting
) -> Sequence[tuple[str | None, MeetingNote]]:
    """List what was said, in order, with who said it."""
    rows = session.execute(
        select(Member.called, MeetingNote)
        .outerjoin(Member, Member.id == MeetingNote.member_id)
        .select_from(MeetingNote)
        .where(MeetingNote.meeting_id == meeting.id, MeetingNote.dropped_at.is_(None))
        .order_by(MeetingNote.id)
    )
    return [(name, row) for name, row in rows]


def resolutions(session: Session, meeting: Meeting) -> Sequence[Resolution]:
    return session.scalars(_resolutions(meeting)).all()


def steps(
    session: Session, meeting: Meeting
) -> Sequence[tuple[str | None, MinutesStep]]:
    rows = session.execute(
        select(Member.called, MinutesStep)
        .select_from(MinutesStep)
        .outerjoin(Member, Member.id == MinutesStep.taken_by)
        .where(MinutesStep.meeting_id == meeting.id)
        .order_by(MinutesStep.id)
    )
    return [(name, row) for name, row in rows]


def close(session: Session, meeting: Meeting, by: Member, now: datetime) -> None:
    """End a meeting: 散会. Raises Refusal if it has not begun, or is over."""
    take(session, meeting)
    if meeting.state == State.CANCELLED or now < meeting.starts_at:
        raise Refusal(f"“{meeting.title}”还没有开始，没有什么可散的。")
    if meeting.state != State.CALLED:
        raise Refusal(f"“{meeting.title}”已经散会了。")
    meeting.ends_at, meeting.state = now, State.HELD
    _step(session, meeting, "closed", by.id, now)


def send(session: Session, meeting: Meeting, by: Member, now: datetime) -> None:
    """Hand the draft to the host. Raises Refusal where that cannot be."""
    _open_to_writing(session, meeting, now)
    if meeting.host_id is None:
        raise Refusal("还不知道谁主持，没法送签。先说“主持 赵敏”这样的一句。")
    figures = attendees.figures(session, meeting, now)
    if not figures.present:
        raise Refusal("到会还没有记，先补到会（例：“全到了”），再送签。")
    meeting.state = State.AWAITING_SIGNATURE
    _step(session, meeting, "sent", by.id, now)


def sign(session: Session, meeting: Meeting, by: Member, now: datetime) -> None:
    """Sign and lock. Raises Refusal where another signs, or nothing is to sign."""
    _must_await(session, meeting, by)
    meeting.state, meeting.locked_at = State.LOCKED, now
    if meetings.is_after_day(meeting.starts_at, meeting.at):
        meeting.late_entry = True
    _step(session, meeting, "signed", by.id, now)


def give_back(
    session: Session, meeting: Meeting, by: Member, why: str, now: datetime
) -> None:
    """Send the draft back to who wrote it, with what is wrong."""
    _must_await(session, meeting, by)
    meeting.state = State.HELD
    _step(session, meeting, "returned", by.id, now, why)


def reopen(
    session: Session, meeting: Meeting, by: Member, why: str, now: datetime
) -> None:
    """Send locked minutes back to be changed; the trace of it stays."""
    take(session, meeting)
    if meeting.state not in (State.LOCKED, State.AWAITING_SIGNATURE):
        raise Refusal(f"“{meeting.title}”的记录还没有送签，直接改就行。")
    if not why:
        raise Refusal("要退回修改，请说明原因，例：退回记录 决议票数记错了")
    meeting.state, meeting.locked_at = State.HELD, None
    _step(session, meeting, "reopened", by.id, now, why)


def change_host(
    session: Session, meeting: Meeting, host: Member, by: Member, now: datetime
) -> None:
    """Have another lead the meeting, and sign. Raises Refusal once it is signed."""
    take(session, meeting)
    if meeting.state in (State.LOCKED, State.CANCELLED):
        raise Refusal(f"“{meeting.title}”的记录已经锁定，主持人不能改了。")
    meeting.host_id = host.id
    _step(session, meeting, "host", by.id, now, host.called)


def _must_await(session: Session, meeting: Meeting, by: Member) -> None:
    take(session, meeting)
    if meeting.state == State.LOCKED:
        raise Refusal(f"“{meeting.title}”的记录已经签过、锁定了。")
    if meeting.state != State.AWAITING_SIGNATURE:
        raise Refusal(f"“{meeting.title}”的记录现在不在等签字。")
    if by.id != meeting.host_id:
        host = meeting.host_id and session.get(Member, meeting.host_id)
        who = host.called if host else "主持人"
        raise Refusal(f"“{meeting.title}”现在由{who}主持并签字。")


def _open_to_writing(session: Session, meeting: Meeting, now: datetime) -> None:
    """Have the minutes to ourselves. Raises Refusal if they cannot be written now."""
    take(session, meeting)
    match meeting.state:
        case State.CANCELLED:
            raise Refusal(f"“{meeting.title}”取消了，没有记录可写。")
        case State.LOCKED:
            raise Refusal(
                f"“{meeting.title}”的记录已经签字锁定。要改，先说“退回记录 原因”。"
            )
        case State.AWAITING_SIGNATURE:
            raise Refusal(
                f"“{meeting.title}”的记录已经送主持人签字。要改，先说“退回记录 原因”。"
            )
    if now < meeting.starts_at:
        raise Refusal(f"“{meeting.title}”还没开，记录要等开会的时候写。")


def _step(  # noqa: PLR0913  # a step has many words
    session: Session,
    meeting: Meeting,
    step: str,
    by: int,
    now: datetime,
    why: str = "",
) -> None:
    session.add(
        MinutesStep(meeting_id=meeting.id, step=step, taken_by=by, why=why, at=now)
    )
    session.flush()


def _notes(meeting: Meeting) -> Select[MeetingNote]:
    mine = (MeetingNote.meeting_id == meeting.id, MeetingNote.dropped_at.is_(None))
    return select(MeetingNote).where(*mine).order_by(MeetingNote.id)


def _resolutions(meeting: Meeting) -> Select[Resolution]:
    mine = (Resolution.meeting_id == meeting.id, Resolution.dropped_at.is_(None))
    return select(Resolution).where(*mine).order_by(Resolution.id)


@proof("决议：票数不超过到会有表决权的人")
def counted(session: Session) -> Iterator[str]:
    cast = Resolution.votes_for + Resolution.against + Resolution.abstain
    away = Resolution.voters - Resolution.voters_here
    odd = (cast > Resolution.voters_here) | (Resolution.written_for > away)
    for number in session.scalars(select(Resolution.id).where(odd)):
        yield f"第 {number} 条决议的票比人多"


@proof("会议记录：锁定的都有主持人签字")
def signed(session: Session) -> Iterator[str]:
    by_host = select(MinutesStep.id).where(
        MinutesStep.meeting_id == Meeting.id, MinutesStep.step == "signed"
    )
    locked = select(Meeting.id).where(Meeting.state == State.LOCKED)
    for number in session.scalars(locked.where(~by_host.exists())):
        yield f"第 {number} 次会议锁定了，却没有签字"
