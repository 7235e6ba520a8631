"""Open questions: what the assistant asked and waits to hear, one a conversation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.database import Base, Id, put_row, take_turn
from bot.storage.prepared import Prepared

LASTS = timedelta(minutes=30)


class Question(Base):
    __tablename__ = "question"

    thread: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    asked: Mapped[str]
    details: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]
    role: Mapped[int] = mapped_column(default=1, server_default="1")
    branch_id: Mapped[int | None] = mapped_column(Id)


_TABLE = Base.metadata.tables["question"]
_WHAT = (
    _TABLE.c.kind,
    _TABLE.c.asked,
    _TABLE.c.details,
    _TABLE.c.role,
    _TABLE.c.branch_id,
)
"""In the order of Open's fields."""
_FIND = Prepared(
    select(*_WHAT, _TABLE.c.expires_at).where(_TABLE.c.thread == bindparam("of_thread"))
)


@dataclass(frozen=True)
class Open:
    """A question that may still be answered. asked: the words that it was put in.

    role, branch_id: what whoever was asked held, and where; a plain member's question
    has no branch. Who holds less by the time of the answer is not heard.
    """

    kind: str
    asked: str
    details: dict[str, Any]
    role: int = 1
    branch_id: int | None = None

    @property
    def office(self) -> tuple[int, int | None]:
        return self.role, self.branch_id


def ask(session: Session, thread: str, question: Open, now: datetime) -> None:
    """Put a question; it replaces the one that was open."""
    row = {"thread": thread, "expires_at": now + LASTS, **vars(question)}
    put_row(session, Question, row)


def take_thread(session: Session, thread: str) -> None:
    """Have whoever else speaks in a conversation wait until this work is over.

    Whoever would act on an open question does this first. Two answers that come
    together would both find it otherwise, and both would act.
    """
    take_turn(session, f"thread:{thread}")


def find(session: Session, thread: str, now: datetime) -> Open | None:
    row = _FIND.first(session, of_thread=thread)
    if row is None:
        return None
    *what, expires_at = row
    return Open(*what) if now < expires_at else None


def find_where(
    session: Session, kind: str, path: tuple[str, ...], value: str, now: datetime
) -> tuple[str, Open] | None:
    """Find an open question by what its details hold; also in whose conversation.

    It is read anew each time: who waited for the conversation looks again.
    """
    found = select(Question.thread, *_WHAT).where(
        Question.kind == kind,
        Question.expires_at > now,
        Question.details[path].as_string() == value,
    )
    row = session.execute(found).first()
    return (row[0], Open(*row[1:])) if row else None


def close(session: Session, thread: str, kind: str = "") -> None:
    """Close the open question; with a kind, only one of that kind."""
    mine = delete(Question).where(Question.thread == thread)
    session.execute(mine.where(Question.kind == kind) if kind else mine)


def close_all(session: Session, thread: str) -> None:
    """Close what is open in a conversation, in whatever case its account is written."""
    session.execute(delete(Question).where(func.lower(Question.thread) == thread))


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(Question).where(Question.expires_at <= now))
