"""What was said at a meeting, point by point, and by whom; only what somebody wrote."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.meetings import meetings
from bot.branch.meetings.meetings import Meeting
from bot.branch.people.members import Member
from bot.errors import Refusal
from bot.storage.database import Base, Id

LONGEST = 4000


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


def add(  # noqa: PLR0913  # what was said, by whom, who wrote it, and when
    session: Session,
    meeting: Meeting,
    speaker: int | None,
    text: str,
    by: Member,
    now: datetime,
) -> bool:
    """Write a point down; False if just that stands already. Raises Refusal."""
    meetings.take_to_write(session, meeting, now)
    if len(text) > LONGEST:
        raise Refusal(f"一条记录最多 {LONGEST} 字，请分几条发。")
    same = (
        MeetingNote.text == text,
        MeetingNote.member_id.is_not_distinct_from(speaker),
    )
    if session.scalars(select_of(meeting).where(*same)).first():
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


def list_of(
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


def select_of(meeting: Meeting) -> Select[MeetingNote]:
    """Select what stands of it: all that was not dropped."""
    mine = (MeetingNote.meeting_id == meeting.id, MeetingNote.dropped_at.is_(None))
    return select(MeetingNote).where(*mine).order_by(MeetingNote.id)
