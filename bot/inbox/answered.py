"""Messages already answered: the platform asks up to three times, we act once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import (
    and_,
    bindparam,
    delete,
    false,
    insert,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.inbox.sealed_replies import MARK
from bot.message import Message, Reply
from bot.storage.database import Base, insert_new
from bot.storage.invariants import proof
from bot.storage.prepared import Prepared
from bot.storage.sight import Sight

REMEMBERED_FOR = timedelta(days=7)
PRIVATE_FOR = timedelta(minutes=10)
A_DAY = timedelta(days=1)


class Answered(Base):
    """One message; reply is None where it needs no answer.

    message_id: the message's id and a mark of its sender, so that nobody is told what
    another asked who sent the same id.

    open: nobody was told the reply yet, so that a better one may take its place.
    """

    __tablename__ = "answered"

    channel: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    reply: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(index=True)
    open: Mapped[bool] = mapped_column(server_default=false())


# Every message runs these.
TABLE = Base.metadata.tables["answered"]
SAME = and_(
    TABLE.c.channel == bindparam("of_channel"),
    TABLE.c.message_id == bindparam("of_message"),
)
_KEEP = Prepared(
    insert(TABLE).inline(), ("channel", "message_id", "reply", "at", "open")
)
_TELL = Prepared(
    update(TABLE).where(SAME).values(open=false()).returning(TABLE.c.reply)
)
_IMPROVE = Prepared(
    update(TABLE)
    .where(SAME, TABLE.c.open.is_(true()))
    .values(reply=bindparam("text"), open=false())
    .returning(literal(1))
)


def earlier_reply(session: Session, message: Message) -> Reply | None:
    """Return what this message was answered with; None if with nothing.

    Who asks is told it, so it can no longer be improved.
    """
    found = _TELL.first(session, **key_of(message))
    return None if found is None or found[0] is None else Reply(found[0])


def find_reply(session: Session, message: Message) -> tuple[bool, str | None]:
    """Tell whether a message was answered, and with what; nobody is told it by that."""
    key = key_of(message)
    found = session.execute(
        select(Answered.reply).where(
            Answered.channel == key["of_channel"],
            Answered.message_id == key["of_message"],
        )
    ).first()
    return (False, None) if found is None else (True, found[0])


def remember(
    session: Session,
    message: Message,
    reply: Reply | None,
    now: datetime,
    *,
    open: bool = False,
) -> bool:
    """Keep the reply for a retry; False if the message was answered meanwhile.

    open: it may be improved until it is told.
    """
    row = {"channel": message.channel, "message_id": mark_of(message), "at": now}
    kept = {"reply": reply.text if reply else None, "open": open}
    return insert_new(session, Answered, row | kept)


def keep(sight: Sight, message: Message, reply: Reply | None, now: datetime) -> None:
    """Keep the reply to a message that was looked for and not found answered."""
    row = {"channel": message.channel, "message_id": mark_of(message), "at": now}
    _KEEP.run(sight, **row, reply=reply.text if reply else None, open=False)


def improve(session: Session, message: Message, reply: Reply) -> bool:
    """Put a better reply in the place of one that nobody was told.

    False if somebody was: then that one is the answer.
    """
    told = _IMPROVE.first(session, **key_of(message), text=reply.text)
    return told is not None


def forget_private(session: Session, now: datetime) -> None:
    """Drop the sealed replies that WeCom, which asks within seconds, had time for."""
    past = Answered.at.between(now - A_DAY, now - PRIVATE_FOR)
    sealed = Answered.reply.startswith(MARK)
    session.execute(update(Answered).where(past, sealed).values(reply=None))


def forget_old(session: Session, now: datetime) -> None:
    """Forget what no platform can ask again."""
    session.execute(delete(Answered).where(Answered.at < now - REMEMBERED_FOR))


def key_of(message: Message) -> dict[str, str]:
    return {"of_channel": message.channel, "of_message": mark_of(message)}


def mark_of(message: Message) -> str:
    """Name one message of one sender; who that is stands in a digest only."""
    told = f"{message.channel}\n{message.id}\n{message.sender}"
    return f"{message.id}:{sha256(told.encode()).hexdigest()[:16]}"


@proof("收件：一条消息一行，都有编号")
def numbered(session: Session) -> Iterator[str]:
    unnumbered = (Answered.message_id == "") | Answered.message_id.startswith(":")
    for each in session.scalars(select(Answered).where(unnumbered)):
        yield f"{each.channel} 有一条消息没有编号"
