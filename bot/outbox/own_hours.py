"""A member's own quiet hours: nothing by the clock then; it comes when they end."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.calendar.quiet_hours import Hours
from bot.outbox.letters import Recipient
from bot.storage.database import Base, put_row
from bot.storage.invariants import proof
from bot.storage.prepared import Prepared

OWN_HOURS = "在本人的免打扰时间里"


class OwnHours(Base):
    """Every day from starts to ends, which may be the next morning."""

    __tablename__ = "own_hours"

    member_id: Mapped[int] = mapped_column(primary_key=True)
    starts: Mapped[time]
    ends: Mapped[time]


_ANY = Prepared(select(OwnHours.member_id).limit(1))


def keep_hours(session: Session, member_id: int, hours: Hours, now: datetime) -> None:
    """Keep quiet for a member in these hours of every day, instead of earlier ones."""
    row = {"member_id": member_id, "starts": hours.starts, "ends": hours.ends}
    put_row(session, OwnHours, row)
    _look_again(session, member_id, now)


def drop_hours(session: Session, member_id: int, now: datetime) -> bool:
    """Keep no hours of a member's own any more; False if there were none."""
    mine = delete(OwnHours).where(OwnHours.member_id == member_id)
    dropped = session.scalars(mine.returning(OwnHours.member_id)).all()
    _look_again(session, member_id, now)
    return bool(dropped)


def hours_of(
    session: Session, members: Iterable[int | None]
) -> Mapping[int | None, Hours]:
    """Return the hours of those among some members who have their own."""
    if _ANY.first(session) is None:
        return {}
    theirs = OwnHours.member_id.in_(list(members))
    rows = session.scalars(select(OwnHours).where(theirs))
    return {row.member_id: Hours(row.starts, row.ends) for row in rows}


def _look_again(session: Session, member_id: int, now: datetime) -> None:
    """Ask anew whether what waited for the end of the hours may go."""
    session.execute(
        update(Recipient)
        .where(
            Recipient.member_id == member_id,
            Recipient.held_until > now,
            Recipient.reason == OWN_HOURS,
        )
        .values(held_until=now)
        .execution_options(synchronize_session=False)
    )


@proof("本人的免打扰时间：有头有尾")
def not_empty(session: Session) -> Iterator[str]:
    same = select(OwnHours.member_id).where(OwnHours.starts == OwnHours.ends)
    for member in session.scalars(same):
        yield f"{member} 号党员的免打扰时间头尾一样"
