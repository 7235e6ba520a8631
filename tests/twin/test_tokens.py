"""Tokens: one while it is valid, an error of its own for each way to be wrong."""

import pytest

from server.twin.errcode import Errcode
from server.twin.world import World
from tests.twin.corp import CORP, SECRET, Api, Clock, build_world


def test_the_same_token_while_it_is_valid(api: Api, world: World, clock: Clock) -> None:
    clock.move(seconds=7199)
    again = api.get("gettoken", corpid=CORP, corpsecret=SECRET)
    assert (again["access_token"], again["expires_in"]) == (api.token, 1)
    clock.move(seconds=1)
    new = api.get("gettoken", corpid=CORP, corpsecret=SECRET)
    assert new["access_token"] != api.token
    assert new["expires_in"] == 7200
    assert world.tokens.fetched == 3


@pytest.mark.parametrize(
    ("corp", "secret", "code"),
    [(CORP, "wrong", 40001), ("other", SECRET, 40013), (CORP, "foreign", 40091)],
)
def test_wrong_credentials(
    api: Api, world: World, corp: str, secret: str, code: int
) -> None:
    world.tokens.foreign_secrets.add("foreign")
    assert api.get("gettoken", corpid=corp, corpsecret=secret)["errcode"] == code


@pytest.mark.parametrize(("token", "code"), [("", 41001), ("made-up", 40014)])
def test_wrong_tokens(api: Api, token: str, code: int) -> None:
    api.token = token
    assert api.get("department/list")["errcode"] == code


def test_an_old_token_has_expired(api: Api, world: World, clock: Clock) -> None:
    world.tokens.expire()
    assert api.get("department/list")["errcode"] == 42001
    api.login()
    assert api.get("department/list")["errcode"] == 0
    clock.move(hours=3)
    assert api.get("department/list")["errcode"] == 42001


def test_no_token_was_ever_given(clock: Clock) -> None:
    tokens = build_world(clock).tokens
    tokens.expire()
    with pytest.raises(Errcode) as refused:
        tokens.check("x")
    assert refused.value.code == 40014


def test_a_code_tells_once_who_opened_a_page(
    api: Api, world: World, clock: Clock
) -> None:
    code = world.tokens.give_code("lisi")
    assert api.get("auth/getuserinfo", code=code)["userid"] == "lisi"
    assert api.get("auth/getuserinfo", code=code)["errcode"] == 42022
    assert api.get("auth/getuserinfo", code="x")["errcode"] == 40029
    late = world.tokens.give_code("lisi")
    clock.move(minutes=5)
    assert api.get("auth/getuserinfo", code=late)["errcode"] == 42003


def test_an_outsider_has_no_userid(api: Api, world: World) -> None:
    code = world.tokens.give_code("stranger")
    assert "userid" not in api.get("auth/getuserinfo", code=code)
