"""Deliver what is due: claim a batch, send it through its channel, settle it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeAlias
from uuid import uuid4

import structlog
from sqlalchemy.orm import Session

from bot import outbox
from bot.channels import Envelope, Sender
from bot.clock import Clock
from bot.config.settings import Quiet
from bot.errors import DeliveryError
from bot.inbox import open_questions, told_cards
from bot.message import Card
from bot.outbox import Claim, Outcome
from bot.outbox.kinds import REPLIES
from bot.outbox.ways import BUTTONLESS, PEOPLE
from bot.storage.database import Storage

log = structlog.get_logger(__name__)


Answer: TypeAlias = Outcome | DeliveryError
NOT_TRIED = DeliveryError("前一条没有发成，这一条还没有发", wait=timedelta(seconds=1))


HANDED_OVER = DeliveryError("交给拿着连接的那个进程")


def _nothing() -> None:
    return None


def _none_away() -> Collection[str]:
    return ()


@dataclass(frozen=True)
class Delivery:
    """One deliverer. on_claim: called between claim and sending, so others can help.

    quiet: when and how often people may be disturbed; None: ask nobody. away: names the
    channels that only another process can send through now: what is chosen to go by
    one is handed over. only: the lines that this one delivers; () for all.
    """

    storage: Storage
    clock: Clock
    channels: Mapping[str, Sender]
    on_claim: Callable[[], None] = _nothing
    quiet: Quiet | None = None
    away: Callable[[], Collection[str]] = _none_away
    only: Collection[str] = ()
    owner: str = field(default_factory=lambda: uuid4().hex)

    def is_due(self) -> bool:
        """Tell whether a batch can be claimed now."""
        due = self.next_due()
        return due is not None and due <= self.clock.now()

    def next_due(self) -> datetime | None:
        """Tell when the next batch can be claimed, as far as is known now."""
        now = self.clock.now()
        with self.storage.read() as session:
            dues = [
                outbox.next_due(session, each, now, chooses=self._chooses(each))
                for each in self._lines_here()
            ]
        return min((due for due in dues if due), default=None)

    @cached_property
    def lines(self) -> Sequence[str]:
        """The lines in which letters wait; people's is there if any way to them is."""
        reaches = any(each in outbox.CHANNELS for each in self.channels)
        lines = [*self.channels]
        return [PEOPLE, *lines] if reaches and PEOPLE not in lines else lines

    def _lines_here(self) -> Sequence[str]:
        away = self.away()
        return [
            each
            for each in self.lines
            if each not in away and (not self.only or each in self.only)
        ]

    def _chooses(self, line: str) -> bool:
        """Tell whether there are ways to choose from for a line."""
        ways = [each for each in self.channels if each in outbox.CHANNELS]
        return line == PEOPLE and ways != [PEOPLE]

    def deliver_next(self) -> bool:
        """Deliver what can be claimed at once; False if nothing is due."""
        if not self.is_due():
            return False
        rounds = [self._deliver(line) for line in self._lines_here()]
        return True in rounds

    def deliver_all(self) -> int:
        """Deliver until nothing is due; return how many rounds."""
        rounds = 0
        while self.deliver_next():
            rounds += 1
        return rounds

    def _deliver(self, channel: str) -> bool:
        claims = self._claim(channel)
        if not claims:
            return False
        self.on_claim()
        answers = self._send_all(claims)
        with self.storage.write() as session:
            self._write_down(session, answers)
        return True

    def _claim(self, channel: str) -> list[Claim]:
        """Claim many letters to one person each, or one batch."""
        owner = f"{self.owner}:{uuid4().hex[:8]}"
        now = self.clock.now()
        with self.storage.write() as session:
            outbox.await_turn(session, channel)
            routes = outbox.find_routes(session, channel, self.channels, now)
            paused = outbox.find_pause(session, channel, now)
            if paused and routes is None:
                return []
            if self.quiet:
                outbox.keep_quiet(session, channel, self.quiet, now)
            if channel in self.channels and not paused:
                again = outbox.claim_retry(session, channel, owner, now)
                if again:
                    return [again]
            asked = (session, channel, owner, now, self.quiet, routes)
            singles = outbox.claim_singles(*asked)
            if singles:
                return singles
            claim = outbox.claim_new(*asked)
            return [claim] if claim else []

    def _send_all(self, claims: list[Claim]) -> list[tuple[Claim, Answer]]:
        """Send one after the other; after a failure the rest wait for another time."""
        answers: list[tuple[Claim, Answer]] = []
        away = self.away()
        for claim in claims:
            if claim.channel in away:
                answers.append((claim, HANDED_OVER))
                continue
            answer = self._send(claim)
            answers.append((claim, answer))
            if isinstance(answer, DeliveryError) and not answer.permanent:
                rest = claims[len(answers) :]
                return answers + [(each, NOT_TRIED) for each in rest]
        return answers

    def _send(self, claim: Claim) -> Answer:
        envelope = Envelope(
            claim.content, claim.users, claim.reference, claim.receipt, claim.kind
        )
        try:
            return self.channels[claim.channel].send(envelope)
        except DeliveryError as error:
            return error

    def _write_down(
        self, session: Session, answers: list[tuple[Claim, Answer]]
    ) -> None:
        now = self.clock.now()
        ways = tuple(self.channels) if self._chooses(PEOPLE) else ()
        taken: list[tuple[Claim, Outcome]] = []
        for claim, answer in answers:
            if isinstance(answer, Outcome):
                log.info("delivered", **_trace(claim))
                if len(claim.users) == 1 and answer.is_whole:
                    taken.append((claim, answer))
                else:
                    outbox.settle_batch(session, claim, answer, now, ways)
            elif answer is HANDED_OVER:
                log.info("handed_over", **_trace(claim))
                outbox.hand_over(session, claim, now)
            elif answer.permanent:
                log.warning("refused", **_trace(claim), why=str(answer))
                others = () if answer.uncertain else ways
                outbox.refuse_batch(session, claim, str(answer), now, others)
            else:
                log.warning("postponed", **_trace(claim), why=str(answer))
                outbox.postpone_batch(session, claim, answer, now, ways)
        outbox.settle_singles(session, taken, now)
        _note_interruptions(session, answers, now)


def _note_interruptions(
    session: Session, answers: Sequence[tuple[Claim, Answer]], now: datetime
) -> None:
    """Note what came between a question and its answer, and what may be pressed."""
    for claim, answer in answers:
        if not isinstance(answer, Outcome):
            continue
        told = [each for each in claim.users if each not in answer.unreached]
        if claim.kind not in REPLIES:
            open_questions.note_letter(session, claim.channel, told)
        if claim.channel in BUTTONLESS and isinstance(claim.content, Card):
            for each in told:
                thread = f"{claim.channel}:{each}"
                told_cards.note(session, thread, claim.content, now)


def _trace(claim: Claim) -> dict[str, object]:
    """Name a batch in the log; message: the id of the callback that led to it."""
    named: dict[str, object] = {"batch": claim.batch_id, "letter": claim.letter_id}
    return named | ({"message": claim.cause} if claim.cause else {})
