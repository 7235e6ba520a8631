"""Forged callbacks are shut out, honest ones never, whatever way they come."""

import pytest
from flask.testing import FlaskClient

from bot.assistant import Assistant
from server import flood
from server.app import create_app
from server.flood import FORGED, HONEST_FOR, Gate, Rations
from server.twin.world import World
from tests.server.test_webhooks import DOOR, post, text


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
    flood.add_gate(app, clock=seconds)
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


def gate_of(door: FlaskClient) -> Gate:
    gate = door.application.extensions["gate"]
    assert isinstance(gate, Gate)
    return gate


def test_a_flood_of_forgeries_is_not_even_read(
    door: FlaskClient, world: World, seconds: Seconds
) -> None:
    assert forge(door, FORGED + 50) == {403}
    assert gate_of(door).is_shut("203.0.113.9")
    assert post(door, world, text(world, "帮助", 1)).status_code == 200
    query, body = world.caller.sealed(text(world, "帮助", 2))
    there = {"REMOTE_ADDR": "203.0.113.9"}
    shut = door.post(DOOR, query_string=query, data=body, environ_base=there)
    assert shut.status_code == 403
    seconds.now += 1
    assert not gate_of(door).is_shut("203.0.113.9")


def test_wecom_behind_the_same_proxy_is_never_shut_out(
    door: FlaskClient, world: World, seconds: Seconds
) -> None:
    assert post(door, world, text(world, "帮助", 1)).status_code == 200
    for number in range(2, 6):
        assert forge(door, FORGED, far="127.0.0.1") == {403}
        assert post(door, world, text(world, "帮助", number)).status_code == 200
    seconds.now += HONEST_FOR + 1
    assert not gate_of(door).is_shut("127.0.0.1")


def test_a_hundred_thousand_members_through_one_address(
    door: FlaskClient, world: World
) -> None:
    """The clock stands still: all of it comes in one moment."""
    answers = {
        post(door, world, text(world, "帮助", number)).status_code
        for number in range(200)
    }
    assert answers == {200}


def test_a_proxy_on_this_machine_names_the_caller(door: FlaskClient) -> None:
    named = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    for _ in range(FORGED):
        door.post(DOOR, data=b"x", headers=named)
    gate = gate_of(door)
    assert gate.is_shut("203.0.113.7")
    assert not gate.is_shut("198.51.100.1")
    assert not gate.is_shut("127.0.0.1")


def test_rations_come_back_and_the_idle_are_forgotten(
    seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flood, "MOST", 2)
    rations = Rations(2, 0.5, seconds)
    assert [rations.take("a") for _ in range(3)] == [True, True, False]
    seconds.now += 2
    assert [rations.take("a") for _ in range(2)] == [True, False]
    for name in "bcd":
        rations.take(name)
    assert rations.take("a"), "forgotten, so it has all again"
    gate = Gate(seconds)
    for name in "bcd":
        gate.note_honest(name)
    assert len(gate._honest) == 2
