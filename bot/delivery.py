"""Deliver what is due: claim a batch, send it through its channel, settle it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import structlog

from bot import outbox
from bot.channels import Envelope, Sender
from bot.clock import Clock
from bot.errors import DeliveryError
from bot.outbox import Claim
from bot.storage import Storage

log = structlog.get_logger(__name__)


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Delivery:
    """One deliverer. on_claim: called between claim and sending, so others can help."""

    storage: Storage
    clock: Clock
    channels: Mapping[str, Sender]
    on_claim: Callable[[], None] = _nothing
    owner: str = field(default_factory=lambda: uuid4().hex)

    def is_due(self) -> bool:
        """Tell whether a batch can be claimed now."""
        now = self.clock.now()
        with self.storage.read() as session:
            dues = [outbox.next_due(session, channel) for channel in self.channels]
        return any(due <= now for due in dues if due)

    def deliver_next(self) -> bool:
        """Deliver one batch; False if none is due."""
        if not self.is_due():
            return False
        rounds = [self._deliver(channel) for channel in self.channels]
        return True in rounds

    def deliver_all(self) -> int:
        """Deliver until nothing is due; return how many batches."""
        rounds = 0
        while self.deliver_next():
            rounds += 1
        return rounds

    def _deliver(self, channel: str) -> bool:
        owner = f"{self.owner}:{uuid4().hex[:8]}"
        with self.storage.write() as session:
            claim = outbox.claim_batch(session, channel, owner, self.clock.now())
        if claim is None:
            return False
        self.on_claim()
        self._send(claim)
        return True

    def _send(self, claim: Claim) -> None:
        envelope = Envelope(claim.content, claim.users, claim.reference, claim.receipt)
        try:
            outcome = self.channels[claim.channel].send(envelope)
        except DeliveryError as error:
            self._write_down(claim, error)
            return
        with self.storage.write() as session:
            outbox.settle_batch(session, claim, outcome, self.clock.now())
        log.info(
            "batch_delivered",
            batch=claim.batch_id,
            letter=claim.letter_id,
            recipients=len(claim.users),
            refused=len(outcome.refused),
        )

    def _write_down(self, claim: Claim, error: DeliveryError) -> None:
        log.warning("batch_not_taken", batch=claim.batch_id, why=str(error))
        with self.storage.write() as session:
            now = self.clock.now()
            if error.permanent:
                outbox.refuse_batch(session, claim, str(error), now)
            else:
                outbox.postpone_batch(session, claim, error, now)
