"""One token for all threads, processes and moments, kept where nobody reads it."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channels.tokens import CLAIM_LASTS, Granted, Token, Tokens
from bot.channels.wecom.client import Client
from bot.config.settings import Config, WeCom
from bot.errors import DeliveryError
from bot.storage.database import Storage, insert_new
from server.twin.world import World
from tests.bot.channels.bare import text_to
from tests.fakes.clock import FakeClock
from tests.fakes.processes import run_together


@pytest.mark.thorough
def test_two_processes_fetch_one_token(
    world: World, config: Config, storage: Storage, clock: FakeClock
) -> None:
    world.faults.add("gettoken", "slow", times=None, seconds=0.2)
    assert config.wecom
    shown = {
        "corp_id": world.corp_id,
        "agent_id": world.agent_id,
        "secret": world.secret,
        "token": world.token,
        "encoding_aes_key": world.encoding_aes_key,
        "api_base": world.api_base,
    }
    told = [json.dumps(shown), storage.location, clock.now().isoformat()]
    one, two = run_together("tests.bot.channels.ask_token", [told, told])
    assert one == two
    assert one.strip()
    assert world.calls["gettoken"] == 1


class Platform:
    """Gives a new token each time, for two hours; or fails, if told to."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.asked = 0
        self.failure: Exception | None = None

    def fetch(self) -> Granted:
        self.asked += 1
        if self.failure:
            raise self.failure
        return Granted(f"token-{self.asked}", self.clock.now() + timedelta(hours=2))


@pytest.fixture
def platform(clock: FakeClock) -> Platform:
    return Platform(clock)


@pytest.fixture
def tokens(storage: Storage, clock: FakeClock, platform: Platform) -> Tokens:
    return Tokens(storage, clock, APP, platform.fetch)


@pytest.fixture
def other(storage: Storage, clock: FakeClock, platform: Platform) -> Tokens:
    """Another process, which remembers nothing of its own."""
    return Tokens(storage, clock, APP, platform.fetch)


APP = ("wwtest", "1000002", "appsecret")


def test_a_token_serves_until_five_minutes_before_its_end(
    tokens: Tokens, other: Tokens, clock: FakeClock
) -> None:
    assert tokens.current() == other.current() == "token-1"
    clock.wait(hours=1, minutes=54, seconds=59)
    assert tokens.current() == other.current() == "token-1"
    clock.wait(seconds=1)
    assert other.current() == tokens.current() == "token-2"


def test_a_token_given_again_near_its_end_is_not_asked_for_again(
    client: Client, world: World, clock: FakeClock
) -> None:
    """WeCom gives the same one while it lives: then it serves to its end."""
    token = client.token()
    clock.wait(hours=1, minutes=56)
    assert [client.token() for _ in range(5)] == [token] * 5
    assert world.calls["gettoken"] == 2
    client.call("get", "department/list")
    clock.wait(minutes=4)
    assert client.token() != token
    assert world.calls["gettoken"] == 3
    client.call("get", "department/list")
    assert world.calls["gettoken"] == 3


def test_a_refused_token_is_renewed_once_for_all(
    tokens: Tokens, other: Tokens, platform: Platform
) -> None:
    refused = tokens.current()
    assert other.current() == refused
    assert tokens.renew(refused) == "token-2"
    assert tokens.renew(refused) == "token-2"  # another thread, a little later
    assert other.renew(refused) == "token-2"
    assert platform.asked == 2


@pytest.mark.parametrize("failure", [DeliveryError("无"), RuntimeError("a bug")])
def test_a_failed_fetch_gives_its_claim_back(
    tokens: Tokens, other: Tokens, platform: Platform, failure: Exception
) -> None:
    platform.failure = failure
    with pytest.raises(type(failure)):
        tokens.current()
    platform.failure = None
    assert other.current() == tokens.current() == "token-2"


def claim(tokens: Tokens, until: datetime) -> None:
    """Leave a claim behind, as a process does that is killed while fetching."""
    with tokens._storage.write() as session:
        insert_new(session, Token, {"app": tokens._name})
        session.get_one(Token, tokens._name).renewer = "killed"
        session.get_one(Token, tokens._name).renewing_until = until


def test_the_claim_of_a_dead_process_ends(tokens: Tokens, clock: FakeClock) -> None:
    claim(tokens, clock.now() + CLAIM_LASTS)
    clock.wait(seconds=CLAIM_LASTS.total_seconds())
    assert tokens.current() == "token-1"


def test_while_another_renews_it_the_old_one_serves(
    tokens: Tokens, clock: FakeClock
) -> None:
    assert tokens.current() == "token-1"
    clock.wait(hours=1, minutes=56)
    claim(tokens, clock.now() + CLAIM_LASTS)
    assert tokens.current() == "token-1"
    clock.wait(minutes=1)
    assert tokens.current() == "token-2"


def test_whoever_waits_gets_what_the_other_fetched(
    client: Client, settings: WeCom, storage: Storage, clock: FakeClock, world: World
) -> None:
    world.faults.add("gettoken", "slow", times=None, seconds=0.2)
    second = Client(settings, storage, clock)
    with closing(second._http), ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda each: each.token(), (client, second))
    assert one == two
    assert world.calls["gettoken"] == 1


def test_a_token_that_came_while_we_claimed_is_taken(
    storage: Storage, other: Tokens, platform: Platform, clock: FakeClock
) -> None:
    class Meanwhile:
        """Before the first look at the clock, the other process fetches."""

        def now(self) -> datetime:
            other.current()
            return clock.now()

    late = Tokens(storage, Meanwhile(), APP, platform.fetch)
    assert late.current() == "token-1"
    assert platform.asked == 1
    claim(late, clock.now())  # it gave its claim back: a new one can be made
    assert late.renew("token-1") == "token-2"


def test_a_clock_set_back_keeps_nobody_waiting(
    tokens: Tokens, other: Tokens, clock: FakeClock
) -> None:
    claim(tokens, clock.now() + timedelta(days=1))
    assert tokens.current() == "token-1"
    clock.wait(days=-30)
    assert other.current() == "token-1"
    assert other.renew("token-1") == "token-2"  # long since refused
    assert tokens.renew("token-1") == "token-2"


def test_a_wrong_secret_is_not_tried_again_and_again(
    settings: WeCom, storage: Storage, clock: FakeClock, world: World
) -> None:
    """Many attempts ban the address for an hour (path/90313)."""
    wrong = settings.model_copy(update={"secret": SecretStr("wrong")})
    client = Client(wrong, storage, clock)
    with closing(client._http):
        for _ in range(3):
            with pytest.raises(DeliveryError, match="secret 不对") as failed:
                client.call("post", "message/send", data=text_to("wangfang"))
            assert not failed.value.permanent
            assert failed.value.wait
            assert failed.value.wait > timedelta()
            clock.wait(minutes=3)
        assert world.calls["gettoken"] == 1
        clock.wait(minutes=1)
        with pytest.raises(DeliveryError, match="40001"):
            client.token()
        assert world.calls["gettoken"] == 2
        clock.wait(hours=-1)
        with pytest.raises(DeliveryError, match="40001"):
            client.token()
        assert world.calls["gettoken"] == 3


@pytest.mark.files
def test_neither_token_nor_secret_can_be_read_from_the_file(
    client: Client, storage: Storage, world: World
) -> None:
    token = client.token()
    assert storage.url.database
    files = [*Path(storage.url.database).parent.glob("branch.db*")]
    kept = b"".join(file.read_bytes() for file in files)
    assert b"renewing_until" in kept
    assert token.encode() not in kept
    assert world.secret.encode() not in kept


def test_another_secret_cannot_read_the_token(
    storage: Storage, clock: FakeClock, platform: Platform, tokens: Tokens
) -> None:
    assert tokens.current() == "token-1"
    changed = Tokens(storage, clock, (*APP[:2], "newsecret"), platform.fetch)
    assert changed.current() == "token-2"
    with storage.write() as session:
        session.get_one(Token, changed._name).value = "not ours"
    again = Tokens(storage, clock, (*APP[:2], "newsecret"), platform.fetch)
    assert again.current() == "token-3"


def test_each_app_has_its_own_token(
    storage: Storage, clock: FakeClock, platform: Platform, tokens: Tokens
) -> None:
    second = Tokens(storage, clock, (*APP[:2], "another"), platform.fetch)
    assert (tokens.current(), second.current()) == ("token-1", "token-2")
    claim(tokens, clock.now() + CLAIM_LASTS)
    assert second.renew("token-2") == "token-3", "the other's claim is not its"
    for app, token in (("appsecret", "token-1"), ("another", "token-3")):
        anew = Tokens(storage, clock, (*APP[:2], app), platform.fetch)
        assert anew.current() == token
    assert platform.asked == 3


def test_who_fetched_too_slowly_changes_nothing(
    storage: Storage, clock: FakeClock, platform: Platform, other: Tokens
) -> None:
    """Its claim ran out and another has fetched: that token stands, for all."""

    def slowly() -> Granted:
        mine = platform.fetch()
        clock.wait(seconds=CLAIM_LASTS.total_seconds())
        assert other.current() == "token-2"
        return mine

    slow = Tokens(storage, clock, APP, slowly)
    assert slow.current() == "token-1"
    assert Tokens(storage, clock, APP, platform.fetch).current() == "token-2"


@pytest.mark.parametrize(("seconds", "asked"), [(0, 1), (9.9, 1), (10, 2), (-0.1, 2)])
def test_who_is_told_to_stay_away_does_for_so_long(
    tokens: Tokens, platform: Platform, clock: FakeClock, seconds: float, asked: int
) -> None:
    platform.failure = refusal = DeliveryError("忙", wait=timedelta(seconds=10))
    refusal.everywhere = True
    with pytest.raises(DeliveryError, match="忙"):
        tokens.current()
    clock.wait(seconds=seconds)
    with pytest.raises(DeliveryError, match="忙") as told:
        tokens.current()
    assert platform.asked == asked
    assert told.value.everywhere
    left = 10 - seconds if asked == 1 else 10
    assert told.value.wait == timedelta(seconds=left)


def test_who_is_told_nothing_asks_again(tokens: Tokens, platform: Platform) -> None:
    platform.failure = DeliveryError("断了")
    for _ in range(2):
        with pytest.raises(DeliveryError, match="断了"):
            tokens.current()
    assert platform.asked == 2


@pytest.mark.parametrize(("seconds", "token"), [(-0.1, "token-1"), (0, "token-2")])
def test_while_another_renews_a_dead_token_serves_nobody(
    tokens: Tokens, clock: FakeClock, seconds: float, token: str
) -> None:
    assert tokens.current() == "token-1"
    until = clock.now() + timedelta(hours=2)
    clock.set(until + timedelta(seconds=seconds))
    claim(tokens, clock.now() + (CLAIM_LASTS if seconds < 0 else timedelta()))
    assert tokens.current() == token


@pytest.mark.parametrize(
    ("left", "lives", "fresh"),
    [(0, False, False), (0.1, True, False), (300, True, False), (300.1, True, True)],
)
def test_a_token_lives_to_its_end_and_is_renewed_before(
    clock: FakeClock, left: float, *, lives: bool, fresh: bool
) -> None:
    now = clock.now()
    token = Granted("t", now + timedelta(seconds=left))
    assert (token.lives(now), token.fresh(now)) == (lives, fresh)
    anew = token.as_fresh(now)
    assert anew.expires_at - token.expires_at == timedelta(minutes=0 if fresh else 5)


def test_who_knows_none_renews_one_that_another_was_refused(
    tokens: Tokens, other: Tokens
) -> None:
    assert tokens.current() == "token-1"
    assert other.renew("token-1") == "token-2"
    assert tokens.renew("token-1") == "token-2"
