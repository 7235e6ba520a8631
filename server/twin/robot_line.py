"""The platform's side of a smart robot's long connection, with faults on demand.

path/101463, and what @wecom/aibot-node-sdk 1.0.7 does with it. One connection a robot:
a new one replaces the old.
"""

import asyncio
import json
from base64 import b64decode
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Thread
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request as HttpRequest
from websockets.http11 import Response

from server.twin.robot_chat import Chats, Fault, Request

REPLACED = "disconnected_event"
MEDIA = "/media/"


@dataclass
class LineFaults:
    """What goes wrong on purpose.

    zombie: who is replaced
    is told so, and not cut off. forgets: a new connection knows no earlier request.
    redelivers: which messages come again on a new connection: "unanswered", "all".
    deaf: frames are not acknowledged. slow: seconds before an acknowledgement. mangle:
    what becomes of an outgoing frame's text; each result is sent. refuses: the number
    with which a subscription is refused. hangs_up: so many connections are closed as
    soon as they are subscribed.
    """

    zombie: bool = False
    forgets: bool = True
    redelivers: str = "unanswered"
    deaf: bool = False
    slow: float = 0.0
    mangle: Callable[[str], list[str]] | None = None
    refuses: int = 0
    hangs_up: int = 0


@dataclass(eq=False)
class RobotLine:
    """Listens on a free port of this machine until it is stopped."""

    bot_id: str
    secret: str
    clock: Callable[[], datetime]
    chats: Chats = field(init=False)
    faults: LineFaults = field(default_factory=LineFaults)
    subscribed: int = 0
    beats: int = 0
    media: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, list[bytes]] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)
    _waiting: list[Request] = field(default_factory=list)
    _current: ServerConnection | None = None
    _silent: ServerConnection | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.chats = Chats(self.clock)
        self._begun = Event()

    def start(self) -> str:
        """Return the address of the line."""
        self._thread = Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        self._begun.wait()
        return self.url

    def stop(self) -> None:
        self.do(self._over.set)
        self._thread.join()

    @property
    def is_up(self) -> bool:
        return self._current is not None

    def do(self, what: Callable[[], Any]) -> None:
        self._loop.call_soon_threadsafe(what)

    def call(self, body: Mapping[str, Any], cmd: str = "aibot_msg_callback") -> Request:
        """Deliver a message or event, now or to the next connection."""
        request = Request(f"req_{uuid4().hex}", cmd, body, self.clock())
        self.do(lambda: self._deliver(request))
        return request

    def drop(self) -> None:
        """Cut the connection as a network does."""

        def cut() -> None:
            if self._current:
                self._current.transport.abort()
                self._current = None

        self.do(cut)

    def fall_silent(self) -> None:
        """Acknowledge heartbeats and deliver nothing, until a new connection comes."""
        self.do(lambda: setattr(self, "_silent", self._current))

    def remember(self, body: Mapping[str, Any]) -> Request:
        """Know a request that was delivered to somebody who is no more."""
        request = Request(
            f"req_{uuid4().hex}", "aibot_msg_callback", body, self.clock()
        )
        self.requests[request.req_id] = request
        return request

    def replace(self) -> None:
        """Have somebody else open a connection for the robot."""

        def take() -> None:
            if self._current:
                self._spawn(self._throw_out(self._current))
                self._current = None

        self.do(take)

    def send_text(self, text: str) -> None:
        """Send anything as it is."""

        def send() -> None:
            if self._current:
                self._spawn(self._write(self._current, text))

        self.do(send)

    def keep(self, content: bytes, called: str = "") -> str:
        """Keep the bytes of a medium; return its address. called: the file's name."""
        name = uuid4().hex
        self.media[name], self.names[name] = content, called
        return f"http{self.url.removeprefix('ws')}{MEDIA}{name}"

    async def _run(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        async with serve(
            self._meet,
            "127.0.0.1",
            0,
            process_request=self._give_medium,
            max_size=None,
            ping_interval=None,
        ) as server:
            self.url = _address(server)
            self._begun.set()
            await self._over.wait()
            for each in tuple(server.connections):
                each.transport.abort()

    def _give_medium(
        self, _: ServerConnection, request: HttpRequest
    ) -> Response | None:
        if not request.path.startswith(MEDIA):
            return None
        content = self.media.get(request.path.removeprefix(MEDIA))
        found = content is not None
        headers = Headers({"Content-Length": str(len(content or b""))})
        if called := self.names.get(request.path.removeprefix(MEDIA)):
            told = f"attachment; filename*=UTF-8''{quote(called)}"
            headers["Content-Disposition"] = told
        status, reason = (200, "OK") if found else (404, "Not Found")
        return Response(status, reason, headers, content or b"")

    async def _meet(self, socket: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            async for text in socket:
                frame = json.loads(text)
                await self._hear(socket, frame)
        if self._current is socket:
            self._current = None

    async def _hear(self, socket: ServerConnection, frame: dict[str, Any]) -> None:
        """Take one frame and acknowledge it."""
        cmd, req_id = str(frame.get("cmd")), str(frame["headers"]["req_id"])
        body, told = frame.get("body") or {}, {}
        code, said = 0, "ok"
        try:
            if cmd == "aibot_subscribe":
                self._check(body)
            elif cmd == "ping":
                self.beats += 1
            elif socket is not self._current:
                raise Fault(846609, "not subscribed")
            else:
                told = self._take(cmd, req_id, body)
        except Fault as fault:
            code, said = fault.code, fault.said
        if self.faults.slow:
            await asyncio.sleep(self.faults.slow)
        if self.faults.deaf and cmd not in ("aibot_subscribe", "ping"):
            return
        ack = {"headers": {"req_id": req_id}, "errcode": code, "errmsg": said}
        await self._write(socket, json.dumps(ack | ({"body": told} if told else {})))
        if cmd == "aibot_subscribe" and not code:
            await self._subscribe(socket)

    def _check(self, body: Mapping[str, Any]) -> None:
        if self.faults.refuses:
            raise Fault(self.faults.refuses, "refused")
        if (body.get("bot_id"), body.get("secret")) != (self.bot_id, self.secret):
            raise Fault(853000, "invalid bot_id or secret")

    async def _subscribe(self, socket: ServerConnection) -> None:
        before, self._current = self._current, socket
        self.subscribed += 1
        if before and before is not socket:
            await self._throw_out(before)
        if self.faults.hangs_up:
            self.faults.hangs_up -= 1
            self._current = None
            await socket.close()
            return
        if self.faults.forgets:
            self.requests, earlier = {}, self.requests
        else:
            earlier = dict(self.requests)
        again = [each for each in earlier.values() if self._comes_again(each)]
        waiting, self._waiting = self._waiting, []
        for request in [*again, *waiting]:
            request.req_id = f"req_{uuid4().hex}"
            self._deliver(request)
        with self.chats.news:
            self.chats.news.notify_all()

    def _comes_again(self, request: Request) -> bool:
        rule = self.faults.redelivers
        return rule == "all" or (rule == "unanswered" and not request.is_answered)

    async def _throw_out(self, socket: ServerConnection) -> None:
        event = {
            "msgid": uuid4().hex,
            "aibotid": self.bot_id,
            "msgtype": "event",
            "create_time": int(self.clock().timestamp()),
            "event": {"eventtype": REPLACED},
        }
        await self._write(socket, _write("aibot_event_callback", uuid4().hex, event))
        if not self.faults.zombie:
            with suppress(ConnectionClosed):
                await socket.close()

    def _deliver(self, request: Request) -> None:
        if self._current is None or self._current is self._silent:
            self._waiting.append(request)
            return
        request.tries += 1
        self.requests[request.req_id] = request
        text = _write(request.cmd, request.req_id, request.body)
        self._spawn(self._write(self._current, text))

    async def _write(self, socket: ServerConnection, text: str) -> None:
        mangle = self.faults.mangle
        with suppress(ConnectionClosed):
            for each in mangle(text) if mangle else [text]:
                await socket.send(each)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _take(self, cmd: str, req_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        if cmd == "aibot_send_msg":
            self.chats.send(body)
            return {}
        if cmd.startswith("aibot_upload_media_"):
            return self._take_upload(cmd, body)
        request = self.requests.get(req_id)
        if request is None:
            raise Fault(846605, "invalid req_id")
        takers = {
            "aibot_respond_msg": self.chats.answer,
            "aibot_respond_welcome_msg": self.chats.welcome,
            "aibot_respond_update_msg": self.chats.update,
        }
        if cmd not in takers:
            raise Fault(40035, "unknown command")
        takers[cmd](request, body)
        return {}

    def _take_upload(self, cmd: str, body: Mapping[str, Any]) -> dict[str, Any]:
        if cmd.endswith("_init"):
            upload = uuid4().hex
            self.uploads[upload] = []
            return {"upload_id": upload}
        parts = self.uploads.get(str(body.get("upload_id")))
        if parts is None:
            raise Fault(846611, "no such upload")
        if cmd.endswith("_chunk"):
            parts.append(b64decode(str(body["base64_data"])))
            return {}
        name = uuid4().hex
        self.media[name] = b"".join(parts)
        return {"type": "image", "media_id": name, "created_at": "1380000000"}


def cut(text: str) -> list[str]:
    """Send only the half of a frame, and then the whole."""
    return [text[: len(text) // 2], text]


def repeat(text: str) -> list[str]:
    return [text, text, text]


def swap_calls() -> Callable[[str], list[str]]:
    """Send each second message or event before the one that came before it."""
    held: list[str] = []

    def swap(text: str) -> list[str]:
        if "_callback" not in text:
            return [text]
        held.append(text)
        return [held.pop(), held.pop()] if len(held) == 2 else []

    return swap


def _write(cmd: str, req_id: str, body: Mapping[str, Any]) -> str:
    frame = {"cmd": cmd, "headers": {"req_id": req_id}, "body": body}
    return json.dumps(frame, ensure_ascii=False)


def _address(server: Server) -> str:
    host, port = next(iter(server.sockets)).getsockname()[:2]
    return f"ws://{host}:{port}"
