"""Which messages of the line were answered aloud: each once, whoever dies meanwhile.

A message is noted before it is answered, with the request that an answer goes to, and
when the answer was acknowledged. So one that comes again after a reconnect is answered
only if nobody heard the answer; and what a dead process left is said by the next.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.message import Message
from bot.storage.database import Base, insert_new
from bot.storage.in_list import among
from bot.storage.invariants import proof
from bot.storage.prepared import Prepared

GOOD_FOR = timedelta(minutes=10)
"""How long an answer may be late (846608); what is older is not said any more."""
REMEMBERED_FOR = timedelta(days=1)


class AiBotReply(Base):
    """mark: a digest of the message's id and its sender. told_at: None until heard.

    message_id: as the inbox knows it; sender: who asked; chat: the group, "" of none.
    """

    __tablename__ = "aibot_reply"

    mark: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str]
    req_id: Mapped[str]
    sender: Mapped[str]
    chat: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    told_at: Mapped[datetime | None]


_TABLE = Base.metadata.tables["aibot_reply"]
_AGAIN = Prepared(
    update(_TABLE)
    .where(_TABLE.c.mark == bindparam("of_mark"))
    .values(req_id=bindparam("by"))
    .returning(_TABLE.c.told_at)
)
_TOLD = Prepared(
    update(_TABLE)
    .where(among(_TABLE.c.mark, "marks"), _TABLE.c.told_at.is_(None))
    .values(told_at=bindparam("now"))
)


@dataclass(frozen=True)
class Left:
    """What nobody said yet."""

    mark: str
    message_id: str
    req_id: str
    sender: str
    chat: str


def mark_of(message: Message) -> str:
    told = f"{message.id}\n{message.sender}"
    return sha256(told.encode()).hexdigest()[:32]


def begin(session: Session, message: Message, now: datetime) -> bool:
    """Note that a message came; False if its answer was heard before."""
    row = {
        "mark": mark_of(message),
        "message_id": message.id,
        "req_id": message.fields.get("req_id", ""),
        "sender": message.sender,
        "chat": message.group,
        "at": now,
    }
    if insert_new(session, AiBotReply, row):
        return True
    found = _AGAIN.first(session, of_mark=row["mark"], by=row["req_id"])
    return found is None or found[0] is None


def note_told(session: Session, marks: Sequence[str], now: datetime) -> None:
    if marks:
        _TOLD.run(session, marks=list(marks), now=now)


def find_left(session: Session, now: datetime) -> Sequence[Left]:
    """List what is to be said still, the oldest first."""
    rows = session.execute(
        select(
            AiBotReply.mark,
            AiBotReply.message_id,
            AiBotReply.req_id,
            AiBotReply.sender,
            AiBotReply.chat,
        )
        .where(AiBotReply.told_at.is_(None), AiBotReply.at > now - GOOD_FOR)
        .order_by(AiBotReply.at)
    )
    return [Left(*row) for row in rows]


def forget_old(session: Session, now: datetime) -> None:
    """Forget what the platform does not deliver again."""
    session.execute(delete(AiBotReply).where(AiBotReply.at < now - REMEMBERED_FOR))


@proof("机器人的回答：送到的时刻不早于消息来的时刻")
def in_order(session: Session) -> Iterator[str]:
    early = select(AiBotReply.mark).where(AiBotReply.told_at < AiBotReply.at)
    for mark in session.scalars(early):
        yield f"回答 {mark} 记的送到时刻比消息还早"
