"""Each defect of bare wechatpy (protocol.md §7.4): there it is, and here it is not."""

import io
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
from bot.channels.wecom.xml import first, read_xml
from bot.config import WeCom
from bot.errors import DeliveryError
from bot.storage import Storage
from server.twin import samples
from server.twin.world import World
from tests.bot.channels.bare import TENCENT, Bare, Wall, Watch, text_to, watch
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
    seen = watch(bare, Watch())
    bare.post("message/send", data=text_to("wangfang"))
    assert [timeout for _, timeout in seen] == [None, None]
    impatient = Bare(world, timeout=1)
    with closing(impatient._http):
        seen = watch(impatient, Watch())
        impatient.post("message/send", data=text_to("wangfang"))
        assert [timeout for _, timeout in seen] == [None, 1]  # gettoken: for ever


def test_every_request_has_both_timeouts(client: Client) -> None:
    seen = watch(client, Watch())
    client.call("post", "message/send", data=text_to("wangfang"))
    file = {"media": ("a.txt", b"content", "text/plain")}
    client.call("post", "media/upload", params={"type": "file"}, files=file)
    assert [timeout for _, timeout in seen] == [TIMEOUTS] * 3
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
        seen = watch(bare, Wall())
        with pytest.raises(requests.ConnectionError):
            bare.get("department/list")
        assert [address for address, _ in seen] == [f"{TENCENT}gettoken"]


def test_every_request_goes_to_the_host_of_the_settings(
    client: Client, world: World
) -> None:
    seen = watch(client, Watch())
    client.call("get", "department/list")
    assert [address for address, _ in seen] == [
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
