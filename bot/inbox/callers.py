"""Who has written to the robot, known to us or not: it may speak only to them.

Of somebody unknown it is kept what she said her name is, until the secretary knows her
or she is forgotten.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, UniqueConstraint, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.database import Base, Id, add_new
from bot.storage.invariants import proof
from bot.storage.prepared import Prepared

NOTED_EVERY = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=30)
"""Without a word, and unknown."""
NAME_CHARS = 20


class Caller(Base):
    """One address on one platform, as its messages name it.

    heard_at: when it last wrote, to the hour. called: the name that somebody unknown
    gave; asked_at: when the secretary was last asked; turned_away_at: told no.
    address: where one answer can be sent without being asked, until address_until.
    """

    __tablename__ = "caller"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(index=True)
    user: Mapped[str]
    first_at: Mapped[datetime]
    heard_at: Mapped[datetime] = mapped_column(index=True)
    called: Mapped[str] = mapped_column(default="", server_default="")
    asked_at: Mapped[datetime | None]
    turned_away_at: Mapped[datetime | None]
    address: Mapped[str | None]
    address_until: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("channel", "user"),)


_TABLE = Base.metadata.tables["caller"]
_HEARD = Prepared(
    select(_TABLE.c.heard_at).where(
        _TABLE.c.channel == bindparam("of_channel"),
        _TABLE.c.user == bindparam("of_user"),
    )
)


def note(session: Session, channel: str, user: str, now: datetime) -> bool:
    """Note that somebody wrote; True for the first time."""
    known = _HEARD.first(session, of_channel=channel, of_user=user)
    if known is None:
        row = {"channel": channel, "user": user, "first_at": now, "heard_at": now}
        return add_new(session, Caller, row) is not None
    if known[0] < now - NOTED_EVERY:
        same = update(Caller).where(*_is(channel, user))
        session.execute(same.values(heard_at=now))
    return False


def has_written(session: Session, channel: str, user: str) -> bool:
    return session.scalar(select(Caller.id).where(*_is(channel, user))) is not None


def find(session: Session, channel: str, user: str) -> Caller | None:
    return session.scalar(select(Caller).where(*_is(channel, user)))


def get(session: Session, number: int) -> Caller | None:
    return session.get(Caller, number)


def list_all(session: Session, channel: str) -> Sequence[Caller]:
    newest = select(Caller).where(Caller.channel == channel)
    return session.scalars(newest.order_by(Caller.heard_at.desc())).all()


def keep_address(
    session: Session, channel: str, user: str, address: str, until: datetime
) -> None:
    """Keep where one answer may be sent to unasked."""
    told = {"address": address, "address_until": until}
    session.execute(update(Caller).where(*_is(channel, user)).values(told))


def take_address(
    session: Session, channel: str, user: str, now: datetime
) -> str | None:
    """Take it, once; None if there is none that is good still."""
    caller = find(session, channel, user)
    if caller is None or caller.address is None:
        return None
    address, until = caller.address, caller.address_until
    caller.address = caller.address_until = None
    return address if until and until > now else None


def forget_old(
    session: Session, channel: str, now: datetime, known: Sequence[str]
) -> None:
    """Forget who is unknown and silent. known: the addresses that are members'."""
    silent = (Caller.channel == channel, Caller.heard_at < now - FORGOTTEN_AFTER)
    for each in session.scalars(select(Caller).where(*silent)).all():
        if each.user not in known:
            session.delete(each)


def _is(channel: str, user: str) -> tuple[ColumnElement[bool], ...]:
    return Caller.channel == channel, Caller.user == user


@proof("机器人：问过书记的来人都报过姓名，或已经认下")
def introduced(session: Session) -> Iterator[str]:
    odd = select(Caller.id).where(Caller.called != "", Caller.asked_at.is_(None))
    for number in session.scalars(odd):
        yield f"第 {number} 号来人报了姓名，却没有记什么时候问的书记"
