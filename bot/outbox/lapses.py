"""What lapsed while its reader wanted quiet: told in one message when the quiet ends.

Until then it is pending, however long that takes; with the message it is delivered.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from bot.message import Text, unpack
from bot.outbox.courtesy import NO_END, TOLD_LATE, wish_against
from bot.outbox.digest_words import write_dated
from bot.outbox.digests import KIND
from bot.outbox.held import by_reader, find_held, wishes_of
from bot.outbox.letters import Importance, Letter, Plan, Recipient, Window, put
from bot.storage.database import take_turn
from bot.storage.in_list import in_parts

GOOD_FOR = timedelta(days=3)
HOW = "（这些通知发出有几天了。看全文、回复，说“我的通知”。）"


def tell_lapsed(session: Session, now: datetime) -> int:
    """Tell everybody whose quiet is over what lapsed in it; return how many."""
    take_turn(session, "courtesy")
    rows = find_held(session, now, Letter.kind == TOLD_LATE, Letter.not_after <= now)
    told: dict[tuple[str, tuple[int, ...]], list[Sequence[Row[Any]]]]
    told = defaultdict(list)
    for mine in by_reader(_keep_quiet(session, rows, now)).values():
        letters = tuple(row.letter_id for row in mine)
        told[mine[0].channel, letters].append(mine)
    for (channel, letters), people in told.items():
        for some in in_parts(people):
            _put(session, channel, letters, some, now)
    return sum(len(people) for people in told.values())


def _keep_quiet(
    session: Session, rows: Sequence[Row[Any]], now: datetime
) -> list[Row[Any]]:
    """Hold on for those who want quiet for longer now; return the others' rows."""
    wanted = wishes_of(session, rows, now)
    left = []
    for row in rows:
        wishes = wanted.get(row.member_id, ())
        stopped, until = wish_against(wishes, TOLD_LATE, Importance.NOTICE)
        if stopped:
            held = {"held_until": until or now + NO_END}
            session.execute(
                update(Recipient).where(Recipient.id == row.id).values(held)
            )
        else:
            left.append(row)
    return left


def _put(
    session: Session,
    channel: str,
    letters: tuple[int, ...],
    people: Sequence[Sequence[Row[Any]]],
    now: datetime,
) -> None:
    """Put one message for those who missed the same."""
    found = session.execute(
        select(Letter.id, Letter.body, Letter.not_before).where(Letter.id.in_(letters))
    )
    said = {number: (unpack(body), at) for number, body, at in found}
    rows = [row.id for mine in people for row in mine]
    plan = Plan(
        key=f"lapsed:{now.timestamp():.0f}:{rows[0]}",
        kind=KIND,
        content=Text(f"{write_dated([said[each] for each in letters], now)}\n{HOW}"),
        window=Window(now, now + GOOD_FOR),
        importance=Importance.NOTICE,
        channel=channel,
    )
    first = [mine[0].id for mine in people]
    readers = select(Recipient.member_id, Recipient.user).where(Recipient.id.in_(first))
    letter = put(session, plan, readers, now=now)
    if letter is not None:
        session.execute(
            update(Recipient)
            .where(Recipient.id.in_(rows))
            .values(digest_id=letter.id)
            .execution_options(synchronize_session=False)
        )
