"""Whom a notice is for after it went out: some get it later, some owe nothing more.

The added are planned with the others, in the same notice; who is left out keeps the
row that tells what was sent, and is neither asked nor reminded any more.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import corrections, notices, replies
from bot.branch.notices.notices import Desk, Notice
from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Member
from bot.outbox import Plan, Window


def add(
    session: Session, notice: Notice, desk: Desk, people: Collection[int], now: datetime
) -> int:
    """Send what stands of a notice to more people; return to how many.

    Who has it from before is told again, and stays the one row in the ledger.
    """
    mean(session, notice, people)
    last = corrections.standing(session, notice, now)
    known = {each for each in people if replies.is_planned(session, last, each)}
    new = _put(session, last, desk, set(people) - known, now)
    return new + _put(session, last, desk, known, now, part=":nudge")


def _put(  # noqa: PLR0913  # whom, of what, and where it counts
    session: Session,
    notice: Notice,
    desk: Desk,
    people: Collection[int],
    now: datetime,
    part: str = "",
) -> int:
    """Put a notice's words to some; return to how many. part: of its topic."""
    if not people:
        return 0
    face = corrections.show_face(session, notice, now)
    importance = notices.importance_of(notice.text)
    few = Audience(desk.branch.id, members=tuple(sorted(people)), only_named=True)
    told = 0
    for plain in (False, True):
        plan = Plan(
            key=f"{notice.topic}{part}:{plain:d}:{now.isoformat()}",
            kind="notice",
            content=notices.write(notice, desk, face, now, plain=plain),
            window=Window(now, now + notices.GOOD_FOR),
            importance=importance,
            topic=f"{notice.topic}{part}",
        )
        whom = select_people(session, few).where(Member.plain.is_(plain))
        letter = outbox.put(session, plan, whom, now=now)
        told += letter.planned if letter else 0
    return told


def leave_out(session: Session, notice: Notice, people: Collection[int]) -> None:
    """Have some of those whom a matter was sent to owe no answer to it."""
    for each in corrections.versions(session, notice):
        gone = {*each.audience.get("without_members", ()), *people}
        each.audience = {**each.audience, "without_members": sorted(gone)}
    session.flush()


def mean(session: Session, notice: Notice, people: Collection[int]) -> None:
    """Mean people again who were left out before."""
    for each in corrections.versions(session, notice):
        gone = set(each.audience.get("without_members", ())) - set(people)
        each.audience = {**each.audience, "without_members": sorted(gone)}
    session.flush()
