"""Who was to come, came, is on leave or absent: two pairs of figures, as of its day.

All who were to come count once; of them those with a vote count again. Who has one is
told by the meeting's own day: whoever turns full later had none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Row, case, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.meetings import meetings
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.leaves import ASKED, GRANTED, REFUSED, Leave
from bot.branch.meetings.meetings import Meeting, Plan, State
from bot.branch.notices.receipts import Receipt
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Category, Grant, Member, Role
from bot.branch.people.tree import Branch
from bot.errors import Refusal
from bot.storage.database import Base, hold
from bot.storage.invariants import proof

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
STATES = {
    "called": "没回复",
    "coming": "能参加",
    "leave": "请假",
    "present": "到会",
    "late": "迟到",
    "absent": "缺席",
    "made_up": "已补课",
}


class Attendee(Base):
    """One person of one meeting. expected: False for who only sits in (列席).

    votes, full: as of the meeting's day. how: how he or she signed in. left_at: went
    before the end. said_before: the answer to an hour that was moved since.
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


@dataclass(frozen=True)
class Person:
    """Somebody's line in a meeting's list. leave: asked, granted, refused or "".

    why: the reason of a leave; only for whoever may read it. at: when signed in.
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
    late: int
    leave: int
    asked: int
    absent: int
    coming: int
    silent: int
    observers: int


def audience_of(session: Session, plan: Plan, scope: int = 0) -> Audience:
    """Tell who is to come to a kind of meeting. Raises Refusal if that is nobody.

    scope: of whose letters it is the audience, where the meeting is of a part only.
    """
    if plan.kind == Kind.COMMITTEE:
        people = committee(session, plan.branch)
        if not people:
            raise Refusal("名册里没有支部委员，开不了支委会。请先在名册里写上职务。")
        return Audience(
            scope or plan.branch,
            members=(*people, *plan.sits_in),
            only_named=True,
            words="支部委员",
        )
    part = session.get_one(Branch, plan.branch)
    within = (part.id,) if scope not in (0, part.id) else ()
    words = part.name if within else "全体党员"
    return Audience(
        scope or part.id, branches=within, members=plan.sits_in, words=words
    )


def committee(session: Session, branch_id: int) -> Sequence[int]:
    """List who sits on the committee of a branch, its secretary too."""
    held = (
        select(Grant.member_id)
        .join(Member, Member.id == Grant.member_id)
        .where(
            Grant.branch_id == branch_id,
            Grant.role >= int(Role.COMMITTEE),
            Member.state == "active",
        )
    )
    return sorted(set(session.scalars(held)))


def invite(
    session: Session, meeting: Meeting, sits_in: Sequence[int], now: datetime
) -> None:
    """Write the list of who is to come, and of who sits in."""
    for number in sits_in:
        session.add(_new(meeting, number, expected=False))
    session.flush()
    renew(session, meeting, now)


def renew(session: Session, meeting: Meeting, now: datetime) -> None:
    """Bring the list to the roster as it is, until the meeting's day is over.

    Afterwards the list stays: a record tells of its day, not of today's roster.
    """
    day = meetings.day_of(meeting, now)
    known = {each.member_id: each for each in _rows(session, meeting)}
    settled = meeting.state in (State.LOCKED, State.CANCELLED)
    if settled or (known and now.date() > day):
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
        row.full = is_full(member, day)
        row.votes = row.expected and (row.full or meeting.kind == Kind.COMMITTEE)
    session.flush()


def is_full(member: Member, day: date) -> bool:
    """Tell whether somebody is a full member on a day."""
    if member.full_member_since is not None:
        return member.full_member_since <= day
    return member.category != Category.PROBATIONARY


def find(session: Session, meeting: Meeting, member_id: int) -> Attendee | None:
    return session.get(Attendee, (meeting.id, member_id))


def list_people(session: Session, meeting: Meeting, now: datetime) -> list[Person]:
    """List everybody of a meeting with what each said and did, those expected first."""
    over = meetings.is_over(meeting, now)
    rows = session.execute(
        select(Attendee, Member, Member.called, Leave, Receipt.choice)
        .join(Member, Member.id == Attendee.member_id)
        .outerjoin(
            Leave,
            (Leave.meeting_id == Attendee.meeting_id)
            & (Leave.member_id == Attendee.member_id),
        )
        .outerjoin(
            Receipt,
            (Receipt.notice_id == meeting.notice_id)
            & (Receipt.member_id == Attendee.member_id),
        )
        .where(Attendee.meeting_id == meeting.id)
        .order_by(case((Attendee.expected, 0), else_=1), Member.id)
    )
    return [_person(row, over=over) for row in rows]


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
        late=states.count("late"),
        leave=sum(each.leave == GRANTED and not each.came for each in theirs),
        asked=sum(each.leave == ASKED and not each.came for each in theirs),
        absent=states.count("absent"),
        coming=states.count("coming"),
        silent=states.count("called"),
        observers=sat_in + guests,
    )


def figures(session: Session, meeting: Meeting, now: datetime) -> Figures:
    people = list_people(session, meeting, now)
    return count(people, len(meeting.observers))


def without_reasons(people: Sequence[Person]) -> list[Person]:
    """Take out why somebody is on leave: that is for few to read."""
    return [replace(each, why="", sort="") for each in people]


def called(session: Session, meeting: Meeting) -> Sequence[int]:
    """List who is to come or sits in, by number."""
    return [each.member_id for each in _rows(session, meeting)]


def _rows(session: Session, meeting: Meeting) -> Sequence[Attendee]:
    mine = select(Attendee).where(Attendee.meeting_id == meeting.id)
    return session.scalars(mine.order_by(Attendee.member_id)).all()


def _wanted(session: Session, meeting: Meeting) -> set[int]:
    """Tell by the roster of now who is to come."""
    if meeting.kind == Kind.COMMITTEE:
        return set(committee(session, meeting.branch_id))
    plan = Plan(meeting.kind, meeting.branch_id)
    people = select_people(session, audience_of(session, plan))
    return {number for number, _ in session.execute(people)}


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


def _person(
    row: Row[Attendee, Member, str, Leave | None, str | None], *, over: bool
) -> Person:
    attendee, member, name, leave, choice = row
    asked = leave.state if leave else (ASKED if choice == AWAY else "")
    return Person(
        member_id=member.id,
        userid=member.userid,
        name=name,
        expected=attendee.expected,
        votes=attendee.votes,
        full=attendee.full,
        state=_state(attendee, asked, choice, over=over),
        leave=asked,
        sort=leave.sort if leave else "",
        why=(leave.why or "") if leave else "",
        at=attendee.came_at,
        how=attendee.how,
        left_at=attendee.left_at,
        said_before=attendee.said_before,
        group=member.branch_id,
    )


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
    return "coming" if choice == COMING and leave != REFUSED else "called"


def by_state(people: Sequence[Person]) -> Mapping[str, list[Person]]:
    """Part those expected by what they did."""
    parted: dict[str, list[Person]] = {}
    for each in people:
        if each.expected:
            parted.setdefault(each.state, []).append(each)
    return parted


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
