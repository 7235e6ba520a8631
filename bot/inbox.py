"""Messages already answered: the platform asks up to three times, we act once."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.message import Message, Reply
from bot.storage import Base, insert_new

REMEMBERED_FOR = timedelta(days=7)


class Answered(Base):
    """One message; reply is None while it is being answered or needs no answer."""

    __tablename__ = "answered"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    reply: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(index=True)


def begin(session: Session, message: Message, now: datetime) -> bool:
    """Take a message on; False if it was answered before.

    The same message at the same moment waits here until the first is answered.
    """
    row = {"channel": message.channel, "message_id": message.id, "at": now}
    return insert_new(session, Answered, row)


def earlier_reply(session: Session, message: Message) -> Reply | None:
    """Return what this message was answered with; None if with nothing."""
    text = session.scalar(select(Answered.reply).where(*_same(message)))
    return None if text is None else Reply(text)


def remember(session: Session, message: Message, reply: Reply | None) -> None:
    session.execute(
        update(Answered)
        .where(*_same(message))
        .values(reply=reply.text if reply else None)
    )


def forget_old(session: Session, now: datetime) -> None:
    """Forget what no platform can ask again."""
    session.execute(delete(Answered).where(Answered.at < now - REMEMBERED_FOR))


def _same(message: Message) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        Answered.channel == message.channel,
        Answered.message_id == message.id,
    )
