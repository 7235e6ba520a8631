"""A channel that takes nothing for a while: all processes stay away from it together.

One letter's refusal may be its own fault; a wrong secret or a used-up allowance is
everybody's, and each further try only makes the platform wait longer.
"""

from datetime import datetime, timedelta

from sqlalchemy import String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage import Base, insert_new

LONGEST = timedelta(hours=1)


class Pause(Base):
    """Until when nothing is sent through a channel, and why."""

    __tablename__ = "pause"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    until: Mapped[datetime]
    reason: Mapped[str]


def pause(session: Session, channel: str, until: datetime, reason: str) -> None:
    """Stay away from a channel; a longer pause that runs is not made shorter."""
    row = {"channel": channel, "until": until, "reason": reason}
    if not insert_new(session, Pause, row):
        session.execute(
            update(Pause)
            .where(Pause.channel == channel, Pause.until < until)
            .values(until=until, reason=reason)
        )


def find_pause(session: Session, channel: str, now: datetime) -> Pause | None:
    """Return the pause that runs; none is so long unless the clock was set back."""
    found = session.get(Pause, channel)
    return found if found and now < found.until <= now + LONGEST else None
