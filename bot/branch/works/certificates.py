"""Certificates of prizes: each has a number that no other ever had, and no seal."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.works import entries
from bot.calendar.say import say_date
from bot.errors import Refusal
from bot.files.print import Values
from bot.storage.database import Base, Id, hold

NOT_YET = "“{title}”还没有公布结果，公布以后再出奖状。"
NO_PRIZE = "作品 {number} 没有获奖，没有奖状。"


class WorkCertificate(Base):
    """A certificate that was made. void_at: another took its place.

    The names on it are the work's, and are not kept a second time.
    """

    __tablename__ = "work_certificate"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[str]
    award: Mapped[str]
    made_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
    void_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("branch_id", "number"),)


def number_for(
    session: Session, work: Record, by: Member, now: datetime
) -> WorkCertificate:
    """Return the certificate of a work that stands, or give it its number."""
    call = entries.call_of(session, work)
    if call.state != "announced":
        raise Refusal(NOT_YET.format(title=call.title))
    if not work.level:
        raise Refusal(NO_PRIZE.format(number=work.id))
    standing = select(WorkCertificate).where(
        WorkCertificate.record_id == work.id, WorkCertificate.void_at.is_(None)
    )
    row = session.scalar(standing)
    if row and row.award == work.level:
        return row
    if row:
        row.void_at = now
    return _make(session, work, by, now)


def reissue(
    session: Session, work: Record, by: Member, now: datetime
) -> tuple[WorkCertificate, str]:
    """Give a work a certificate anew; return it, and the number that is void now."""
    old = number_for(session, work, by, now)
    old.void_at = now
    return _make(session, work, by, now), old.number


def _make(session: Session, work: Record, by: Member, now: datetime) -> WorkCertificate:
    hold(session, Branch, work.branch_id)
    count = select(func.count(WorkCertificate.id)).where(
        WorkCertificate.branch_id == work.branch_id,
        WorkCertificate.number.like(f"{now.year}-%"),
    )
    place = (session.scalar(count) or 0) + 1
    row = WorkCertificate(
        branch_id=work.branch_id,
        record_id=work.id,
        number=f"{now.year}-{place:03d}",
        award=str(work.level),
        made_by=by.id,
        at=now,
        void_at=None,
    )
    session.add(row)
    session.flush()
    return row


def print_certificates(
    session: Session, rows: Sequence[WorkCertificate], day: date
) -> Values:
    """Fill certificates, one a page; where the seal goes is left empty."""
    return {"title": "奖状", "pages": [_page(session, each, day) for each in rows]}


def _page(session: Session, row: WorkCertificate, day: date) -> Values:
    work = session.get_one(Record, row.record_id)
    call, values = entries.call_of(session, work), values_of(session, work)
    branch = session.get_one(Branch, row.branch_id)
    tutor = "、".join(name for _, name in values.get("tutor") or ())
    return {
        "number": f"证书编号：{row.number}",
        "people": "、".join(name for _, name in values["people"]),
        "work": f"您的{work.sort}作品《{work.title}》在“{call.title}”作品征集中荣获",
        "award": row.award,
        "tutor": f"指导教师：{tutor}" if tutor else "",
        "end": "特发此证，以资鼓励。",
        "branch": branch.name,
        "day": say_date(day),
    }
