"""The outbox as a test handles it: short verbs, one transaction each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import String, column, select, values

from bot import outbox
from bot.errors import DeliveryError
from bot.message import Text
from bot.outbox import Batch, Claim, Letter, Outcome, People, Plan, Recipient, Window
from bot.storage.database import Base, Id, Storage

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TABLES = [
    Base.metadata.tables[name]
    for name in ("letter", "recipient", "batch", "pause", "way")
]


def create_tables(storage: Storage) -> None:
    with storage.exclusive() as connection:
        Base.metadata.create_all(connection, TABLES)


def people(users: Sequence[str | None]) -> People:
    """Select these addresses, their members being numbered from 0."""
    names = column("number", Id), column("address", String)
    rows = list(enumerate(users))
    listed = values(*names).data(rows or [(-1, None)]).cte("people")
    return select(listed.c.number, listed.c.address).where(listed.c.number >= 0)


def plan(
    key: str = "k", *, opens: float = 0, lasts: float = 86400, text: str = ""
) -> Plan:
    """Plan a letter whose window opens and closes so many seconds from the start."""
    window = Window(START + timedelta(seconds=opens), START + timedelta(seconds=lasts))
    return Plan(key, "notice", Text(text or f"words of {key}"), window)


@dataclass
class Post:
    storage: Storage
    now: datetime = START

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def put(self, *users: str | None, key: str = "k", **more: Any) -> Letter | None:
        return self.put_plan(plan(key, **more), *users)

    def put_plan(self, plan: Plan, *users: str | None) -> Letter | None:
        with self.storage.write() as session:
            letter = outbox.put(session, plan, people(users), now=self.now)
            session.expunge_all()
        return letter

    def claim(self, owner: str = "one", channel: str = "wecom") -> Claim | None:
        with self.storage.write() as session:
            return outbox.claim_batch(session, channel, owner, self.now)

    def take(self, owner: str = "one") -> Claim:
        """Claim what must be there."""
        claim = self.claim(owner)
        assert claim is not None
        return claim

    def settle(self, claim: Claim, **refused: str) -> None:
        with self.storage.write() as session:
            outbox.settle_batch(session, claim, Outcome("m1", refused), self.now)

    def refuse(self, claim: Claim, reason: str = "never") -> None:
        with self.storage.write() as session:
            outbox.refuse_batch(session, claim, reason, self.now)

    def postpone(
        self, claim: Claim, *, uncertain: bool = False, wait: float | None = None
    ) -> None:
        pause = None if wait is None else timedelta(seconds=wait)
        error = DeliveryError("busy", uncertain=uncertain, wait=pause)
        with self.storage.write() as session:
            outbox.postpone_batch(session, claim, error, self.now)

    def drop_stale(self) -> int:
        with self.storage.write() as session:
            return outbox.drop_stale(session, self.now)

    def fates(self, letter_id: int = 1) -> dict[str | None, tuple[str, str | None]]:
        """Tell each recipient's state and reason."""
        with self.storage.read() as session:
            rows = session.execute(
                select(Recipient.user, Recipient.state, Recipient.reason).where(
                    Recipient.letter_id == letter_id
                )
            )
            return {user: (state, reason) for user, state, reason in rows}

    def figures(self, letter_id: int = 1) -> tuple[int, int, int, int]:
        """Count planned, delivered, refused and pending; they must add up."""
        with self.storage.read() as session:
            found = outbox.tally(session, letter_id)
            assert outbox.unbalanced(session) == []
        assert found.planned == found.delivered + found.refused + found.pending
        return found.planned, found.delivered, found.refused, found.pending

    def batch(self, claim: Claim) -> Batch:
        with self.storage.read() as session:
            return session.get_one(Batch, claim.batch_id)


def other_channel(plan: Plan, channel: str) -> Plan:
    return replace(plan, channel=channel)
