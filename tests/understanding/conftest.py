import pytest

from bench.understanding import learn
from bot.command import Commands
from bot.understanding.reading import Understanding


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    return learn()[0]


@pytest.fixture(scope="session")
def commands() -> Commands:
    return learn()[1]
