"""A channel that takes nothing for a while: all processes stay away from it together.

One letter's refusal may be its own fault; a wrong secret or a used-up allowance is
everybody's, and each further try only makes the platform wait longer.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.database import Base, insert_new
from bot.storage.prepared import Prepared

LONGEST = timedelta(hours=1)


class Pause(Base):
    """Until when nothing is sent through a channel, and why."""

    __tablename__ = "pause"

    channel: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    reason: Mapped[str]


class Paused(NamedTuple):
    """A pause that runs."""

    until: datetime
    reason: str


_PAUSE = Prepared(
    select(Pause.until, Pause.reason).where(Pause.channel == bindparam("of_channel"))
)


def pause(session: Session, channel: str, until: datetime, reason: str) -> None:
    """Stay away from a channel; a longer pause that runs is not made shorter."""
    row = {"channel": channel, "until": until, "reason": reason}
    if not insert_new(session, Pause, row):
        session.execute(
            update(Pause)
            .where(Pause.channel == channel, Pause.until < until)
            .values(until=until, reason=reason)
        )


def find_pause(session: Session, channel: str, now: datetime) -> Paused | None:
    """Return the pause that runs; none is so long unless the clock was set back."""
    found = _PAUSE.first(session, of_channel=channel)
    if found is None:
        return None
    paused = Paused(*found)
    return paused if now < paused.until <= now + LONGEST else None
