"""The clock as a test turns it: every job by the database's own memory."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import select

from bot.assistant.answering import Assistant
from bot.command import Commands
from bot.config.load import make_config
from bot.message import Card, Text, unpack
from bot.outbox import Letter, Recipient
from bot.storage.database import Storage
from bot.understanding.reading import Understanding
from scheduler.runner import Runner
from server.setup.wiring import all_jobs
from tests.fakes.clock import FakeClock
from tests.people import BRANCH, NAME, find_member


@dataclass
class Tower:
    """A clock tower: strikes when told, and says what was queued."""

    assistant: Assistant
    clock: FakeClock
    runner: Runner

    def strike(self, when: str) -> None:
        zone = self.assistant.config.timezone
        self.clock.set(datetime.fromisoformat(when).replace(tzinfo=zone))
        self.runner.strike()

    def queued(self, kind: str) -> list[tuple[str, str]]:
        """List who is to get a letter of that kind, and its text or its kind."""
        with self.assistant.storage.read() as session:
            rows = session.execute(
                select(Recipient.user, Letter.body)
                .join(Letter, Letter.id == Recipient.letter_id)
                .where(Letter.kind == kind)
                .order_by(Recipient.id)
            ).all()
        found = [(user, unpack(body)) for user, body in rows]
        return [
            (NAME.get(str(user), str(user)), _say(content)) for user, content in found
        ]

    def windows(self, kind: str) -> list[tuple[datetime, datetime]]:
        zone = self.assistant.config.timezone
        with self.assistant.storage.read() as session:
            rows = session.execute(
                select(Letter.not_before, Letter.not_after).where(Letter.kind == kind)
            ).all()
        return [(first.astimezone(zone), last.astimezone(zone)) for first, last in rows]


def _say(content: object) -> str:
    return content.text if isinstance(content, Text | Card) else "〔图片〕"


@pytest.fixture
def assistant(storage: Storage, clock: FakeClock) -> Assistant:
    """One that hears nobody: jobs need its books only."""
    return Assistant(
        config=make_config({"branch": {"name": BRANCH}}),
        clock=clock,
        storage=storage,
        channels={},
        senders={},
        commands=Commands([], []),
        understanding=Understanding([]),
    )


@pytest.fixture
def tower(assistant: Assistant, clock: FakeClock) -> Tower:
    """Nobody's birthday is made up for on 2 March but 王芳's."""
    with assistant.storage.write() as session:
        find_member(session, "李伟").greeted = False
    return Tower(assistant, clock, Runner(all_jobs(), assistant))
