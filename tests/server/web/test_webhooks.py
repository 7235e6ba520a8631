"""The door that WeCom knocks on: forged and odd knocks, and never a 500."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from logging import DEBUG, ERROR
from urllib.parse import urlencode

import pytest
import requests
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from werkzeug.test import TestResponse

from bot.assistant.answering import Assistant
from bot.assistant.strangers import STRANGER
from bot.channels.envelope import GOOD_FOR
from bot.inbox.answered import REMEMBERED_FOR
from server.monitoring.logs import set_up_logs
from server.twin.crypto import Seal
from server.twin.world import World
from server.twin.xml import FORBIDDEN, write
from server.web.app import create_app
from server.web.webhooks import MAX_REQUEST
from tests.fakes.clock import FakeClock
from tests.people import STRANGER as NOBODY

DOOR = "/wecom/callback"


@pytest.fixture
def door(assistant: Assistant) -> FlaskClient:
    return create_app(assistant).test_client()


@pytest.fixture
def knock(world: World, address: str) -> World:
    """The twin, which knows by now where the assistant listens."""
    assert world.callback_url.startswith(address)
    return world


@pytest.fixture
def logged() -> Iterator[StringIO]:
    stream = StringIO()
    set_up_logs(level=DEBUG, stream=stream)
    yield stream
    set_up_logs(level=ERROR)


def refused(status: int) -> float:
    """Read the counter that is a refusal's only trace."""
    found = REGISTRY.get_sample_value(
        "xiangyang_callbacks_refused_total", {"status": str(status)}
    )
    return found or 0.0


def misfits(setting: str) -> float:
    found = REGISTRY.get_sample_value(
        "xiangyang_callbacks_misfit_total", {"setting": setting}
    )
    return found or 0.0


def post(door: FlaskClient, world: World, xml: str) -> TestResponse:
    query, body = world.caller.sealed(xml)
    return door.post(DOOR, query_string=query, data=body)


def text(world: World, words: str, number: int) -> str:
    return write(
        {
            "ToUserName": world.corp_id,
            "FromUserName": "WangFang",
            "CreateTime": 1,
            "MsgType": "text",
            "Content": words,
            "MsgId": number,
        }
    )


# Who is not WeCom


def test_the_handshake_is_answered_with_nothing_else(knock: World) -> None:
    answer = knock.verify_url()
    assert answer.ok
    assert answer.body.isdecimal()


def test_a_forged_handshake(door: FlaskClient, logged: StringIO) -> None:
    before = refused(403)
    forged = {
        "msg_signature": "0" * 40,
        "timestamp": "1",
        "nonce": "n",
        "echostr": "1234",
    }
    for query in ({}, forged, {"echostr": "1234"}):
        answer = door.get(DOOR, query_string=query)
        assert (answer.status_code, answer.data) == (403, b"")
    assert refused(403) == before + 3
    assert logged.getvalue() == ""


def test_a_forged_or_broken_message(
    door: FlaskClient,
    world: World,
    logged: StringIO,
    caplog: pytest.LogCaptureFixture,
) -> None:
    query, body = world.caller.sealed(text(world, "打卡", 1))
    thief = Seal.of("stolen", world.encoding_aes_key, world.corp_id)
    other = Seal.of(world.token, "x" * 43, world.corp_id)
    cipher = other.close("<xml></xml>")
    resealed = {
        "msg_signature": other.sign("1", "n", cipher),
        "timestamp": "1",
        "nonce": "n",
    }
    bomb = b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>'
    knocks = [
        ({}, body),
        (query, b""),
        (query, b"\xff\xfe\x00"),
        (query, b'<?xml version="1.0" encoding="no-such"?><xml><a>b</a></xml>'),
        (query, bomb),
        (query, body.replace(b"AgentID", b"Agent").replace(b"Encrypt", b"Enc")),
        (query | {"nonce": "other"}, body),
        (query | {"msg_signature": thief.sign("1", "n", "c")}, body),
        (query | {"msg_signature": "签名"}, body),
        (resealed, f"<xml><Encrypt>{cipher}</Encrypt></xml>".encode()),
    ]
    before = refused(403)
    for asked, sent in knocks:
        answer = door.post(DOOR, query_string=asked, data=sent)
        assert (answer.status_code, answer.data) == (403, b"")
    assert refused(403) == before + len(knocks)
    assert caplog.records == []
    assert logged.getvalue() == ""


def test_what_was_signed_long_ago_is_not_heard_again(
    door: FlaskClient, world: World, clock: FakeClock
) -> None:
    """Who kept an order and its 确认 may send both again when we forgot them."""
    assert REMEMBERED_FOR - timedelta(days=1) > GOOD_FOR
    order = world.caller.sealed(text(world, "打卡", 1))

    def send() -> int:
        query, body = order
        return door.post(DOOR, query_string=query, data=body).status_code

    clock.wait(hours=23)
    assert send() == 200
    for days in (2, 6, 30):
        clock.wait(days=days)
        assert send() == 403
    clock.wait(days=-400)  # ours is behind, so that it would be good for long
    before = misfits("clock")
    assert send() == 403
    assert misfits("clock") == before + 1


@pytest.mark.parametrize("when", ["", "soon", "1e9", "٣", "-1", "9" * 400])
def test_what_was_signed_at_no_time(door: FlaskClient, world: World, when: str) -> None:
    query, body = world.caller.sealed(text(world, "打卡", 1))
    cipher = body.decode().partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    seal = world.caller.seal
    query |= {"timestamp": when}
    query |= {"msg_signature": seal.sign(when, query["nonce"], cipher)}
    assert door.post(DOOR, query_string=query, data=body).status_code == 403


@pytest.mark.parametrize(
    "echo", ["<xml><Content>私事</Content></xml>", "", "12a", "1" * 33, "１２", "1\n"]
)
def test_an_echo_is_a_number_and_nothing_else(
    door: FlaskClient, world: World, echo: str
) -> None:
    """Whoever captured a message must not have it read out to him."""
    query, body = world.caller.sealed(echo)
    cipher = body.decode().partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    answer = door.get(DOOR, query_string=query | {"echostr": cipher})
    assert (answer.status_code, answer.data) == (403, b"")


def test_a_message_to_another_corp(door: FlaskClient, world: World) -> None:
    misled = text(world, "打卡", 1).replace(world.corp_id, "wwother")
    assert post(door, world, misled).status_code == 403


def test_what_is_not_set_up_is_refused(door: FlaskClient) -> None:
    assert door.get("/official/callback").status_code == 403
    assert door.post("/official/callback", data=b"<xml/>").status_code == 403
    assert door.get("/other/callback").status_code == 404


def test_another_method(door: FlaskClient) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        answer = door.open(DOOR, method=method)
        assert answer.status_code == 405
        assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_body_that_is_too_large(door: FlaskClient, logged: StringIO) -> None:
    before = refused(413)
    answer = door.post(DOOR, data=b"x" * MAX_REQUEST)
    assert (answer.status_code, answer.data) == (413, b"")
    assert refused(413) == before + 1
    assert door.post(DOOR, data=b"x" * (MAX_REQUEST - 1)).status_code == 403
    assert logged.getvalue() == ""


def pour(address: str, count: int) -> int:
    """Send so many kibibytes without saying beforehand how many."""
    chunks = (b"x" * 1024 for _ in range(count))
    with requests.Session() as http:
        http.trust_env = False
        return http.post(address + DOOR, data=chunks).status_code


def test_a_body_that_does_not_say_how_large_it_is(address: str) -> None:
    assert pour(address, 64) == 403


def test_a_body_that_does_not_say_that_it_is_too_large(address: str) -> None:
    assert pour(address, 65) == 413


def test_a_body_that_breaks_off(address: str, knock: World) -> None:
    query, body = knock.caller.sealed(text(knock, "打卡", 1))
    host, _, port = address.removeprefix("http://").partition(":")
    head = f"POST {DOOR}?{urlencode(query)} HTTP/1.1\r\nHost: {host}\r\n"
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        length = f"Content-Length: {len(body)}\r\n\r\n"
        connection.sendall((head + length).encode() + body[:-10])
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(100)
    assert answer.split(b" ")[1] in (b"400", b"403")


# Who is


def test_a_reply_is_sealed_and_shown(knock: World) -> None:
    answer = knock.say("WangFang", "帮助")
    assert (answer.status, answer.msg_type, answer.shown) == (200, "text", True)


def test_what_is_no_text_is_answered_kindly(knock: World) -> None:
    answers = {
        "图片": knock.picture("wangfang"),
        "语音": knock.voice("wangfang"),
        "视频": knock.video("wangfang"),
        "位置": knock.location("wangfang"),
        "链接": knock.link("wangfang", "通知", "https://example.com/"),
    }
    for name, answer in answers.items():
        assert answer.shown
        assert answer.text.startswith(f"{name}收到了")
    assert knock.sticker("wangfang").text.startswith("图片收到了")


ODD_WORDS = [
    "👍👍🏽👨‍👩‍👧",
    "",
    "   \n\n",
    "]]>",
    "<script>alert(1)</script>",
    "'; DROP TABLE member; --",
    "{0.__class__} %s %n",
    "punch " * 3334,
    "打卡" * 7000,
    "\u202e\u200b\ufeff",
    "𠮷" * 3000,
]


def test_odd_words_are_answered(knock: World) -> None:
    for words in ODD_WORDS:
        answer = knock.say("wangfang", words)
        assert answer.shown, (words, answer.fault)
        assert answer.text.strip(), words
        assert "编号" not in answer.text, words
        assert len(answer.text.encode()) <= 2048, words


def test_events_that_say_nothing_to_us_get_nothing(knock: World) -> None:
    answers = [
        knock.enter("wangfang"),
        knock.unsubscribe("wangfang"),
        knock.view("wangfang", "https://example.com/"),
        knock.report_location("wangfang"),
        knock.event("wangfang", "click", EventKey="no such key"),
        knock.event("wangfang", "not_invented_yet", New={"Thing": ["1", "2"]}),
        knock.event("wangfang", "template_card_event", EventKey="no:1", TaskId="b1"),
        knock.event("sys", "change_contact", ChangeType="delete_user", UserID="liwei"),
    ]
    for answer in answers:
        assert (answer.status, answer.body, answer.fault) == (200, "", "")


def test_a_stranger_is_told_so_and_events_pass_in_silence(knock: World) -> None:
    assert knock.say(NOBODY, "打卡").text == STRANGER
    assert knock.picture(NOBODY).text == STRANGER
    assert knock.subscribe(NOBODY).text == STRANGER
    assert knock.enter(NOBODY).body == ""


ELEMENTS = st.sampled_from(
    [
        "FromUserName",
        "MsgType",
        "MsgId",
        "Event",
        "EventKey",
        "Content",
        "CreateTime",
        "ResponseCode",
        "MediaId",
        "SelectedItems",
    ]
)
PEOPLE = st.sampled_from(["wangfang", "zhaomin", "sys"])
KINDS = st.sampled_from(["text", "event", "image", "click", "template_card_event"])
KEYS = st.sampled_from(["receipt:1", "checkin:", "打卡", "帮助", "1", "-1", "x" * 300])
COMMON = PEOPLE | KINDS | KEYS
WORDS = COMMON | st.text(max_size=30).map(lambda text: FORBIDDEN.sub("", text))
LEAVES = WORDS | st.lists(WORDS, min_size=1, max_size=3)
TREES = st.dictionaries(
    ELEMENTS, LEAVES | st.dictionaries(ELEMENTS, LEAVES, min_size=1, max_size=3)
)


@given(tree=TREES, whole=st.sampled_from(["text", "event", "image", ""]))
@settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_is_signed_is_never_an_error(
    door: FlaskClient,
    world: World,
    tree: dict[str, object],
    whole: str,
) -> None:
    head: dict[str, object] = {"ToUserName": world.corp_id}
    if whole:
        head |= {"FromUserName": "wangfang", "MsgType": whole}
    answer = post(door, world, write(head | tree))
    assert answer.status_code in (200, 403)
    assert "编号" not in opened(world, answer)


@given(noise=st.text(max_size=100))
@settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_signed_noise_is_refused(door: FlaskClient, world: World, noise: str) -> None:
    assert post(door, world, noise).status_code == 403


def opened(world: World, answer: TestResponse) -> str:
    sealed = answer.get_data(as_text=True)
    if not sealed:
        return ""
    cipher = sealed.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    return world.caller.seal.open(cipher)


def test_replies_of_one_text_do_not_look_alike(door: FlaskClient, world: World) -> None:
    one, two = (post(door, world, text(world, "帮助", 1)) for _ in range(2))
    assert one.data != two.data
    contents = [opened(world, each).partition("<Content>")[2] for each in (one, two)]
    assert contents[0] == contents[1]
