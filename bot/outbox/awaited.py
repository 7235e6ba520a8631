"""What waited for a word from somebody whom no way reached: it goes when it comes.

A few letters go each by itself; many in one message, as platforms that open for a word
let through only a few.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, select, update
from sqlalchemy.orm import Session

from bot.message import Card, GroupText, Text, unpack
from bot.outbox.digest_words import write_dated
from bot.outbox.digests import KIND
from bot.outbox.letters import Importance, Letter, Plan, Recipient, Window, put
from bot.outbox.releases import change, release_rows
from bot.outbox.routes import UNTIL_HEARD
from bot.outbox.ways import PEOPLE
from bot.storage.prepared import Prepared

ALONE = 3
GOOD_FOR = timedelta(days=2)
OPENING = "这几天有几件事没能发到您这里，放在一起："


_RECIPIENT = Recipient.metadata.tables["recipient"]
_HELD = (
    _RECIPIENT.c.held_until == bindparam("until", UNTIL_HEARD),
    _RECIPIENT.c.state == "pending",
)
_WAITS = Prepared(  # with every message from there, and hardly ever anything
    select(_RECIPIENT.c.id)
    .where(_RECIPIENT.c.member_id == bindparam("of_member"), *_HELD)
    .limit(1)
)


def waits_for(member_id: Any) -> ColumnElement[bool]:
    """Match the members for whose word from there something waits."""
    return exists(
        select(_RECIPIENT.c.id).where(_RECIPIENT.c.member_id == member_id, *_HELD)
    )


def tell_awaited(session: Session, member_id: int, channel: str, now: datetime) -> int:
    """Let what waited for a member's word go by the way it came; return how much."""
    if _WAITS.first(session, of_member=member_id) is None:
        return 0
    rows = session.execute(
        select(Recipient.id, Recipient.letter_id, Letter.body, Letter.created_at)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(
            Recipient.member_id == member_id,
            Recipient.held_until == UNTIL_HEARD,
            Recipient.state == "pending",
            Letter.not_after > now,
        )
        .order_by(Recipient.letter_id)
        .with_for_update(skip_locked=True, of=Recipient)
    ).all()
    if not rows:
        return 0
    mine = Recipient.id.in_([row.id for row in rows])
    change(session, update(Recipient).where(mine).values(way=channel, tried=None))
    said = {row.id: (unpack(row.body), row.created_at) for row in rows}
    worded = [
        row for row in rows if isinstance(said[row.id][0], Text | GroupText | Card)
    ]
    if len(worded) <= ALONE:
        release_rows(session, rows)
        return len(rows)
    release_rows(session, [row for row in rows if row not in worded])
    plan = Plan(
        key=f"awaited:{worded[0].id}:{now.timestamp():.0f}",
        kind=KIND,
        content=Text(write_dated([said[row.id] for row in worded], now, OPENING)),
        window=Window(now, now + GOOD_FOR),
        importance=Importance.NOTICE,
        channel=PEOPLE,
    )
    reader = select(Recipient.member_id, Recipient.user).where(
        Recipient.id == worded[0].id
    )
    digest = put(session, plan, reader, now=now)
    if digest is not None:
        together = Recipient.id.in_([row.id for row in worded])
        values = {"digest_id": digest.id, "held_until": now}
        change(session, update(Recipient).where(together).values(values))
        its = Recipient.letter_id == digest.id
        change(session, update(Recipient).where(its).values(way=channel))
    return len(rows)
