"""What of the works is shown, and to whom: as each author says, until she says no."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.branch.people.members import Member
from bot.branch.records import book
from bot.branch.records.fields import Value
from bot.branch.records.kinds.call import POPULAR
from bot.branch.records.kinds.work import EVERYWHERE, INSIDE, NOWHERE, UNASKED
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.branch.works import entries
from bot.errors import Refusal
from bot.storage.database import Base, insert_new

NOT_POPULAR = "“{title}”没有开人气投票。"
NOT_SHOWN = "{mark} 号没有在展，点不了。"


class WorkLike(Base):
    """Somebody liked a work: no judgement, and no part of any prize."""

    __tablename__ = "work_like"

    record_id: Mapped[int] = mapped_column(
        ForeignKey("record.id", ondelete="CASCADE"), primary_key=True
    )
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    at: Mapped[datetime]


def show_all(
    session: Session, call: Record, by: Member, now: datetime
) -> tuple[int, int]:
    """Show what may be shown; return how many are shown, and how many may not be."""
    works = entries.works_of(session, call, "judged", "shown", "down")
    may = [each for each in works if is_free(values_of(session, each))]
    for each in may:
        entries.move(session, each, "shown", by.id, now)
    return len(may), len(works) - len(may)


def is_free(values: Mapping[str, Value]) -> bool:
    """Tell whether a work may be shown to anybody at all."""
    portrait = values.get("portrait") != UNASKED
    return portrait and values.get("show") in (EVERYWHERE, INSIDE)


def shown(session: Session, call: Record, *, outside: bool) -> Sequence[Record]:
    """List what is shown, prizes first. outside: to whoever has the address."""
    found = []
    for each in entries.works_of(session, call, "shown"):
        values = values_of(session, each)
        free = values.get("show") == EVERYWHERE if outside else True
        if free and is_free(values):
            found.append(each)
    return sorted(found, key=lambda each: (each.level is None, each.id))


def set_consent(
    session: Session, work: Record, show: str, by: Member, now: datetime
) -> bool:
    """Have a work shown as its author says from now on; True if it was taken down.

    Said before the show it holds for it; said after, what is on our pages goes at once.
    """
    values = values_of(session, work)
    if values.get("show") != show:
        book.correct(session, work, {**values, "show": show}, by.id, now)
    if show == NOWHERE and work.state == "shown":
        book.move(session, work, "down", by.id, now)
        return True
    return False


def like(
    session: Session, call: Record, work: Record, member: Member, now: datetime
) -> bool:
    """Note that somebody likes a work, once; False if she did. Raises Refusal."""
    if values_of(session, call).get("popular") != POPULAR:
        raise Refusal(NOT_POPULAR.format(title=call.title))
    if work not in shown(session, call, outside=False):
        raise Refusal(NOT_SHOWN.format(mark=entries.mark_of(session, work)))
    row = {"record_id": work.id, "member_id": member.id, "at": now}
    return insert_new(session, WorkLike, row)


def likes_of(session: Session, works: Sequence[Record]) -> Mapping[int, int]:
    rows = (
        select(WorkLike.record_id, func.count())
        .where(WorkLike.record_id.in_([each.id for each in works]))
        .group_by(WorkLike.record_id)
    )
    return dict(session.execute(rows).all())
