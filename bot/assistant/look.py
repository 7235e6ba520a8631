"""What every message asks first, in one question to the database for many of them.

Was it answered before, who speaks, what is open in the conversation; and what the
answers to most are decided by: the last check-in, and whether any notice asks anything.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bot.branch.notices import replies
from bot.branch.people import members
from bot.branch.people.members import Member, Speaker, Standing
from bot.branch.study import checkins
from bot.inbox import answered, open_questions
from bot.message import Message
from bot.outbox import awaited, ways
from bot.outbox.ways import PEOPLE
from bot.storage.database import tell_held
from bot.storage.in_list import Listed, in_one
from bot.storage.prepared import Prepared, piped
from bot.storage.sight import Sight
from bot.storage.together import search_indexes

Known: TypeAlias = tuple[Speaker, Standing]

_ASKED = Listed("messages", "asked")
_NUMBER = _ASKED.number(0)
_SAME = and_(
    answered.TABLE.c.channel == _ASKED.text(1),
    answered.TABLE.c.message_id == _ASKED.text(2),
)
_OF_ACCOUNT = and_(
    members.TABLE.c.account == _ASKED.text(3), members.TABLE.c.state == "active"
)
_OF_ADDRESS = and_(
    ways.TABLE.c.channel == _ASKED.text(1), ways.TABLE.c.address == _ASKED.text(3)
)
_OF_THREAD = open_questions.TABLE.c.thread == _ASKED.text(4)


def _asked(*, by_way: bool) -> Prepared:
    """Ask all of it, of messages under a WeCom account or by another way.

    By another way also whether letters wait for a word from there.
    """
    asked = select(
        _NUMBER,
        answered.TABLE.c.message_id.is_not(None),
        *members.WHO,
        *open_questions.WHAT,
        *checkins.WHAT,
        replies.ASKING_NOW,
        *((awaited.waits_for(members.TABLE.c.id),) if by_way else ()),
    ).select_from(_ASKED.table)
    asked = asked.outerjoin(answered.TABLE, _SAME)
    if by_way:
        asked = asked.outerjoin(ways.TABLE, _OF_ADDRESS)
    return Prepared(
        asked.outerjoin(members.TABLE, members.OF_WAY if by_way else _OF_ACCOUNT)
        .outerjoin(members.GRANTS, members.GRANTED)
        .outerjoin(members.BRANCHES, members.HELD_IN)
        .outerjoin(open_questions.TABLE, _OF_THREAD)
        .outerjoin(checkins.TABLE, checkins.IS_LAST)
        .order_by(_NUMBER, *members.HIGHEST_FIRST)
    )


_LOOK, _LOOK_BY_WAY = _asked(by_way=False), _asked(by_way=True)
SAME_ACCOUNTS = ("aibot",)
"""Channels that name people by the accounts of WeCom, unless they are encrypted."""
_WHO = slice(2, 2 + len(members.WHO))
_QUESTION = slice(_WHO.stop, _WHO.stop + len(open_questions.WHAT))
_LAST = slice(_QUESTION.stop, _QUESTION.stop + len(checkins.WHAT))
_ASKING, _AWAITED = _LAST.stop, _LAST.stop + 1


@dataclass(frozen=True)
class Look:
    """What was found of one message. answered: before, so that the same is told.

    awaited: letters wait for a word from there.
    """

    thread: str
    answered: bool
    who: Sequence[Any] | None
    question: Sequence[Any] | None
    last: Sequence[Any] | None
    asking: Sequence[Any] | None
    awaited: bool = False

    def known(self, session: Session) -> Known | None:
        """Say who speaks, and what the conversation has open; None of a stranger."""
        open_questions.note_found(session, self.thread, self.question)
        return None if self.who is None else members.told_of(session, self.who)

    def sight(self, kind: str, now: datetime) -> Sight:
        """Give what was seen in the place of a session. kind: of the database."""
        sight = Sight(kind)
        sight.tell(replies.ASKING, self.asking, since=now - replies.ASKED_FOR)
        if self.who is not None:
            tell_held(sight, Member, self.who[0])
            sight.tell(checkins.LAST, self.last, of_member=self.who[0])
        return sight


def look(session: Session, message: Message, now: datetime) -> Look:
    """Look; nobody else speaks in the conversation until this work is over."""
    open_questions.take_thread(session, message.thread)
    seen = _look_at(session, message, now)
    if seen.who is None and message.channel in SAME_ACCOUNTS:
        known = members.recognise(session, message.sender)
        if known:
            its = message.channel, message.sender
            ways.bind(session, known[0].id, *its, now)
            return _look_at(session, message, now)
    return seen


def _look_at(session: Session, message: Message, now: datetime) -> Look:
    asked = _LOOK if message.channel == PEOPLE else _LOOK_BY_WAY
    return _read(message, asked.all(session, **_words([(0, message)], now))[0])


def look_at_all(
    session: Session, messages: Sequence[Message], now: datetime
) -> Sequence[Look | None]:
    """Look at many at once, each in a conversation and of a member that are ours then.

    None for one whose conversation or member is somebody else's just now, or another
    message's of these: nobody is waited for. So for what more is to be asked about:
    somebody unknown who came by another way than a WeCom account, or for whom letters
    wait there; what was said in a group; cards told in words.
    """
    numbered = [(at, each) for at, each in enumerate(messages) if _is_plain(each)]
    parts = [
        (asked, [pair for pair in numbered if (pair[1].channel == PEOPLE) is own])
        for asked, own in ((_LOOK, True), (_LOOK_BY_WAY, False))
    ]
    with piped(session):
        search_indexes(session)
        threads = open_questions.try_threads(session, [m.thread for _, m in numbered])
        held = [members.try_hold(session, _accounts(numbered))]
        if addresses := _addresses(numbered):
            held.append(members.try_hold_by_way(session, addresses))
        found = [
            asked.ask(session, **_words(part, now)) for asked, part in parts if part
        ]
    rows: dict[int, Sequence[Any]] = {}
    for every in found:
        for row in every():
            rows.setdefault(row[0], row)
    ours, theirs = threads(), _all_of(each() for each in held)
    taken: set[str | int] = set()
    looks: list[Look | None] = [None] * len(messages)
    for at, each in numbered:
        look = _read(each, rows[at])
        if _is_enough(each, look) and _take(look, ours, theirs, taken):
            looks[at] = look
    return looks


def _is_plain(message: Message) -> bool:
    """Whether a message is answered from what is looked up for all, if it can be."""
    if message.channel == PEOPLE:
        return True
    alone = message.kind != "event" and not message.group
    return alone and message.channel not in ways.BUTTONLESS


def _is_enough(message: Message, look: Look) -> bool:
    return message.channel == PEOPLE or (look.who is not None and not look.awaited)


def _accounts(numbered: Iterable[tuple[int, Message]]) -> list[str]:
    return [m.sender.casefold() for _, m in numbered if m.channel == PEOPLE]


def _addresses(numbered: Iterable[tuple[int, Message]]) -> list[str]:
    return [m.sender for _, m in numbered if m.channel != PEOPLE]


def _all_of(held: Iterable[Collection[int] | None]) -> Collection[int] | None:
    """Put together whom we hold; None: all, where one writes at a time."""
    every = list(held)
    known = [each for each in every if each is not None]
    return None if len(known) < len(every) else set().union(*known)


def _take(
    look: Look,
    threads: Collection[str] | None,
    held: Collection[int] | None,
    taken: set[str | int],
) -> bool:
    """Take a conversation and a member for one of several; False if they are not free.

    threads, held: those that are ours, None where all are.
    """
    mine: set[str | int] = {look.thread}
    if threads is not None and look.thread not in threads:
        return False
    if look.who is not None:
        mine.add(look.who[0])
        if held is not None and look.who[0] not in held:
            return False
    if mine & taken:
        return False
    taken |= mine
    return True


def _words(numbered: Iterable[tuple[int, Message]], now: datetime) -> dict[str, Any]:
    rows = [
        (at, each.channel, answered.mark_of(each), _sender_of(each), each.thread)
        for at, each in numbered
    ]
    return {"messages": in_one(rows), "since": now - replies.ASKED_FOR}


def _sender_of(message: Message) -> str:
    """Write an account as it is kept; any other address counts as it stands."""
    account = message.channel == PEOPLE
    return message.sender.casefold() if account else message.sender


def _read(message: Message, row: Sequence[Any]) -> Look:
    who, question, last = row[_WHO], row[_QUESTION], row[_LAST]
    return Look(
        message.thread,
        bool(row[1]),
        who if who[0] is not None else None,
        question if question[0] is not None else None,
        last if last[0] is not None else None,
        None if row[_ASKING] is None else row[_ASKING:_AWAITED],
        bool(row[_AWAITED]) if len(row) > _AWAITED else False,
    )
