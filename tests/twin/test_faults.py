"""What goes wrong on purpose: each kind of fault, planned here or over HTTP."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
import requests

from server.twin.api import create_api
from server.twin.people import Member
from server.twin.serving import running
from server.twin.world import World
from tests.twin.corp import SECRET, Api, Clock, build_world


@pytest.fixture
def world(clock: Clock) -> Iterator[World]:
    """A world on the wire: only there can a connection be lost."""
    with running(build_world(clock)) as world:
        yield world


def test_faults_of_a_path_come_in_order(api: Api, world: World) -> None:
    world.faults.add("/cgi-bin/message/send", "errcode", code=-1, times=2)
    world.faults.add("message/", "errcode", code=45009)
    assert api.get("department/list")["errcode"] == 0
    codes = [api.send()["errcode"] for _ in range(4)]
    assert codes == [-1, -1, 45009, 0]
    assert len(world.phone("lisi").bubbles) == 1


def test_a_fault_may_last_until_cleared(api: Api, world: World) -> None:
    world.faults.add("", "errcode", times=None, code=45033)
    assert {api.send()["errcode"] for _ in range(3)} == {45033}
    world.faults.clear()
    assert api.send()["errcode"] == 0


def test_an_expired_token(api: Api, world: World) -> None:
    world.faults.add("", "expire_token")
    api.login()
    assert api.send()["errcode"] == 42001
    assert api.send()["errcode"] == 42001
    api.login()
    assert api.send()["errcode"] == 0


def test_a_bad_gateway(api: Api, world: World) -> None:
    world.faults.add("message/send", "http", status=503)
    got = api.http.post(f"{world.api_base}/cgi-bin/message/send")
    assert got.status_code == 503
    assert "errcode" not in got.text


def test_a_connection_lost_before_and_after(api: Api, world: World) -> None:
    for kind, delivered in (("reset_before", 0), ("reset_after", 1)):
        world.faults.add("message/send", kind)
        with pytest.raises(requests.ConnectionError):
            api.send()
        assert len(world.phone("lisi").bubbles) == delivered
    assert api.send()["errcode"] == 0


def test_a_retry_after_a_lost_answer_is_suppressed(api: Api, world: World) -> None:
    world.faults.add("message/send", "reset_after")
    with pytest.raises(requests.ConnectionError):
        api.send(enable_duplicate_check=1)
    assert api.send(enable_duplicate_check=1)["errcode"] == 0
    assert len(world.phone("lisi").bubbles) == 1


def test_a_slow_answer_has_been_delivered(api: Api, world: World) -> None:
    world.faults.add("message/send", "slow", seconds=30)
    query = {"access_token": api.token}
    body = (
        b'{"touser":"lisi","agentid":1000002,"msgtype":"text","text":{"content":"x"}}'
    )
    with pytest.raises(requests.Timeout):
        api.http.post(
            f"{world.api_base}/cgi-bin/message/send",
            params=query,
            data=body,
            timeout=(3, 0.3),
        )
    assert len(world.phone("lisi").bubbles) == 1


def test_members_named_invalid(api: Api, world: World) -> None:
    world.faults.add("message/send", "invalid_users", users=["LiSi"])
    got = api.send(touser="lisi|wangfang")
    assert got["invaliduser"] == "lisi"
    assert len(world.phone("wangfang").bubbles) == 1
    assert world.phone("lisi").bubbles == []


def test_a_share_of_all_is_the_same_each_time(api: Api, world: World) -> None:
    names = [f"m{number}" for number in range(200)]
    for name in names:
        world.add_member(Member(name, name))
    world.faults.add("message/send", "invalid_users", times=2, share=0.5)
    first, again = (api.send(touser="|".join(names))["invaliduser"] for _ in "12")
    assert first == again
    assert 60 < len(first.split("|")) < 140


def test_a_message_dropped_in_silence(api: Api, world: World) -> None:
    world.faults.add("", "drop")
    assert api.get("department/list")["errcode"] == 0
    assert api.send()["errcode"] == 0
    assert world.phone("lisi").bubbles == []


@pytest.mark.parametrize("more", [{"kind": "flood"}, {"kind": "drop", "depth": 1}])
def test_no_such_fault(world: World, more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no such"):
        world.faults.add("", **more)


# --- from another process


def test_faults_are_planned_over_http(api: Api, world: World) -> None:
    url = f"{world.api_base}/twin/faults"
    planned = {"path": "message/send", "kind": "errcode", "code": 40003}
    assert api.http.post(url, json=planned).json()["times"] == 1
    state = api.http.get(f"{world.api_base}/twin/state").json()
    assert state["faults"][0]["code"] == 40003
    assert api.send()["errcode"] == 40003
    api.http.post(url, json=planned)
    assert api.http.delete(url).json() == {"faults": []}
    assert api.send()["errcode"] == 0


@pytest.mark.parametrize("body", [{}, {"path": "", "kind": "flood"}, {"x": 1}])
def test_a_wrong_plan(api: Api, world: World, body: dict[str, Any]) -> None:
    got = api.http.post(f"{world.api_base}/twin/faults", json=body)
    assert got.status_code == 400
    assert "error" in got.json()


def test_the_state_is_told(api: Api, world: World) -> None:
    api.send(touser="lisi|wangfang", enable_duplicate_check=1)
    api.send(touser="lisi|wangfang", enable_duplicate_check=1)
    url = f"{world.api_base}/twin/state"
    state = api.http.get(url).json()
    assert state["calls"] == {"gettoken": 1, "message/send": 2}
    assert state["phones"]["lisi"] == 1
    assert (state["sent"], state["suppressed"], state["tokens_fetched"]) == (1, 1, 1)
    (bubble,) = api.http.get(url, params={"bubbles": 1}).json()["phones"]["lisi"]
    assert (bubble["kind"], bubble["text"]) == ("text", "大家好")


def test_no_such_picture(api: Api, world: World) -> None:
    assert api.http.get(f"{world.api_base}/twin/media/x").status_code == 404


# --- leaving


def test_the_block_ends_though_a_call_is_slow(clock: Clock) -> None:
    with running(build_world(clock)) as world, closing(Api(world).http):
        world.faults.add("", "slow", seconds=600)
    assert world.closing.is_set()


def test_elsewhere_a_lost_connection_is_an_exception(clock: Clock) -> None:
    world = build_world(clock)
    app = create_api(world)
    app.testing = True
    world.faults.add("gettoken", "reset_before")
    with pytest.raises(ConnectionResetError):
        app.test_client().get("/cgi-bin/gettoken")


def test_a_world_does_not_print_its_secrets(clock: Clock) -> None:
    assert SECRET not in repr(build_world(clock))
    assert clock.now - timedelta(0) == clock()
