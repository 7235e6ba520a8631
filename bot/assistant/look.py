"""What every message asks first, in one question to the database.

Was it answered before, who speaks, what is open in the conversation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, literal, select
from sqlalchemy.orm import Session

from bot.branch.people import members
from bot.branch.people.members import Speaker, Standing
from bot.inbox import answered, open_questions
from bot.message import Message
from bot.outbox import ways
from bot.outbox.ways import PEOPLE
from bot.storage.prepared import Prepared

_ONE = select(literal(1).label("one")).subquery()


def _asked(*, by_way: bool) -> Prepared:
    """Ask all of it, of a message under a WeCom account or by another way."""
    begun = select(
        answered.TABLE.c.message_id.is_not(None),
        *members.WHO,
        *open_questions.WHAT,
    ).select_from(_ONE)
    begun = begun.outerjoin(answered.TABLE, answered.SAME)
    if by_way:
        begun = begun.outerjoin(ways.TABLE, and_(*ways.OF_ADDRESS))
    whose = members.OF_WAY if by_way else members.OF_ACCOUNT
    return Prepared(
        begun.outerjoin(members.TABLE, whose)
        .outerjoin(members.GRANTS, members.GRANTED)
        .outerjoin(members.BRANCHES, members.HELD_IN)
        .outerjoin(open_questions.TABLE, open_questions.OF_THREAD)
        .order_by(*members.HIGHEST_FIRST)
        .limit(1)
    )


_LOOK, _LOOK_BY_WAY = _asked(by_way=False), _asked(by_way=True)


SAME_ACCOUNTS = ("aibot",)
"""Channels that name people by the accounts of WeCom, unless they are encrypted."""


@dataclass(frozen=True)
class Look:
    """answered: before, so that the same is told. known: None of a stranger."""

    answered: bool
    known: tuple[Speaker, Standing] | None


def look(session: Session, message: Message, now: datetime) -> Look:
    """Look; nobody else speaks in the conversation until this work is over."""
    thread = message.thread
    open_questions.take_thread(session, thread)
    asked = {**answered.key_of(message), "of_thread": thread}
    if message.channel == PEOPLE:
        account = message.sender.casefold()
        row = _LOOK.first(session, **asked, of_account=account)
    else:
        row = _LOOK_BY_WAY.first(session, **asked, of_address=message.sender)
    assert row is not None
    size = len(members.WHO)
    if row[1] is None and message.channel in SAME_ACCOUNTS:
        row = _recognise_account(session, message, asked, now) or row
    who, question = row[1 : 1 + size], row[1 + size :]
    open_questions.note_found(session, question if question[0] else None)
    known = members.told_of(session, who) if who[0] is not None else None
    return Look(bool(row[0]), known)


def _recognise_account(
    session: Session, message: Message, asked: Mapping[str, Any], now: datetime
) -> tuple[Any, ...] | None:
    """Bind an address that is the account of a member to him or her, and look anew."""
    known = members.recognise(session, message.sender)
    if known is None:
        return None
    ways.bind(session, known[0].id, message.channel, message.sender, now)
    return _LOOK_BY_WAY.first(session, **asked, of_address=message.sender)
