"""Each defect of bare wechatpy (protocol.md §7.4): there it is, and here it is not."""

import io
import traceback
from contextlib import closing
from xml.parsers.expat import ExpatError, ParserCreate

import pytest
import requests
from wechatpy.exceptions import WeChatClientException
from wechatpy.messages import TextMessage
from wechatpy.replies import TextReply
from wechatpy.work import WeChatClient

from bot.channels.http import TIMEOUTS
from bot.channels.wecom.client import Client
from bot.channels.wecom.write import write_reply
from bot.channels.xml import first, read_xml
from bot.config.settings import WeCom
from bot.errors import DeliveryError
from bot.storage.database import Storage
from server.twin import samples
from server.twin.world import World
from tests.bot.channels.bare import TENCENT, Bare, Says, Wall, Watch, text_to, watch
from tests.fakes.clock import FakeClock

# 4. An upload that is tried again


def test_bare_wechatpy_uploads_an_empty_file_on_retry(bare: Bare, world: World) -> None:
    world.faults.add("media/upload", "expire_token")
    with pytest.raises(WeChatClientException, match="40006"):  # the twin is strict
        bare.media.upload("image", io.BytesIO(samples.PNG))
    assert world.calls["media/upload"] == 2


def test_an_upload_is_whole_on_retry(client: Client, world: World) -> None:
    world.faults.add("media/upload", "expire_token")
    answer = client.call(
        "post",
        "media/upload",
        params={"type": "image"},
        files={"media": ("贺卡.png", samples.PNG, "image/png")},
    )
    assert world.calls["media/upload"] == 2
    medium = world.shelf.find(answer["media_id"])
    assert (medium.content, medium.name) == (samples.PNG, "贺卡.png")


# 5. Timeouts


def test_bare_wechatpy_waits_for_ever(bare: Bare, world: World) -> None:
    watch(bare, watcher := Watch())
    bare.post("message/send", data=text_to("wangfang"))
    assert [timeout for _, timeout in watcher.seen] == [None, None]
    impatient = Bare(world, timeout=1)
    with closing(impatient._http):
        watch(impatient, watcher := Watch())
        impatient.post("message/send", data=text_to("wangfang"))
        assert [timeout for _, timeout in watcher.seen] == [
            None,
            1,
        ]  # gettoken: for ever


def test_every_request_has_both_timeouts(client: Client) -> None:
    watch(client, watcher := Watch())
    client.call("post", "message/send", data=text_to("wangfang"))
    file = {"media": ("a.txt", b"content", "text/plain")}
    client.call("post", "media/upload", params={"type": "file"}, files=file)
    assert [timeout for _, timeout in watcher.seen] == [TIMEOUTS] * 3
    assert TIMEOUTS == (3.05, 10)


@pytest.mark.parametrize(
    ("slow", "uncertain"), [("gettoken", False), ("message", True)]
)
def test_a_slow_answer_is_not_waited_for(
    settings: WeCom,
    storage: Storage,
    clock: FakeClock,
    world: World,
    slow: str,
    uncertain: bool,  # noqa: FBT001
) -> None:
    world.faults.add(slow, "slow", seconds=30)
    client = Client(settings, storage, clock, timeouts=(1.0, 0.1))
    with closing(client._http):
        with pytest.raises(DeliveryError, match="ReadTimeout") as failed:
            client.call("post", "message/send", data=text_to("wangfang"))
        assert failed.value.uncertain == uncertain
        assert not failed.value.permanent


# 6. Hosts


def test_bare_wechatpy_knows_only_tencents_host() -> None:
    class Elsewhere(WeChatClient):  # type: ignore[misc]
        API_BASE_URL = "http://127.0.0.1:9/cgi-bin/"

    bare = Elsewhere("wwtest", "appsecret")
    with closing(bare._http):
        watch(bare, watcher := Wall())
        with pytest.raises(requests.ConnectionError):
            bare.get("department/list")
        assert [address for address, _ in watcher.seen] == [f"{TENCENT}gettoken"]


def test_every_request_goes_to_the_host_of_the_settings(
    client: Client, world: World
) -> None:
    watch(client, watcher := Watch())
    client.call("get", "department/list")
    assert [address for address, _ in watcher.seen] == [
        f"{world.api_base}/cgi-bin/gettoken",
        f"{world.api_base}/cgi-bin/department/list",
    ]


# 7. Raw exceptions, or none where there should be one


def test_bare_wechatpy_lets_anything_through(bare: Bare, world: World) -> None:
    def send() -> object:
        return bare.post("message/send", data=text_to("wangfang"))

    world.faults.add("gettoken", "http", status=200)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        send()
    world.faults.add("message/send", "http", status=200)
    assert isinstance(send(), requests.Response)  # a broken page is an answer
    world.faults.add("message/send", "http", status=502)
    with pytest.raises(WeChatClientException, match="None"):
        send()
    world.faults.add("message/send", "reset_before")
    with pytest.raises(requests.ConnectionError) as failed:
        send()
    assert not isinstance(failed.value, DeliveryError)


@pytest.mark.parametrize(
    ("kind", "status", "uncertain"),
    [
        ("http", 200, True),
        ("http", 502, True),
        ("http", 403, False),
        ("reset_before", 0, True),
        ("reset_after", 0, True),
    ],
)
def test_every_failure_of_a_call_is_a_delivery_error(
    client: Client,
    world: World,
    kind: str,
    status: int,
    uncertain: bool,  # noqa: FBT001
) -> None:
    world.faults.add("message/send", kind, status=status)
    with pytest.raises(DeliveryError) as failed:
        client.call("post", "message/send", data=text_to("wangfang"))
    assert failed.value.uncertain == uncertain
    assert not failed.value.permanent
    assert client.call("get", "department/list")["department"]


@pytest.mark.parametrize(
    ("kind", "status"), [("http", 200), ("http", 502), ("reset_after", 0)]
)
def test_without_a_token_nothing_was_sent(
    client: Client, world: World, kind: str, status: int
) -> None:
    world.faults.add("gettoken", kind, status=status)
    with pytest.raises(DeliveryError) as failed:
        client.call("post", "message/send", data=text_to("wangfang"))
    assert not failed.value.uncertain
    assert client.call("post", "message/send", data=text_to("wangfang"))["msgid"]


# 9. CDATA


INJECTED = "a]]><Content>b</Content>\x0b]]>"


def test_bare_wechatpy_writes_broken_xml() -> None:
    reply = TextReply(message=TextMessage({}), content=INJECTED).render()
    with pytest.raises(ExpatError):
        ParserCreate().Parse(reply, True)  # noqa: FBT003


def test_a_reply_is_whole_whatever_is_in_it() -> None:
    tree = read_xml(write_reply("wangfang", "wwtest", INJECTED, 1))
    assert first(tree, "Content") == INJECTED.replace("\x0b", "")
    assert len(tree) == 5


# Answers that no platform should give


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b'"ok"',
        b'{"errcode": "many"}',
        b'{"errcode": null}',
        b'{"msgid": "1"}',
        b'{"base_resp": 1}',
        b"\xff\xfe",
        b"",
    ],
)
def test_nonsense_is_uncertain_not_a_bug(client: Client, body: bytes) -> None:
    client.token()
    watch(client, Says(body))
    with pytest.raises(DeliveryError, match="答非所问") as failed:
        client.call("post", "message/send", data=text_to("wangfang"))
    assert failed.value.uncertain


@pytest.mark.parametrize(
    "body",
    [
        b'{"errcode": 0}',
        b'{"errcode": 0, "access_token": "t"}',
        b'{"errcode": 0, "access_token": "t", "expires_in": "soon"}',
        b'{"access_token": "t", "expires_in": 7200}',
        b"<html>",
    ],
)
def test_half_a_token_is_none(client: Client, body: bytes) -> None:
    watch(client, Says(body))
    with pytest.raises(DeliveryError) as failed:
        client.token()
    assert not failed.value.uncertain


def test_a_closed_port_was_told_nothing_and_names_no_secret(
    settings: WeCom, storage: Storage, clock: FakeClock
) -> None:
    closed = settings.model_copy(update={"api_base": "http://127.0.0.1:1"})
    client = Client(closed, storage, clock)
    with closing(client._http), pytest.raises(DeliveryError) as failed:
        client.token()
    assert not failed.value.uncertain
    told = "".join(traceback.format_exception(failed.value))
    assert "ConnectionError" in told
    assert settings.secret.get_secret_value() not in told


def test_a_call_that_breaks_names_no_token(client: Client, world: World) -> None:
    token = client.token()
    world.faults.add("message/send", "reset_before")
    with pytest.raises(DeliveryError) as failed:
        client.call("post", "message/send", data=text_to("wangfang"))
    assert token not in "".join(traceback.format_exception(failed.value))
