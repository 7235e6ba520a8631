"""Who came, is on leave or absent, and two pairs of figures: all, and with a vote."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Row, Select, case, or_, select
from sqlalchemy.orm import Session

from bot.branch.meetings import meetings
from bot.branch.meetings.attendees import AWAY, COMING, Attendee
from bot.branch.meetings.leaves import ASKED, GRANTED, LAPSED, Leave
from bot.branch.meetings.meetings import Meeting
from bot.branch.notices.receipts import Receipt
from bot.branch.people.members import Member

STATES = {
    "present": "到会",
    "late": "迟到",
    "coming": "能参加",
    "leave": "请假",
    "called": "没回复",
    "absent": "缺席",
    "made_up": "已补课",
}
NAMES = 30


@dataclass(frozen=True)
class Person:
    """Somebody's line in a meeting's list. leave: asked, granted, refused or "".

    why: the reason of a leave, decided_at: of it; why only for whoever may read it.
    at: when signed in. said_before: the answer to an hour that was moved since.
    """

    member_id: int
    userid: str | None
    name: str
    expected: bool
    votes: bool
    full: bool
    state: str
    leave: str = ""
    sort: str = ""
    why: str = ""
    decided_at: datetime | None = None
    at: datetime | None = None
    how: str = ""
    left_at: datetime | None = None
    said_before: str = ""
    group: int = 0

    @property
    def came(self) -> bool:
        return self.at is not None


@dataclass(frozen=True)
class Figures:
    """voters_here: with a vote, came, and has not gone; the rest came at all."""

    expected: int
    present: int
    voters: int
    voters_present: int
    voters_here: int
    leave: int
    absent: int
    observers: int

    def __str__(self) -> str:
        return (
            f"应到 {self.expected} 人，实到 {self.present} 人；"
            f"有表决权：应到 {self.voters} 人，实到 {self.voters_present} 人"
        )


def list_people(session: Session, meeting: Meeting, now: datetime) -> list[Person]:
    """List everybody of a meeting with what each said and did, those expected first."""
    return list_all(session, [meeting], now)[meeting.id]


def list_all(
    session: Session, found: Collection[Meeting], now: datetime
) -> Mapping[int, list[Person]]:
    """List everybody of several meetings, by the meeting's number."""
    by_number = {each.id: each for each in found}
    rows = _rows().where(Meeting.id.in_(by_number))
    listed = defaultdict[int, list[Person]](list)
    for row in session.execute(rows):
        meeting = by_number[row[0].meeting_id]
        over = meetings.is_over(meeting, now)
        listed[meeting.id].append(_person(row, over=over))
    return listed


def find_person(
    session: Session, meeting: Meeting, member_id: int, now: datetime
) -> Person | None:
    """Find somebody's line in a meeting's list; None for who is not of it."""
    mine = (Meeting.id == meeting.id, Attendee.member_id == member_id)
    row = session.execute(_rows().where(*mine)).first()
    over = meetings.is_over(meeting, now)
    return None if row is None else _person(row, over=over)


def on_leave(session: Session, member_id: int) -> Collection[int]:
    """List the meetings, by number, of which somebody has asked leave."""
    rows = session.execute(
        _rows().where(
            Attendee.member_id == member_id,
            or_(Leave.member_id.is_not(None), Receipt.choice == AWAY),
        )
    )
    return {row[0].meeting_id for row in rows if _leave(row[3], row[4])}


def count(people: Sequence[Person], guests: int = 0) -> Figures:
    """Count a list, without who only sits in."""
    theirs = [each for each in people if each.expected]
    voters = [each for each in theirs if each.votes]
    states = [each.state for each in theirs]
    sat_in = sum(each.came for each in people if not each.expected)
    return Figures(
        expected=len(theirs),
        present=sum(each.came for each in theirs),
        voters=len(voters),
        voters_present=sum(each.came for each in voters),
        voters_here=sum(each.came and each.left_at is None for each in voters),
        leave=sum(each.leave == GRANTED and not each.came for each in theirs),
        absent=states.count("absent"),
        observers=sat_in + guests,
    )


def figures(session: Session, meeting: Meeting, now: datetime) -> Figures:
    people = list_people(session, meeting, now)
    return count(people, len(meeting.observers))


def without_reasons(people: Sequence[Person]) -> list[Person]:
    """Take out why somebody is on leave: that is for few to read."""
    return [replace(each, why="", sort="") for each in people]


def say_states(
    people: Sequence[Person], say_name: Callable[[Person], str] | None = None
) -> list[str]:
    """Say, a line a state, who of those expected did what. say_name: else the name."""
    parted: dict[str, list[str]] = {}
    for each in people:
        if each.expected:
            called = say_name(each) if say_name else each.name
            parted.setdefault(each.state, []).append(called)
    return [
        f"{word} {len(names)}：{'、'.join(names[:NAMES])}"
        + (f" 等 {len(names)} 人" if len(names) > NAMES else "")
        for state, word in STATES.items()
        if (names := parted.get(state))
    ]


def _rows() -> Select[Attendee, Member, str, Leave | None, str | None]:
    return (
        select(Attendee, Member, Member.called, Leave, Receipt.choice)
        .join(Meeting, Meeting.id == Attendee.meeting_id)
        .join(Member, Member.id == Attendee.member_id)
        .outerjoin(
            Leave,
            (Leave.meeting_id == Attendee.meeting_id)
            & (Leave.member_id == Attendee.member_id),
        )
        .outerjoin(
            Receipt,
            (Receipt.notice_id == Meeting.notice_id)
            & (Receipt.member_id == Attendee.member_id),
        )
        .order_by(case((Attendee.expected, 0), else_=1), Member.id)
    )


def _person(
    row: Row[Attendee, Member, str, Leave | None, str | None], *, over: bool
) -> Person:
    attendee, member, name, leave, choice = row
    asked = _leave(leave, choice)
    counts = leave if asked else None
    return Person(
        member_id=member.id,
        userid=member.userid,
        name=name,
        expected=attendee.expected,
        votes=attendee.votes,
        full=attendee.full,
        state=_state(attendee, asked, choice, over=over),
        leave=asked,
        sort=counts.sort if counts else "",
        why=(counts.why or "") if counts else "",
        decided_at=counts.decided_at if counts else None,
        at=attendee.came_at,
        how=attendee.how,
        left_at=attendee.left_at,
        said_before=attendee.said_before,
        group=member.branch_id,
    )


def _leave(leave: Leave | None, choice: str | None) -> str:
    """Tell how somebody's leave stands.

    A press on 请假 asks, though the book has it minutes later; one on 能参加 ends a
    leave; what was asked of another hour (LAPSED) asks nothing.
    """
    if leave is None or leave.state == LAPSED:
        return ASKED if choice == AWAY else ""
    if choice == COMING and leave.state in (ASKED, GRANTED):
        return ""
    return leave.state


def _state(attendee: Attendee, leave: str, choice: str | None, *, over: bool) -> str:
    """Tell what somebody did, or means to do; a key of STATES."""
    if attendee.came_at:
        return "late" if attendee.late else "present"
    if attendee.made_up_at:
        return "made_up"
    if leave == GRANTED or (leave == ASKED and not over):
        return "leave"
    if over:
        return "absent"
    return "coming" if choice == COMING else "called"
