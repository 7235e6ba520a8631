"""What was kept back for its reader's sake until now: whose it is, and who wants it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Result, Row, select
from sqlalchemy.orm import Session

from bot.outbox import mutes
from bot.outbox.letters import Letter, Recipient
from bot.storage.in_list import in_parts


def find_held(
    session: Session, now: datetime, *which: ColumnElement[bool]
) -> Sequence[Row[Any]]:
    """Find who waits for what was kept back until now, and no digest tells; locked."""
    found: Result[Any] = session.execute(
        select(
            Recipient.id,
            Recipient.user,
            Recipient.member_id,
            Recipient.letter_id,
            Letter.kind,
            Letter.channel,
            Letter.spends,
        )
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(
            Recipient.held_until <= now,
            Recipient.digest_id.is_(None),
            Recipient.state == "pending",
            *which,
        )
        .order_by(Recipient.letter_id, Recipient.id)
        .with_for_update(skip_locked=True, of=Recipient)
    )
    return found.all()


def by_reader(rows: Iterable[Row[Any]]) -> dict[tuple[str, str], list[Row[Any]]]:
    """Gather rows by channel and user."""
    found: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.channel, row.user].append(row)
    return found


def wishes_of(
    session: Session, rows: Iterable[Row[Any]], now: datetime
) -> Mapping[int | None, Sequence[mutes.QuietWish]]:
    """Tell what the readers of some rows do not want to hear now, however many."""
    members = list({row.member_id for row in rows})
    wanted: dict[int | None, Sequence[mutes.QuietWish]] = {}
    for some in in_parts(members):
        wanted |= mutes.in_force(session, some, now)
    return wanted
