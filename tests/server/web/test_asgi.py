"""The web of `serve`: callbacks in the loop, many in one commit, all else in Flask."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import event, func, select

from bot.assistant.answering import Assistant
from bot.assistant.outcome import Outcome
from bot.assistant.rephrasing import Rephrasing
from bot.branch.study.checkins import CheckIn
from bot.channels.rephrase import Rephraser
from bot.config.settings import Rephrase
from bot.inbox.answered import Answered
from server.twin.replies import open_reply
from server.twin.world import World
from server.web import asgi, bodies
from server.web.app import create_app
from server.web.asgi import Asgi
from server.web.bodies import HEARD_OUT
from server.web.webhooks import MAX_REQUEST
from tests.server.browser import Phone, with_pages
from tests.server.web.test_webhooks import DOOR, refused, text

SAYERS = ("wangfang", "liwei", "hexue")


@dataclass
class Call:
    """One request as ASGI tells it, and what was sent back."""

    method: str
    path: str
    query: str = ""
    parts: Sequence[Mapping[str, Any]] = ()
    headers: Sequence[tuple[bytes, bytes]] = ()
    sent: list[Mapping[str, Any]] = field(default_factory=list)
    asked: Iterator[Mapping[str, Any]] | None = None

    @classmethod
    def post(cls, query: Mapping[str, str], *bodies: bytes, **more: Any) -> "Call":
        last = len(bodies) - 1
        parts = [
            {"type": "http.request", "body": body, "more_body": at < last}
            for at, body in enumerate(bodies)
        ]
        return cls("POST", DOOR, urlencode(query), parts, **more)

    async def receive(self) -> Any:
        if self.asked is None:
            self.asked = iter(self.parts or [{"type": "http.request", "body": b""}])
        return next(self.asked, {"type": "http.disconnect"})

    async def run(self, app: Asgi) -> "Call":
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "server": ("127.0.0.1", 80),
            "root_path": "",
            "client": ("127.0.0.1", 1),
            "method": self.method,
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": self.query.encode(),
            "headers": list(self.headers),
        }

        async def send(told: Any) -> None:
            self.sent.append(told)

        await app(scope, self.receive, send)
        return self

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(each.get("body", b"") for each in self.sent[1:])

    @property
    def header(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])


def run(app: Asgi, *calls: Call) -> Sequence[Call]:
    async def all_at_once() -> Sequence[Call]:
        return await asyncio.gather(*(call.run(app) for call in calls))

    return asyncio.run(all_at_once())


def said(world: World, number: int, words: str = "打卡", who: str = "wangfang") -> Call:
    xml = text(world, words, number).replace("WangFang", who)
    query, body = world.caller.sealed(xml)
    return Call.post(query, body)


def read(world: World, call: Call) -> str:
    return str(open_reply(world.caller.seal, call.body.decode()).get("Content", ""))


@pytest.fixture
def app(assistant: Assistant) -> Asgi:
    return Asgi(create_app(assistant), assistant)


@pytest.mark.files  # PostgreSQL has many writers
def test_messages_that_come_together_are_answered_in_one_commit(
    app: Asgi, assistant: Assistant, world: World
) -> None:
    counted: list[int] = []
    event.listen(assistant.storage.engine, "commit", lambda _: counted.append(1))
    calls = [said(world, at, who=who) for at, who in enumerate(SAYERS)]
    answers = [read(world, call) for call in run(app, *calls)]
    assert all("已打卡" in answer for answer in answers)
    assert len(counted) == 1


def test_each_message_is_answered_as_if_alone(
    app: Asgi, assistant: Assistant, world: World
) -> None:
    """One is a retry, one is refused, one is of nobody we know."""
    calls = [
        said(world, 1),
        said(world, 1),
        said(world, 2, "改打卡 又一次", "liwei"),
        said(world, 3, who="nobody"),
    ]
    first, again, refusal, stranger = [read(world, each) for each in run(app, *calls)]
    assert "已打卡" in first
    assert again == first
    assert "还没" in refusal
    assert "还不认识您" in stranger
    with assistant.storage.read() as session:
        assert session.scalar(select(func.count(CheckIn.id))) == 1
        assert session.scalar(select(func.count()).select_from(Answered)) == 3


def test_more_than_one_commit_takes_are_all_answered(app: Asgi, world: World) -> None:
    calls = [said(world, at, "帮助", SAYERS[at % 3]) for at in range(70)]
    assert all(read(world, call) for call in run(app, *calls))


def test_who_hangs_up_spoils_nothing(
    app: Asgi, assistant: Assistant, world: World
) -> None:
    async def hang_up() -> Call:
        gone = asyncio.ensure_future(said(world, 1).run(app))
        await asyncio.sleep(0)
        gone.cancel()
        return await said(world, 2, who="liwei").run(app)

    assert "已打卡" in read(world, asyncio.run(hang_up()))
    with assistant.storage.read() as session:
        assert session.scalar(select(func.count(CheckIn.id))) == 2


def test_where_a_model_rephrases_threads_answer(
    assistant: Assistant, world: World
) -> None:
    settings = Rephrase.model_validate({"base_url": "http://127.0.0.1:9", "model": "m"})
    patient = replace(
        assistant,
        rephrasing=Rephrasing(Rephraser(settings), assistant.storage),
    )
    app = Asgi(create_app(patient), patient)
    calls = [said(world, at, who=who) for at, who in enumerate(SAYERS)]
    assert all("已打卡" in read(world, call) for call in run(app, *calls))


def test_the_handshake(app: Asgi, assistant: Assistant) -> None:
    query, echo = assistant.channels["wecom"].seal_echo()  # type: ignore[attr-defined]
    (answer,) = run(app, Call("GET", DOOR, urlencode(query)))
    assert (answer.status, answer.body) == (200, echo.encode())
    (head,) = run(app, Call("HEAD", DOOR, urlencode(query)))
    assert (head.status, head.body) == (200, b"")
    assert int(head.header[b"Content-Length"]) == len(echo)


def test_a_body_in_parts(app: Asgi, world: World) -> None:
    query, body = world.caller.sealed(text(world, "打卡", 1))
    (answer,) = run(app, Call.post(query, body[:50], body[50:]))
    assert "已打卡" in read(world, answer)


def test_what_is_refused(app: Asgi, world: World) -> None:
    before = refused(403), refused(413), refused(400)
    query, _ = world.caller.sealed(text(world, "打卡", 1))
    forged = Call.post(
        {**query, "msg_signature": "x"}, b"<xml><Encrypt>x</Encrypt></xml>"
    )
    large = Call.post(query, b"x" * MAX_REQUEST, b"y" * HEARD_OUT, b"unread")
    broken = Call("POST", DOOR, parts=[{"type": "http.disconnect"}])
    answers = run(app, forged, large, broken, Call("PUT", DOOR))
    assert [each.status for each in answers] == [403, 413, 400, 405]
    assert [each.body for each in answers] == [b""] * 4
    assert answers[-1].header[b"Allow"] == b"GET, HEAD, POST"
    after = refused(403), refused(413), refused(400)
    assert after == tuple(count + 1 for count in before)


def test_all_else_is_flask_s(app: Asgi) -> None:
    alive, missing = run(app, Call("GET", "/healthz"), Call("GET", "/nothing"))
    assert (alive.status, missing.status) == (200, 404)


@pytest.mark.parametrize(
    "path", ["/m/notices/1", "/m/enclose/x", "/nothing", "/readyz"]
)
def test_who_has_no_session_is_answered_unread(
    app: Asgi, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """He sends nothing of what he announced, and hears so."""
    monkeypatch.setattr(bodies, "PAUSE", 0.0)
    headers = [(b"content-length", b"20000000"), (b"cookie", b"xiangyang=forged")]
    (answer,) = run(app, Silent("POST", path, headers=headers))
    assert answer.status in (401, 404, 405)


@dataclass
class Silent(Call):
    """A sender who sends so much, and then no more, and stays."""

    async def receive(self) -> Any:
        if self.parts:
            first, *self.parts = self.parts
            return first
        return await asyncio.Event().wait()


def test_a_slow_sender_has_so_much_time(
    app: Asgi, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "CALLBACK_WITHIN", 0.01)
    query, body = world.caller.sealed(text(world, "打卡", 1))
    part = {"type": "http.request", "body": body[:50], "more_body": True}
    slow = Silent("POST", DOOR, urlencode(query), [part])
    before = refused(408)
    (late,) = run(app, slow)
    assert (late.status, refused(408)) == (408, before + 1)


@pytest.fixture
def member(assistant: Assistant, world: World) -> tuple[Asgi, bytes]:
    """The web, and the cookie of somebody it knows."""
    config = with_pages(assistant.config)
    phone = Phone(replace(assistant, config=config), world, "wangfang")
    phone.open("/m/notices/1")
    cookie = phone.client.get_cookie("xiangyang", domain="branch.example.org")
    assert cookie
    flask = phone.client.application
    return Asgi(
        flask, flask.extensions["assistant"]
    ), f"xiangyang={cookie.value}".encode()


def test_a_member_s_form_is_read_before_it_takes_a_thread(
    member: tuple[Asgi, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, cookie = member
    monkeypatch.setattr(asgi, "FORM_WITHIN", 0.01)
    headers = [(b"cookie", cookie), (b"content-length", b"50")]
    slow = [Silent("POST", "/m/notices/1", headers=headers) for _ in range(3)]
    late = run(app, *slow)
    assert [each.status for each in late] == [408] * 3
    many = [Silent("POST", "/m/notices/1", headers=headers) for _ in range(5)]
    assert sorted(each.status for each in run(app, *many)) == [408] * 3 + [429] * 2
    part = {"type": "http.request", "body": b"form=x", "more_body": True}
    gone = Call("POST", "/m/notices/1", parts=[part], headers=headers)
    assert run(app, gone)[0].status == 400


@pytest.mark.parametrize("chunked", [False, True])
def test_a_member_s_form_comes_whole(
    member: tuple[Asgi, bytes], *, chunked: bool
) -> None:
    app, cookie = member
    kind = b"application/x-www-form-urlencoded"
    long = (b"transfer-encoding", b"chunked") if chunked else (b"content-length", b"9")
    headers = [(b"cookie", cookie), (b"content-type", kind), long]
    parts = [
        {"type": "http.request", "body": b"form=", "more_body": True},
        {"type": "http.request", "body": b"x&a=", "more_body": False},
    ]
    (answer,) = run(app, Call("POST", "/m/notices/1", parts=parts, headers=headers))
    assert answer.status == 403  # not of a page of ours: so it was read


def test_health_has_no_need_of_a_thread(app: Asgi) -> None:
    app._pages._here = app._logins._here = app._care._here = 10_000
    paths = ("/healthz", "/m/notices/1", "/m/login", "/readyz")
    told = run(app, *(Call("GET", path) for path in paths))
    assert [each.status for each in told] == [200, 503, 503, 503]


class Failing(Assistant):
    def answer_soon(self, *_: object, **__: object) -> Sequence[Outcome]:
        raise MemoryError


def test_nobody_waits_for_ever_where_answering_fails(
    assistant: Assistant, world: World
) -> None:
    failing = Failing(**vars(assistant))
    with pytest.raises(MemoryError):
        run(Asgi(create_app(failing), failing), said(world, 1))
    again = Asgi(create_app(assistant), assistant)
    assert "已打卡" in read(world, run(again, said(world, 1))[0])
