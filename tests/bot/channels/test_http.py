"""What may stand at the other end of an address, and what becomes of us."""

import gzip
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Event, Thread

import pytest
import requests

from bot.channels import Envelope
from bot.channels.alarm import sound_alarm
from bot.channels.http import MOST_BYTES, exchange, open_session
from bot.channels.wecom import WeCom
from bot.channels.wecom.client import Client
from bot.config.settings import WeCom as Settings
from bot.errors import DeliveryError
from bot.message import Text
from bot.storage.database import Storage
from tests.fakes.clock import FakeClock

HEAD = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n"
ZIPPED = b"Content-Encoding: gzip\r\n"
TOKEN = b'{"errcode":0,"access_token":"t","expires_in":7200}'


def answer(body: bytes, status: bytes = b"200 OK", more: bytes = b"") -> bytes:
    return HEAD % (status, len(body), more) + body


@contextmanager
def serving(*parts: bytes, slowly: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """Give each connection the next answer, or the only one again and again."""
    seen: list[bytes] = []
    over = Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as door:

        def serve() -> None:
            for number in range(100):
                try:
                    line, _ = door.accept()
                except OSError:
                    return
                with closing(line):
                    seen.append(line.recv(65536))
                    say(line, parts[min(number, len(parts) - 1)])

        def say(line: socket.socket, told: bytes) -> None:
            told = told.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)
            try:
                for byte in told if slowly else ():
                    if over.wait(0.02):
                        return
                    line.sendall(bytes([byte]))
                line.sendall(b"" if slowly else told)
            except OSError:
                return

        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}", seen
        over.set()
        door.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def make(
    settings: Settings, storage: Storage, clock: FakeClock
) -> Iterator[Callable[[str], WeCom]]:
    made: list[WeCom] = []

    def at(address: str) -> WeCom:
        there = settings.model_copy(update={"api_base": address})
        made.append(WeCom(there, storage, clock))
        return made[-1]

    yield at
    for each in made:
        each.client._http.close()


def post(client: Client) -> dict[str, object]:
    return client.call("post", "message/send", data={"touser": "wangfang"})


@pytest.mark.parametrize("status", [b"301 M", b"302 F", b"307 T", b"308 P"])
def test_nobody_is_followed_elsewhere(
    make: Callable[[str], WeCom], status: bytes
) -> None:
    wanted = f"HTTP {status[:3].decode()}"
    with serving(answer(b'{"errcode":0,"msgid":"m"}')) as (elsewhere, heard):
        there = b"Location: %s/cgi-bin/message/send\r\n" % elsewhere.encode()
        away = answer(b"", status, there)
        with (
            serving(answer(TOKEN), away) as (address, _),
            pytest.raises(DeliveryError, match=wanted),
        ):
            post(make(address).client)
        with (
            serving(away) as (address, _),
            pytest.raises(DeliveryError, match=wanted),
        ):
            sound_alarm(address, "醒醒")
        assert heard == []


@pytest.mark.parametrize(
    "told",
    [
        answer(gzip.compress(b" " * (MOST_BYTES * 20)), more=ZIPPED),
        answer(b" " * (MOST_BYTES + 1)),
        answer(b"[" * 200_000),
    ],
    ids=["zipped", "large", "deep"],
)
def test_an_answer_without_end_is_uncertain(
    make: Callable[[str], WeCom], told: bytes
) -> None:
    with serving(answer(TOKEN), told) as (address, _):
        client = make(address).client
        with pytest.raises(DeliveryError) as failed:
            post(client)
    assert failed.value.uncertain


@pytest.mark.parametrize(
    "told",
    [answer(b"x" * 500), b"HTTP/1.1 200 OK\r\nX: " + b"x" * 500],
    ids=["body", "headers"],
)
def test_what_comes_a_byte_at_a_time_is_not_waited_for(told: bytes) -> None:
    """The line is never silent for as long as it takes to give it up."""
    with (
        serving(told, slowly=True) as (address, _),
        open_session() as http,
        pytest.raises(requests.ReadTimeout),
    ):
        exchange(http, "get", address, whole=0.3, timeout=(3, 3))


@pytest.mark.parametrize(
    "named",
    [
        b'"LiWei|hexue"',
        b'"liwei,hexue"',
        b'"liwei , hexue,"',
        b'["liwei", "HeXue"]',
        b'["liwei|hexue"]',
    ],
)
def test_whoever_is_named_in_any_form_has_not_got_it(
    make: Callable[[str], WeCom], named: bytes
) -> None:
    told = answer(b'{"errcode":0,"msgid":"m","invaliduser":%s}' % named)
    with serving(answer(TOKEN), told) as (address, _):
        users = ("wangfang", "liwei", "hexue")
        sent = make(address).send(Envelope(Text("开会"), users, "b1"))
    assert sorted(sent.refused) == ["hexue", "liwei"]


def test_a_department_that_is_closed_to_us_does_not_hide_the_others(
    make: Callable[[str], WeCom],
) -> None:
    two = answer(b'{"errcode":0,"department":[{"id":1},{"id":2}]}')
    closed = answer(b'{"errcode":60011,"errmsg":"no privilege"}')
    people = answer(b'{"errcode":0,"userlist":[{"userid":"w","name":"n"}]}')
    with serving(answer(TOKEN), two, closed, people) as (address, _):
        assert [each.userid for each in make(address).contacts.people()] == ["w"]
    with serving(answer(TOKEN), two, closed) as (address, _):
        contacts = make(address).contacts
        with pytest.raises(DeliveryError, match="60011"):
            contacts.people()
