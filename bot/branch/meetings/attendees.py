"""Who is to come to a meeting, who has a vote, who came: as of its day.

All who were to come count once; of them those with a vote count again. Who has one is
told by the meeting's own day: whoever turns full later had none.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.meetings import exceptions, meetings, voters
from bot.branch.meetings.exceptions import Exceptions
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.meetings.plans import Plan
from bot.branch.people.members import Member
from bot.storage.database import Base, hold
from bot.storage.invariants import proof

LONGEST_NOTE = 2000
COMING, AWAY = "能参加", "请假"
CHOICES = (COMING, AWAY)
HOW = {
    "button": "点签到",
    "code": "签到码",
    "text": "说签到",
    "page": "扫码",
    "paper": "纸质签到",
    "recorder": "补记",
}


class Attendee(Base):
    """One person of one meeting. expected: False for who only sits in (列席).

    votes, full: as of the meeting's day. how: how he or she signed in. left_at: went
    before the end. said_before: the answer to an hour that was moved since.
    made_up: what an absent one sent back; it counts from made_up_at on.
    """

    __tablename__ = "attendee"

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    expected: Mapped[bool]
    votes: Mapped[bool]
    full: Mapped[bool]
    came_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    how: Mapped[str]
    late: Mapped[bool] = mapped_column(default=False)
    said_before: Mapped[str]
    made_up_at: Mapped[datetime | None]
    made_up: Mapped[str | None]

    __table_args__ = (Index("ix_attendee_member_id", "member_id"),)


def invite(session: Session, meeting: Meeting, plan: Plan, now: datetime) -> None:
    """Write the list of who is to come, and of who sits in, as it was planned."""
    set_people(session, meeting, plan, meeting.called_by, now)
    renew(session, meeting, now)


def set_people(
    session: Session, meeting: Meeting, plan: Plan, by: int, now: datetime
) -> None:
    """Have the call leave out, or go to, whom a plan names; `renew` does the rest."""
    said = Exceptions(plan.without, plan.only)
    exceptions.set_for(session, meeting.id, said, by, now)
    set_observers(session, meeting, plan.sits_in)
    asked = "names" if plan.late else "asked"  # who is told of afterwards was there
    meeting.guests = {**meeting.guests, asked: list(plan.guests)}
    session.flush()


def renew(session: Session, meeting: Meeting, now: datetime) -> None:
    """Bring the list to the roster as it is, until the meeting's day is over.

    Afterwards the list stays: a record tells of its day, not of today's roster.
    """
    day = meetings.day_of(meeting, now)
    known = {each.member_id: each for each in _rows(session, meeting)}
    settled = meeting.state in (State.LOCKED, State.CANCELLED)
    written = any(row.expected for row in known.values())
    if settled or (written and now.date() > day):
        return
    wanted = _wanted(session, meeting)
    if wanted - known.keys():  # another may be adding the same people
        hold(session, Meeting, meeting.id)
        known = {each.member_id: each for each in _rows(session, meeting)}
    for number in sorted(wanted - known.keys()):
        known[number] = _new(meeting, number, expected=True)
        session.add(known[number])
    members = select(Member).where(Member.id.in_(known))
    for member in session.scalars(members):
        row = known[member.id]
        if row.expected and member.id not in wanted and row.came_at is None:
            session.delete(row)
            continue
        row.full = voters.is_full(member, day)
        row.votes = row.expected and (row.full or meeting.kind == Kind.COMMITTEE)
    session.flush()


def find(session: Session, meeting: Meeting, member_id: int) -> Attendee | None:
    return session.get(Attendee, (meeting.id, member_id))


def set_observers(session: Session, meeting: Meeting, people: Sequence[int]) -> None:
    """Have just these sit in, of those who have not come yet; `renew` does the rest."""
    for row in _rows(session, meeting):
        if not row.expected and row.came_at is None and row.member_id not in people:
            session.delete(row)
    session.flush()
    for number in people:
        row = find(session, meeting, number) or _new(meeting, number, expected=False)
        row.expected = row.votes = False
        session.add(row)
    session.flush()


def observers(session: Session, meeting: Meeting) -> tuple[int, ...]:
    """List who of the roster sits in, by number."""
    rows = _rows(session, meeting)
    return tuple(each.member_id for each in rows if not each.expected)


def meetings_of(session: Session, member_id: int) -> Collection[int]:
    """List the meetings, by number, that somebody is or was called to."""
    mine = select(Attendee.meeting_id).where(Attendee.member_id == member_id)
    return set(session.scalars(mine))


def last_came(session: Session, member_id: int) -> Attendee | None:
    """Find to which meeting somebody signed in last, if any."""
    mine = select(Attendee).where(
        Attendee.member_id == member_id, Attendee.came_at.is_not(None)
    )
    return session.scalars(mine.order_by(Attendee.came_at.desc()).limit(1)).first()


def called_since(
    session: Session, member_id: int, since: datetime
) -> Sequence[Meeting]:
    """List the meetings from a moment on that somebody is called to, in their order."""
    mine = (
        select(Meeting)
        .join(Attendee, Attendee.meeting_id == Meeting.id)
        .where(Attendee.member_id == member_id, Meeting.starts_at >= since)
    )
    return session.scalars(mine.order_by(Meeting.starts_at, Meeting.id)).all()


def missed(session: Session, member_id: int) -> Collection[int]:
    """List the meetings that somebody was to come to, did not, and has not made up."""
    mine = select(Attendee.meeting_id).where(
        Attendee.member_id == member_id,
        Attendee.expected,
        Attendee.came_at.is_(None),
        Attendee.made_up_at.is_(None),
    )
    return set(session.scalars(mine))


def note_made_up(session: Session, meeting: Meeting, member_id: int, note: str) -> None:
    """Keep what an absent one has sent back; it counts when it is confirmed."""
    row = session.get_one(Attendee, (meeting.id, member_id))
    row.made_up = note[:LONGEST_NOTE]
    session.flush()


def called(session: Session, meeting: Meeting) -> Sequence[int]:
    """List who is to come or sits in, by number."""
    return [each.member_id for each in _rows(session, meeting)]


def called_to(session: Session, found: Collection[Meeting]) -> Collection[int]:
    """List who is called to any of several meetings, by number."""
    theirs = Attendee.meeting_id.in_([each.id for each in found])
    return set(session.scalars(select(Attendee.member_id).where(theirs)))


def _rows(session: Session, meeting: Meeting) -> Sequence[Attendee]:
    mine = select(Attendee).where(Attendee.meeting_id == meeting.id)
    return session.scalars(mine.order_by(Attendee.member_id)).all()


def _wanted(session: Session, meeting: Meeting) -> set[int]:
    """Tell by the roster of now who is to come."""
    said = exceptions.of_meeting(session, meeting.id)
    plan = Plan(meeting.kind, meeting.branch_id, without=said.without, only=said.only)
    return set(voters.expected(session, plan))


def _new(meeting: Meeting, number: int, *, expected: bool) -> Attendee:
    return Attendee(
        meeting_id=meeting.id,
        member_id=number,
        expected=expected,
        votes=False,
        full=False,
        how="",
        said_before="",
    )


@proof("会议：签到的人都在名单里，先走的都到过")
def came_before_going(session: Session) -> Iterator[str]:
    odd = select(Attendee.meeting_id, Attendee.member_id).where(
        Attendee.left_at.is_not(None), Attendee.came_at.is_(None)
    )
    for meeting, member in session.execute(odd):
        yield f"第 {meeting} 次会议，{member} 号没有到会却先走了"
    odd = select(Attendee.meeting_id, Attendee.member_id).where(
        Attendee.votes, ~Attendee.expected
    )
    for meeting, member in session.execute(odd):
        yield f"第 {meeting} 次会议，{member} 号列席却有表决权"
