"""Refused tokens, many threads, two apps: bare wechatpy, and ours beside it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest
from wechatpy.exceptions import WeChatClientException
from wechatpy.session.memorystorage import MemoryStorage

from bot.channels.wecom.client import Client
from bot.config.settings import WeCom
from bot.errors import DeliveryError
from bot.storage.database import Storage
from server.twin.serving import running
from server.twin.world import World
from tests.bot.channels.bare import Bare, text_to
from tests.fakes.clock import FakeClock

THREADS = 20


def together(ask: Callable[[], object]) -> list[object]:
    """Ask in many threads at the same moment."""
    barrier = Barrier(THREADS)

    def wait_and_ask(_: int) -> object:
        barrier.wait()
        return ask()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(wait_and_ask, range(THREADS)))


# 1. A token that is refused again and again


def test_bare_wechatpy_retries_a_refused_token_without_end(
    bare: Bare, world: World
) -> None:
    world.faults.add("message/send", "errcode", times=60, code=42001)
    bare.post("message/send", data=text_to("wangfang"))
    assert world.calls["message/send"] == 61  # as often as it was refused
    assert world.calls["gettoken"] == 61


@pytest.mark.parametrize("code", [40001, 40014, 41001, 42001])
def test_a_refused_token_is_renewed_once(
    client: Client, world: World, code: int
) -> None:
    world.faults.add("message/send", "errcode", times=None, code=code)
    with pytest.raises(DeliveryError, match=str(code)) as failed:
        client.call("post", "message/send", data=text_to("wangfang"))
    assert failed.value.code == code
    assert not failed.value.permanent
    assert world.calls["message/send"] == 2
    assert world.calls["gettoken"] == 2


# 2. Many threads without a token


def test_bare_wechatpy_fetches_a_token_in_every_thread(
    bare: Bare, world: World
) -> None:
    world.faults.add("gettoken", "slow", times=None, seconds=0.2)
    together(lambda: bare.access_token)
    assert world.calls["gettoken"] > THREADS / 2


def test_many_threads_fetch_one_token(client: Client, world: World) -> None:
    world.faults.add("gettoken", "slow", times=None, seconds=0.2)
    assert len(set(together(client.token))) == 1
    assert world.calls["gettoken"] == 1


def test_many_threads_renew_a_refused_token_once(client: Client, world: World) -> None:
    client.token()
    world.tokens.expire()
    together(lambda: client.call("get", "department/list"))
    assert world.calls["gettoken"] == 2


# 3. Two apps with one store


@pytest.fixture
def worlds(clock: FakeClock) -> Iterator[list[World]]:
    """Two apps of one corp, whose secrets begin alike."""
    apps = [
        World("wwtest", agent, f"samebeginning-{agent}", "token", "k" * 43, clock.now)
        for agent in (1, 2)
    ]
    with running(apps[0]), running(apps[1]):
        yield apps


def test_bare_wechatpy_mixes_up_two_apps(worlds: list[World]) -> None:
    worlds[0].tokens.expires_in = 100
    store = MemoryStorage()
    one, two = (Bare(world, session=store, auto_retry=False) for world in worlds)
    with closing(one._http), closing(two._http):
        assert one.access_token == two.access_token  # by the secrets' first letters
        with pytest.raises(WeChatClientException, match="40014"):
            two.get("department/list")
        before = one.expires_at
        two.fetch_access_token()
        assert one.expires_at > before + 7000  # its own still ends in 100 s


def test_two_apps_have_tokens_of_their_own(
    worlds: list[World], settings: WeCom, storage: Storage, clock: FakeClock
) -> None:
    clients = [
        Client(
            settings.model_copy(
                update={
                    "agent_id": world.agent_id,
                    "secret": type(settings.secret)(world.secret),
                    "api_base": world.api_base,
                }
            ),
            storage,
            clock,
        )
        for world in worlds
    ]
    with closing(clients[0]._http), closing(clients[1]._http):
        assert clients[0].token() != clients[1].token()
        for client, world in zip(clients, worlds, strict=True):
            client.call("get", "department/list")
            assert world.calls["gettoken"] == 1
