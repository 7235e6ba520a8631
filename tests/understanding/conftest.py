import pytest

from bench.understanding import learn
from bot.command import Commands
from bot.understanding.reading import Understanding


@pytest.fixture(scope="session")
def learnt() -> tuple[Understanding, Commands]:
    return learn()


@pytest.fixture(scope="session")
def understanding(learnt: tuple[Understanding, Commands]) -> Understanding:
    return learnt[0]


@pytest.fixture(scope="session")
def commands(learnt: tuple[Understanding, Commands]) -> Commands:
    return learnt[1]
