"""Photos of the paper sign-in sheet: what shows who was there, read by nobody but us.

No names are taken from a picture: whoever records says them, looking at the paper.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.meetings.meetings import Meeting, State
from bot.errors import Refusal
from bot.outbox.attachments import Attachment
from bot.storage.database import Base, Id

MOST = 20


class MeetingPhoto(Base):
    """A photo of a page of the sheet; several pages are several rows."""

    __tablename__ = "meeting_photo"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), index=True
    )
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), index=True)
    given_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]


def add_photos(
    session: Session,
    meeting: Meeting,
    attachments: Sequence[int],
    by: int,
    now: datetime,
) -> int:
    """Keep photos with a meeting; return how many it has. Raises Refusal.

    attachments: by their numbers; one that is there already is kept once.
    """
    if meeting.state == State.LOCKED:
        raise Refusal("会议记录已经签字锁定，签到表照片加不进去了。要加先退回记录。")
    here = {each.attachment_id for each in photos_of(session, meeting)}
    new = [each for each in dict.fromkeys(attachments) if each not in here]
    if len(here) + len(new) > MOST:
        raise Refusal(f"一次会议最多留 {MOST} 张签到表照片。")
    session.add_all(
        MeetingPhoto(meeting_id=meeting.id, attachment_id=each, given_by=by, at=now)
        for each in new
    )
    session.flush()
    return len(here) + len(new)


def photos_of(session: Session, meeting: Meeting) -> Sequence[MeetingPhoto]:
    mine = select(MeetingPhoto).where(MeetingPhoto.meeting_id == meeting.id)
    return session.scalars(mine.order_by(MeetingPhoto.id)).all()


def count_photos(session: Session, meeting: Meeting) -> int:
    rows = select(func.count()).select_from(MeetingPhoto)
    return session.scalar(rows.filter_by(meeting_id=meeting.id)) or 0


def read_photos(session: Session, meeting: Meeting) -> list[tuple[str, bytes]]:
    """Return what a meeting's photos are called, and their bytes, of those here."""
    found = []
    for place, row in enumerate(photos_of(session, meeting), 1):
        content = session.get_one(Attachment, row.attachment_id).bytes_kept
        if content:
            found.append((f"签到表照片{place}.jpg", content))
    return found
