"""Who holds the robot's line: of all processes one, another within seconds if it dies.

The platform throws out the older of two connections, so two processes that both
connect would throw each other out for ever. A holder counts up; who sees the count
stand still for a while takes its place. Nobody compares clocks, which may differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.database import Base, insert_new
from bot.storage.invariants import proof

NAME = "aibot"
BEAT = 2.0
"""Seconds between two counts of a holder."""
DEAD_AFTER = 6.0
"""Seconds that a count stands still before another takes the line."""
SILENT = timedelta(seconds=30)
UNPROVEN = timedelta(minutes=30)
"""After so long without a word or a new line, two renewals have failed."""


class AiBotLine(Base):
    """owner: "" of a line that was let go. beat: counts while somebody holds it.

    up_since: since when it is open; None while it is not, and fault says why. heard_at:
    when something last came in. proven_at: when it last was sure that what is said
    comes in: something came, or it was opened anew.
    """

    __tablename__ = "aibot_line"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    beat: Mapped[int]
    beat_at: Mapped[datetime]
    up_since: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    proven_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(default="", server_default="")


@dataclass(frozen=True)
class Seen:
    """What stood in the row when somebody looked."""

    owner: str
    beat: int


@dataclass(frozen=True)
class State:
    """How a line is, as its holder tells it."""

    up_since: datetime | None = None
    heard_at: datetime | None = None
    proven_at: datetime | None = None
    fault: str = ""


def look(session: Session, now: datetime) -> Seen:
    """See who holds the line; the first who looks makes the row."""
    row = {"name": NAME, "owner": "", "beat": 0, "beat_at": now}
    insert_new(session, AiBotLine, row)
    found = session.execute(
        select(AiBotLine.owner, AiBotLine.beat).where(AiBotLine.name == NAME)
    ).one()
    return Seen(*found)


def take(session: Session, seen: Seen, owner: str, now: datetime) -> bool:
    """Take the place of whom one saw; False if the row says something else by now."""
    same = (
        AiBotLine.name == NAME,
        AiBotLine.owner == seen.owner,
        AiBotLine.beat == seen.beat,
    )
    return _change(
        session,
        same,
        owner=owner,
        beat=seen.beat + 1,
        beat_at=now,
        up_since=None,
        fault="",
    )


def count_up(session: Session, owner: str, state: State, now: datetime) -> bool:
    """Say that one lives, and how the line is; False if another has it."""
    mine = (AiBotLine.name == NAME, AiBotLine.owner == owner)
    told = {name: value for name, value in vars(state).items() if value is not None}
    told["up_since"] = state.up_since
    return _change(session, mine, beat=AiBotLine.beat + 1, beat_at=now, **told)


def let_go(session: Session, owner: str, now: datetime) -> None:
    mine = (AiBotLine.name == NAME, AiBotLine.owner == owner)
    _change(session, mine, owner="", beat_at=now, up_since=None)


def find(session: Session) -> AiBotLine | None:
    return session.get(AiBotLine, NAME)


def find_fault(session: Session, now: datetime) -> str:
    """Say why what people write does not come in; "" if it does.

    An open line is no proof: of one that was cut off heartbeats go on being answered.
    """
    line = find(session)
    if line is None or not line.owner:
        return "no process holds the line"
    if now - line.beat_at > SILENT:
        return f"whoever held the line is silent since {line.beat_at:%H:%M:%S} UTC"
    if line.up_since is None:
        heard = f"; last message at {line.heard_at:%H:%M} UTC" if line.heard_at else ""
        return f"the line is down ({line.fault or 'not open yet'}){heard}"
    if line.proven_at is None or now - line.proven_at > UNPROVEN:
        return "the line is open, and nothing proves that anything comes in"
    return ""


def _change(session: Session, where: tuple[object, ...], **values: object) -> bool:
    changed = update(AiBotLine).where(*where).values(values)  # type: ignore[arg-type]
    return session.execute(changed.returning(AiBotLine.name)).first() is not None


@proof("机器人的长连接：开着的有进程拿着")
def held(session: Session) -> Iterator[str]:
    line = find(session)
    if line and line.up_since and not line.owner:
        yield "记着长连接开着，却没有进程拿着它"
