"""Whom a meeting's call leaves out, and to whom alone it goes: said by its caller.

Both hold against the roster: who is left out stays out when the list is renewed, and a
call to a few has no other of the branch in it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.database import Base
from bot.storage.invariants import proof


class CallException(Base):
    """One person of one call. called: False: left out; True: one of the few it is to.

    said_by: who called; at: when it was said.
    """

    __tablename__ = "call_exception"

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    called: Mapped[bool]
    said_by: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]


@dataclass(frozen=True)
class Exceptions:
    """without: who is left out; only: to whom alone the call goes, () for everybody."""

    without: tuple[int, ...] = ()
    only: tuple[int, ...] = ()


def of_meeting(session: Session, meeting_id: int) -> Exceptions:
    """Tell whom a call leaves out, and to whom alone it goes, by number."""
    mine = select(CallException).where(CallException.meeting_id == meeting_id)
    rows = session.scalars(mine.order_by(CallException.member_id)).all()
    return Exceptions(
        tuple(each.member_id for each in rows if not each.called),
        tuple(each.member_id for each in rows if each.called),
    )


def set_for(
    session: Session, meeting_id: int, said: Exceptions, by: int, now: datetime
) -> None:
    """Have just these exceptions hold for a call."""
    known = of_meeting(session, meeting_id)
    if known == Exceptions(tuple(sorted(said.without)), tuple(sorted(said.only))):
        return
    mine = delete(CallException).where(CallException.meeting_id == meeting_id)
    session.execute(mine)
    session.add_all(
        [
            *_rows(meeting_id, said.without, by, now, called=False),
            *_rows(meeting_id, said.only, by, now, called=True),
        ]
    )
    session.flush()


def _rows(
    meeting_id: int, people: Collection[int], by: int, now: datetime, *, called: bool
) -> Sequence[CallException]:
    return [
        CallException(
            meeting_id=meeting_id, member_id=number, called=called, said_by=by, at=now
        )
        for number in sorted(set(people))
    ]


@proof("会议：一个会不会既只叫几个人，又另外不叫谁")
def one_way_of_calling(session: Session) -> Iterator[str]:
    few = select(CallException.meeting_id).where(CallException.called)
    odd = select(CallException.meeting_id).where(
        ~CallException.called, CallException.meeting_id.in_(few)
    )
    for meeting in session.scalars(odd.distinct()):
        yield f"第 {meeting} 次会议只叫了几个人，又另外不叫别人"
