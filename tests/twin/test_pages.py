"""A phone's own browser: pages of the app, opened as whose phone it is."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.twin.browser import FOREIGN, NOT_A_PHONE
from server.twin.page import create_page
from server.twin.world import World
from tests.twin.corp import Clock

BACK = "http://localhost/m/login"


@pytest.fixture
def http(talk: World, clock: Clock) -> Iterator[FlaskClient]:
    web = Flask(__name__)
    web.register_blueprint(create_page(talk, now=clock, cookies=("ours",)))
    with web.test_client() as http:
        yield http


def open_as(http: FlaskClient, userid: str, to: str = "/m/notices/1") -> TestResponse:
    return http.get("/simulator/open", query_string={"as": userid, "to": to})


def log_in(http: FlaskClient, world: World, **changed: str) -> TestResponse:
    query = {"appid": world.corp_id, "redirect_uri": BACK, "state": "abc"} | changed
    return http.get("/simulator/connect/oauth2/authorize", query_string=query)


def test_a_page_learns_who_opened_it(http: FlaskClient, talk: World) -> None:
    opened = open_as(http, "wangfang")
    assert (opened.status_code, opened.location) == (302, "/m/notices/1")
    back = urlsplit(log_in(http, talk).location)
    assert back._replace(query="").geturl() == BACK
    query = {name: values[0] for name, values in parse_qs(back.query).items()}
    assert query["state"] == "abc"
    assert talk.tokens.take_code(query["code"]) == "WangFang"


def test_another_phone_is_another_browser(http: FlaskClient) -> None:
    http.set_cookie("ours", "wangfang is known")
    http.set_cookie("others", "no business of ours")
    open_as(http, "wangfang")
    http.set_cookie("ours", "wangfang is known")
    open_as(http, "wangfang")
    assert http.get_cookie("ours")
    open_as(http, "lisi")
    assert http.get_cookie("ours") is None
    assert http.get_cookie("others")


@pytest.mark.parametrize(
    ("userid", "to"),
    [
        ("nobody", "/m/"),
        ("wangfang", ""),
        ("wangfang", "//a.cn/"),
        ("wangfang", "/\\a.cn/"),
        ("wangfang", "https://a.cn/"),
    ],
)
def test_only_pages_of_this_host_are_opened(
    http: FlaskClient, userid: str, to: str
) -> None:
    assert open_as(http, userid, to).status_code == 404


def test_logins_that_are_none(http: FlaskClient, talk: World) -> None:
    assert log_in(http, talk).text == NOT_A_PHONE
    open_as(http, "wangfang")
    assert log_in(http, talk, appid="ww1").text == NOT_A_PHONE
    refused = log_in(http, talk, redirect_uri="https://a.cn/m/login")
    assert (refused.status_code, refused.text) == (400, FOREIGN)
