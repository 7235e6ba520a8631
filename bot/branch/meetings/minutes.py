"""The way of the minutes: written, sent to the host, signed, locked, sent back.

Only what somebody wrote stands in them. Once signed nothing changes, but by sending
them back, and every step of that stays.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.meetings import meetings, resolutions, speeches, turnout
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.meetings.resolutions import Resolution
from bot.branch.meetings.speeches import MeetingNote
from bot.branch.people import members
from bot.branch.people.members import Member, Role
from bot.branch.people.tree import home
from bot.errors import Denied, Refusal
from bot.storage.database import Base, Id, take
from bot.storage.invariants import proof

STEPS = {
    "sent": "送主持人签字",
    "signed": "主持人签字",
    "returned": "主持人退回",
    "reopened": "锁定后退回修改",
    "host": "改由别人主持并签字",
    "closed": "散会",
}


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


def drop(session: Session, meeting: Meeting, text: str, now: datetime) -> str:
    """Take a point or a resolution out of a draft; return its whole text.

    Raises Refusal where none, or several, say so.
    """
    meetings.take_to_write(session, meeting, now)
    rows: list[MeetingNote | Resolution] = [
        *session.scalars(speeches.select_of(meeting)).all(),
        *session.scalars(resolutions.select_of(meeting)).all(),
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


def check_writer(session: Session, meeting: Meeting, member: Member) -> None:
    """Raise Denied for who does not write the minutes of a meeting.

    The secretary of a body above has its figures, and does not write in it.
    """
    standing = members.standing(session, member)
    whose = home(session, meeting.branch_id).id
    secretary = standing.role >= Role.SECRETARY
    own = secretary and home(session, standing.branch.id).id == whose
    if not own and member.id not in (meeting.host_id, meeting.recorder_id):
        raise Denied("会议记录由书记、主持人和记录人来写。")


def give_recorder(
    session: Session, meeting: Meeting, member: Member, now: datetime
) -> None:
    """Have somebody else record. Raises Refusal where nothing is written any more."""
    meetings.take_to_write(session, meeting, now)
    meeting.recorder_id = member.id


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
    meetings.take_to_write(session, meeting, now)
    if meeting.host_id is None:
        raise Refusal("还不知道谁主持，没法送签。先说“主持 赵敏”这样的一句。")
    figures = turnout.figures(session, meeting, now)
    if not figures.present:
        raise Refusal("到会还没有记，先补到会（例：“全到了”），再送签。")
    meeting.state = State.AWAITING_SIGNATURE
    _step(session, meeting, "sent", by.id, now)


def sign(session: Session, meeting: Meeting, by: Member, now: datetime) -> None:
    """Sign and lock. Raises Refusal where another signs, or nothing is to sign."""
    _must_await(session, meeting, by)
    meeting.state, meeting.locked_at = State.LOCKED, now
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


@proof("会议记录：锁定的都有主持人签字")
def signed(session: Session) -> Iterator[str]:
    by_host = select(MinutesStep.id).where(
        MinutesStep.meeting_id == Meeting.id, MinutesStep.step == "signed"
    )
    locked = select(Meeting.id).where(Meeting.state == State.LOCKED)
    for number in session.scalars(locked.where(~by_host.exists())):
        yield f"第 {number} 次会议锁定了，却没有签字"
