"""Leave from a meeting: asked, granted or not; why is for two offices to read.

A press on 请假 in the call is the same as asking: `take_up` makes one of the other.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Grant, Member, Role
from bot.branch.people.tree import Branch
from bot.storage.database import Base, insert_new, take
from bot.storage.invariants import proof

ASKED, GRANTED, REFUSED, LAPSED = "asked", "granted", "refused", "lapsed"
SAID = {ASKED: "等批准", GRANTED: "已同意", REFUSED: "没有同意", LAPSED: "改期前的"}
SICK, DUTY, OWN = "病假", "公假", "事假"
SORTS = (
    (SICK, re.compile("病|医院|手术|住院|发烧|感冒|不舒服|不适|身体|体检|看牙|疫苗")),
    (
        DUTY,
        re.compile("出差|监考|上课|有课|公开课|值班|答辩|培训|带学生|比赛|招生|开会"),
    ),
)
NAMED = re.compile(r"^[^，,。；;]{0,14}(?:会|课|党日|活动|学习)[，,。；;\s]+")
THEIRS = re.compile("孩子|小孩|娃|父|母|爸|妈|爱人|老人|家里|家人|岳|公婆")


class Leave(Base):
    """That somebody asked leave of a meeting. after: asked when it was over.

    sort: 病假, 公假 or 事假, as the reason sounds; why: the reason itself.
    """

    __tablename__ = "meeting_leave"

    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    sort: Mapped[str]
    why: Mapped[str | None]
    state: Mapped[str]
    after: Mapped[bool]
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    told_at: Mapped[datetime | None]


def sort_of(why: str) -> str:
    """Tell what sort of leave a reason asks for; illness in the family is one's own."""
    if THEIRS.search(why):
        return OWN
    return next((sort for sort, words in SORTS if words.search(why)), OWN)


def tidy(note: str) -> str:
    """Take out of a reason which meeting it is for: 周三的会，孩子发烧."""
    return NAMED.sub("", note).strip("，,。；; ") or note


def find(session: Session, meeting_id: int, member_id: int) -> Leave | None:
    return session.get(Leave, (meeting_id, member_id))


def of_meetings(session: Session, ids: Sequence[int]) -> Sequence[Leave]:
    """List the leaves that were asked of meetings."""
    return session.scalars(select(Leave).where(Leave.meeting_id.in_(ids))).all()


def of_member(session: Session, member_id: int) -> Mapping[int, Leave]:
    """Return somebody's leaves, by the meeting's number."""
    theirs = select(Leave).where(Leave.member_id == member_id)
    return {each.meeting_id: each for each in session.scalars(theirs)}


def ask(  # noqa: PLR0913  # who, of what, why, and when
    session: Session,
    meeting_id: int,
    member_id: int,
    why: str,
    now: datetime,
    *,
    after: bool = False,
) -> bool:
    """Ask leave, or give another reason; False if nothing new was said.

    A leave that was refused may be asked again; one granted stays so.
    """
    row = {
        "meeting_id": meeting_id,
        "member_id": member_id,
        "sort": sort_of(why),
        "why": why or None,
        "state": ASKED,
        "after": after,
        "asked_at": now,
    }
    if insert_new(session, Leave, row):
        return True
    known = session.get_one(Leave, (meeting_id, member_id))
    take(session, known)
    again = known.state in (REFUSED, LAPSED)
    if not again and (not why or why == known.why):
        return False
    known.why, known.sort = why or known.why, sort_of(why or known.why or "")
    if again:
        known.state, known.decided_at, known.decided_by = ASKED, None, None
        known.asked_at, known.told_at = now, None
    session.flush()
    return True


def decide(
    session: Session, leave: Leave, by: Member, now: datetime, *, granted: bool
) -> bool:
    """Grant or refuse; False if it was decided just so before."""
    take(session, leave)
    state = GRANTED if granted else REFUSED
    if leave.state == state:
        return False
    leave.state, leave.decided_at, leave.decided_by = state, now, by.id
    session.flush()
    return True


def withdraw(session: Session, meeting_id: int, member_id: int) -> bool:
    """Take a leave back: somebody comes after all. False if there was none."""
    known = find(session, meeting_id, member_id)
    if known is None:
        return False
    session.delete(known)
    session.flush()
    return True


def may_read_why(session: Session, reader: Member, branch: Branch) -> bool:
    """Tell whether somebody is the secretary or the discipline member of a branch.

    The reason of a leave is for those two, and for whoever gave it.
    """
    above = [int(part) for part in branch.path.split("/") if part]
    held = select(Grant.role).where(
        Grant.member_id == reader.id, Grant.branch_id.in_(above)
    )
    roles = session.scalars(held).all()
    if int(Role.SECRETARY) in roles:
        return True
    post = reader.position or ""
    watches = "纪检" in post or "纪律检查" in post
    return watches and any(role >= int(Role.COMMITTEE) for role in roles)


@proof("请假：批了的都有人批")
def decided(session: Session) -> Iterator[str]:
    odd = select(Leave.meeting_id, Leave.member_id).where(
        Leave.state.in_((GRANTED, REFUSED)), Leave.decided_by.is_(None)
    )
    for meeting, member in session.execute(odd):
        yield f"第 {meeting} 次会议，{member} 号的请假不知道是谁批的"
