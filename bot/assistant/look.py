"""What every message asks first, in one question to the database.

Was it answered before, who speaks, what is open in the conversation.
"""

from dataclasses import dataclass

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from bot.branch.people import members
from bot.branch.people.members import Speaker, Standing
from bot.inbox import answered, open_questions
from bot.message import Message
from bot.storage.prepared import Prepared

_ONE = select(literal(1).label("one")).subquery()
_LOOK = Prepared(
    select(
        answered.TABLE.c.message_id.is_not(None),
        *members.WHO,
        *open_questions.WHAT,
    )
    .select_from(_ONE)
    .outerjoin(answered.TABLE, answered.SAME)
    .outerjoin(members.TABLE, members.OF_ACCOUNT)
    .outerjoin(members.GRANTS, members.GRANTED)
    .outerjoin(members.BRANCHES, members.HELD_IN)
    .outerjoin(open_questions.TABLE, open_questions.OF_THREAD)
    .order_by(*members.HIGHEST_FIRST)
    .limit(1)
)


@dataclass(frozen=True)
class Look:
    """answered: before, so that the same is told. known: None of a stranger."""

    answered: bool
    known: tuple[Speaker, Standing] | None


def look(session: Session, message: Message) -> Look:
    """Look; nobody else speaks in the conversation until this work is over."""
    thread = message.thread
    open_questions.take_thread(session, thread)
    row = _LOOK.first(
        session,
        **answered.key_of(message),
        of_account=message.sender.casefold(),
        of_thread=thread,
    )
    assert row is not None
    size = len(members.WHO)
    who, question = row[1 : 1 + size], row[1 + size :]
    open_questions.note_found(session, question if question[0] else None)
    known = members.told_of(session, who) if who[0] is not None else None
    return Look(bool(row[0]), known)
