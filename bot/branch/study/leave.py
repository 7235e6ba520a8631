"""A member's leave from the study reminders: from today until a day."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Select, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.storage.database import Base, put_row


class StudyLeave(Base):
    """Until when, that day included, a member is not reminded."""

    __tablename__ = "study_leave"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    last: Mapped[date]
    asked_at: Mapped[datetime]


def begin(session: Session, member: Member, last: date, now: datetime) -> None:
    """Leave a member in peace until a day; a later word replaces an earlier one."""
    row = {"member_id": member.id, "last": last, "asked_at": now}
    put_row(session, StudyLeave, row)


def end(session: Session, member: Member) -> bool:
    """Come back; False if the member was not away."""
    mine = delete(StudyLeave).where(StudyLeave.member_id == member.id)
    return session.execute(mine.returning(StudyLeave.member_id)).first() is not None


def away_on(day: date) -> Select[int]:
    """Select (by id) who is away on a day."""
    return select(StudyLeave.member_id).where(StudyLeave.last >= day)
