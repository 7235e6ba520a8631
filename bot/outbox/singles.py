"""Letters to one person each, claimed and settled many at a time.

A hundred thousand personal letters are a hundred thousand batches; one by one, the
books would cost more than the sending.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Result, Row, and_, bindparam, insert, select, update
from sqlalchemy.orm import Session

from bot.config import Quiet
from bot.message import unpack
from bot.outbox.claims import CLAIM_LASTS, LET_PASS, due_letters, waiting_rows
from bot.outbox.courtesy import Waiting, set_aside
from bot.outbox.letters import Batch, Letter, Recipient
from bot.outbox.rations import sated_users
from bot.outbox.settlement import Claim, Outcome

AT_ONCE = 50


def claim_singles(
    session: Session,
    channel: str,
    owner: str,
    now: datetime,
    quiet: Quiet | None = None,
) -> list[Claim]:
    """Take the letters to one person each that are first in the line, if any are.

    Nobody twice at once, so that each one's letters keep their order.
    """
    rows = _undisturbed(session, _first_in_line(session, channel, now), quiet, now)
    if not rows:
        return []
    users = [row.user for row in rows]
    heaviest = max(row.weight for row in rows)
    sated = sated_users(session, channel, users, now, weight=heaviest)
    _let_pass(session, [row.letter_id for row in rows if row.user in sated], now)
    taken = [row for row in rows if row.user not in sated]
    numbers = _open_batches(session, channel, owner, now, taken)
    return [
        Claim(
            batch_id=number,
            letter_id=row.letter_id,
            owner=owner,
            channel=channel,
            content=unpack(row.body),
            users=(row.user,),
            attempts=1,
            stamp=int(row.created_at.timestamp()),
            cause=row.cause,
        )
        for number, row in zip(numbers, taken, strict=True)
    ]


def settle_singles(
    session: Session, settled: Sequence[tuple[Claim, Outcome]], now: datetime
) -> None:
    """Write down that letters to one person each were taken."""
    if not settled:
        return
    owner = settled[0][0].owner
    mine = (Batch.id == bindparam("number"), Batch.owner == owner, ~Batch.done)
    session.connection().execute(
        update(Batch)
        .where(*mine)
        .values(done=True, receipt=bindparam("taken"), error=None),
        [
            {"number": claim.batch_id, "taken": outcome.receipt or None}
            for claim, outcome in settled
        ],
    )
    numbers = [claim.batch_id for claim, _ in settled]
    ours = select(Batch.id).where(
        Batch.id.in_(numbers), Batch.owner == owner, Batch.done
    )
    session.execute(
        update(Recipient)
        .where(Recipient.batch_id.in_(ours), Recipient.state == "pending")
        .values(state="delivered", reason=None, settled_at=now)
        .execution_options(synchronize_session=False)
    )


def _undisturbed(
    session: Session, rows: list[Row[Any]], quiet: Quiet | None, now: datetime
) -> list[Row[Any]]:
    """Set aside who may not be disturbed; return the others."""
    if quiet is None:
        return rows
    people = [
        Waiting(
            recipient_id=row.recipient_id,
            letter_id=row.letter_id,
            user=row.user,
            member_id=row.member_id,
            kind=row.kind,
            importance=row.importance,
            spends=row.spends,
            created_at=row.created_at,
            not_after=row.not_after,
        )
        for row in rows
    ]
    aside = set_aside(session, people, quiet, now)
    if aside:
        session.execute(
            update(Letter)
            .where(
                Letter.id.in_(
                    [row.letter_id for row in rows if row.recipient_id in aside]
                )
            )
            .values(unclaimed=0)
            .execution_options(synchronize_session=False)
        )
    return [row for row in rows if row.recipient_id not in aside]


def _first_in_line(session: Session, channel: str, now: datetime) -> list[Row[Any]]:
    first = due_letters(channel, now).limit(AT_ONCE).subquery()
    result: Result[Any] = session.execute(
        select(
            first.c.id.label("letter_id"),
            first.c.body,
            first.c.created_at,
            first.c.unclaimed,
            first.c.weight,
            first.c.cause,
            first.c.kind,
            first.c.importance,
            first.c.spends,
            first.c.not_after,
            Recipient.id.label("recipient_id"),
            Recipient.user,
            Recipient.member_id,
        )
        .outerjoin_from(
            first,
            Recipient,
            (Recipient.letter_id == first.c.id)
            & (first.c.unclaimed == 1)
            & and_(*waiting_rows()),
        )
        .order_by(first.c.importance.desc(), first.c.not_before, first.c.id)
    )
    rows = result.all()
    found: dict[str, Row[Any]] = {}
    for row in rows:
        if row.user is None or row.unclaimed != 1:
            break
        found.setdefault(row.user, row)
    return list(found.values())


def _let_pass(session: Session, letters: list[int], now: datetime) -> None:
    if letters:
        session.execute(
            update(Letter)
            .where(Letter.id.in_(letters))
            .values(not_before=now + LET_PASS)
            .execution_options(synchronize_session=False)
        )


def _open_batches(
    session: Session, channel: str, owner: str, now: datetime, rows: list[Row[Any]]
) -> list[int]:
    """Open a batch for each row and put its person in; return the batches' ids."""
    if not rows:
        return []
    numbers = session.scalars(
        insert(Batch).returning(Batch.id, sort_by_parameter_order=True),
        [
            {
                "letter_id": row.letter_id,
                "channel": channel,
                "owner": owner,
                "claimed_at": now,
                "claimed_until": now + CLAIM_LASTS,
                "next_try": now + CLAIM_LASTS,
                "uncertain_since": now,
                "attempts": 1,
                "done": False,
                "weight": row.weight,
            }
            for row in rows
        ],
    ).all()
    session.connection().execute(
        update(Recipient)
        .where(Recipient.id == bindparam("person"))
        .values(batch_id=bindparam("number")),
        [
            {"person": row.recipient_id, "number": number}
            for row, number in zip(rows, numbers, strict=True)
        ],
    )
    session.execute(
        update(Letter)
        .where(Letter.id.in_([row.letter_id for row in rows]))
        .values(unclaimed=0)
        .execution_options(synchronize_session=False)
    )
    return list(numbers)
