"""Forged callbacks are shut out, honest ones never, whatever way they come."""

import pytest
from flask.testing import FlaskClient

from bot.assistant.answering import Assistant
from bot.config.load import make_config
from bot.errors import ConfigError
from server.twin.world import World
from server.web import rate_limit
from server.web.app import create_app
from server.web.rate_limit import FORGED, Gate, Rations, address_of, share_of
from tests.server.web.test_webhooks import DOOR, post, text


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def door(assistant: Assistant, seconds: Seconds) -> FlaskClient:
    app = create_app(assistant)
    rate_limit.add_gate(app, clock=seconds)
    return app.test_client()


def forge(door: FlaskClient, count: int, far: str = "203.0.113.9") -> set[int]:
    query = {"msg_signature": "0" * 40, "timestamp": "1", "nonce": "n"}
    body = b"<xml><Encrypt>AAAA</Encrypt></xml>"
    place = {"REMOTE_ADDR": far}
    answers = (
        door.post(DOOR, query_string=query, data=body, environ_base=place)
        for _ in range(count)
    )
    return {answer.status_code for answer in answers}


def test_no_flood_of_forgeries_shuts_anybody_out(
    door: FlaskClient, world: World, seconds: Seconds
) -> None:
    """Whatever comes the same way: a proxy elsewhere, a container's bridge."""
    for far in ("203.0.113.9", "127.0.0.1", "172.17.0.1"):
        assert forge(door, 3 * FORGED, far) == {403}
        query, body = world.caller.sealed(text(world, "帮助", len(far)))
        there = {"REMOTE_ADDR": far}
        heard = door.post(DOOR, query_string=query, data=body, environ_base=there)
        assert heard.status_code == 200
        assert heard.data


@pytest.mark.thorough
def test_a_hundred_thousand_members_through_one_address(
    door: FlaskClient, world: World
) -> None:
    """The clock stands still: all of it comes in one moment."""
    answers = {
        post(door, world, text(world, "帮助", number)).status_code
        for number in range(200)
    }
    assert answers == {200}


HERE, FAR, PROXY = "127.0.0.1", "203.0.113.7", "10.1.2.3"
OURS = make_config({"server": {"trusted_proxies": ["10.0.0.0/8", "fd00::5"]}}).server


@pytest.mark.parametrize(
    ("came_from", "named", "who"),
    [
        (FAR, "", FAR),
        (FAR, "198.51.100.1", FAR),  # nobody's proxy names nobody
        (HERE, FAR, FAR),
        (HERE, f"198.51.100.1, {FAR}", FAR),  # who was named before it named himself
        (HERE, f"198.51.100.1,{FAR}, {PROXY}", FAR),
        (PROXY, FAR, FAR),
        (PROXY, f"{FAR}, 10.9.9.9", FAR),
        (PROXY, "10.9.9.9", "10.9.9.9"),
        ("::ffff:10.1.2.3", FAR, FAR),
        ("fd00::5", "2001:db8::1", "2001:db8::1"),
        ("fd00::6", FAR, "fd00::6"),
        (HERE, "", HERE),
        (HERE, " , ", HERE),
        (PROXY, f"{FAR}, unknown", "unknown"),
        ("", FAR, ""),
    ],
)
def test_only_our_own_proxies_name_the_caller(
    came_from: str, named: str, who: str
) -> None:
    environ = {"REMOTE_ADDR": came_from, "HTTP_X_FORWARDED_FOR": named}
    assert address_of(environ, OURS.trusted_proxies) == who


def test_without_the_setting_only_this_machine_is_a_proxy() -> None:
    environ = {"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": FAR}
    assert address_of(environ) == PROXY
    assert address_of({**environ, "REMOTE_ADDR": "::1"}) == FAR


@pytest.mark.parametrize("wrong", ["10.0.0.0/33", "proxy.example", 7.5, None])
def test_a_proxy_is_an_address_or_a_network(wrong: object) -> None:
    with pytest.raises(ConfigError, match="地址或网段"):
        make_config({"server": {"trusted_proxies": [wrong]}})


def test_what_an_address_is_rationed_by() -> None:
    one, other = "2001:db8:1:2:3::4", "2001:db8:1:2:ffff::"
    assert share_of(one) == share_of(other) != share_of("2001:db8:1:3::")
    assert share_of("::ffff:203.0.113.7") == share_of(FAR) == FAR
    assert share_of("unknown") == "unknown"


def test_rations_come_back_and_the_idle_are_forgotten(
    seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "MOST", 2)
    rations = Rations(2, 0.5, seconds)
    assert [rations.take("a") for _ in range(3)] == [True, True, False]
    seconds.now += 2
    assert [rations.take("a") for _ in range(2)] == [True, False]
    for name in "bcd":
        rations.take(name)
    assert rations.take("a"), "forgotten, so it has all again"
    rations.give_back("a")
    rations.give_back("nobody")
    assert [rations.take("a") for _ in range(3)] == [True, True, False]


def test_a_state_is_good_once(
    seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "MOST", 2)
    gate = Gate(seconds)
    assert [gate.use(state) for state in "aabb"] == [True, False, True, False]
    assert gate.use("c")
    assert gate.use("a"), "long ago"
