"""A client of the app, and wechatpy's own, both before the twin."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.channels.wecom.client import Client
from bot.config.settings import Config, WeCom
from bot.storage.database import Storage
from server.twin.world import World
from tests.bot.channels.bare import Bare
from tests.fakes.clock import FakeClock


@pytest.fixture
def settings(config: Config) -> WeCom:
    assert config.wecom
    return config.wecom


@pytest.fixture
def client(settings: WeCom, storage: Storage, clock: FakeClock) -> Iterator[Client]:
    client = Client(settings, storage, clock)
    with closing(client._http):
        yield client


@pytest.fixture
def bare(world: World) -> Iterator[Bare]:
    bare = Bare(world)
    with closing(bare._http):
        yield bare
