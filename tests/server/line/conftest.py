from collections.abc import Callable, Iterator
from functools import partial
from threading import Event, Thread

import pytest

from bot.assistant.answering import Assistant
from bot.channels.aibot import AiBot
from bot.channels.aibot.connection import Patience
from bot.config.load import make_config
from bot.config.settings import Config
from bot.delivery.deliver import Delivery
from bot.storage.database import Storage
from server.line.keeper import Keeper
from server.line.pace import Pace, Rhythm
from server.setup.wiring import build_assistant, names_away
from server.twin.robot import Robot, running_robot
from tests.fakes.clock import FakeClock
from tests.people import BRANCH

QUICK = Rhythm(
    beat=0.05,
    dead_after=0.3,
    look=0.05,
    renew=60.0,
    sweep=0.05,
    finish=3.0,
    lost=Pace(0.02, 0.2, 5.0),
    misconfigured=Pace(0.2, 0.4, 0.0),
    replaced=Pace(0.2, 0.8, 5.0),
)
PATIENT = Patience(beat=0.2, ack=1.0, open=2.0)
MakeKeeper = Callable[..., Keeper]


@pytest.fixture
def robot(clock: FakeClock) -> Iterator[Robot]:
    with running_robot(Robot("bot-1", "robot-secret", clock.now)) as robot:
        yield robot


@pytest.fixture
def config(database: str, robot: Robot) -> Config:
    """A robot and nothing else."""
    return make_config(
        {
            "database": {"url": database},
            "branch": {"name": BRANCH, "secretaries": ["zhaomin"]},
            "aibot": {
                "bot_id": "bot-1",
                "secret": "robot-secret",
                "url": robot.line.url,
            },
        }
    )


@pytest.fixture
def make_keeper(
    config: Config, storage: Storage, clock: FakeClock
) -> Iterator[MakeKeeper]:
    """Make keepers, each with an assistant of its own, as in a process of its own."""
    made: list[Keeper] = []

    def make(
        assistant: Assistant | None = None,
        rhythm: Rhythm = QUICK,
        patience: Patience = PATIENT,
    ) -> Keeper:
        one = assistant or build_assistant(config, storage=storage, clock=clock)
        channel = one.channels["aibot"]
        assert isinstance(channel, AiBot)
        keeper = Keeper(one, channel, rhythm=rhythm, patience=patience)
        keeper.start()
        made.append(keeper)
        return keeper

    yield make
    for each in made:
        each.stop()


class Letters:
    """The part of `serve` that chooses by which way letters go, and sends them."""

    def __init__(self, assistant: Assistant) -> None:
        away = partial(names_away, assistant.senders)
        kept = assistant
        self._delivery = Delivery(kept.storage, kept.clock, kept.senders, away=away)
        self._over = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(0.02):
            self._delivery.deliver_all()


@pytest.fixture
def letters(assistant: Assistant) -> Iterator[Letters]:
    letters = Letters(assistant)
    yield letters
    letters.stop()


@pytest.fixture
def keeper(make_keeper: MakeKeeper, assistant: Assistant, robot: Robot) -> Keeper:
    keeper = make_keeper(assistant)
    robot.chats.wait_for(lambda: robot.line.is_up)
    return keeper
