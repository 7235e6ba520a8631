"""The web of `serve`: callbacks in one loop, all else in Flask's threads.

A message costs no change of threads but one for all that are answered together.
"""

from asyncio import get_running_loop
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cached_property
from typing import Any, TypeAlias

from a2wsgi import WSGIMiddleware
from flask import Flask

from bot.assistant import Assistant
from server.desk import Desk
from server.flood import address_of
from server.webhooks import CALLBACKS, MAX_REQUEST, Doors, Knock, Said

PAGE_THREADS = 16
HEARD_OUT = 16 * 1024 * 1024
FORM_HEARD_OUT = 64 * 1024 * 1024  # a form may carry a film by mistake
FORWARDED = b"x-forwarded-for"

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Asgi:
    """An ASGI application around Flask's."""

    def __init__(self, app: Flask, assistant: Assistant) -> None:
        self._assistant = assistant
        self._doors = Doors(assistant, lambda: app.extensions["gate"])
        pages: Any = app  # its types and a2wsgi's do not know each other
        self._inside: Any = WSGIMiddleware(pages, workers=PAGE_THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = CALLBACKS.get(scope["path"])
        if name is None:
            page = Page(receive, send)
            await self._inside(scope, page.receive, page.send)
            return
        query = scope["query_string"].decode("latin-1")
        knock = Knock(name, scope["method"], query, _address(scope))
        said = await self._answer(knock, receive)
        headers = [(name.encode(), value.encode()) for name, value in said.headers]
        start = {"type": "http.response.start", "status": said.status}
        await send({**start, "headers": headers})
        body = b"" if knock.method == "HEAD" else said.body
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, knock: Knock, receive: Receive) -> Said:
        body = await _read(receive) if knock.method == "POST" else b""
        if body is None:
            return self._doors.refuse_unread(400)
        message = self._doors.listen(knock, body)
        if isinstance(message, Said):
            return message
        return self._doors.tell(knock, message, await self._desk.answer(message))

    @cached_property
    def _desk(self) -> Desk:
        return Desk(self._assistant, get_running_loop())


class Page:
    """A page's request: nobody is answered before he is heard out.

    Whoever is still sending sees a broken connection instead of the answer.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._more, self._size = True, 0

    async def receive(self) -> MutableMapping[str, Any]:
        """Receive in a coroutine: a2wsgi schedules nothing else, granian gives less."""
        event = await self._receive()
        self._more = event.get("more_body", False)
        self._size += len(event.get("body", b""))
        return event

    async def send(self, event: MutableMapping[str, Any]) -> None:
        while self._more and self._size < FORM_HEARD_OUT:
            await self.receive()
        await self._send(event)


async def _read(receive: Receive) -> bytes | None:
    """Read a body, and keep no more than shows that it is too large.

    Who is not heard out would not hear the refusal either. None if it breaks off.
    """
    parts: list[bytes] = []
    size, more = 0, True
    while more and size < HEARD_OUT:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        part = event.get("body", b"")
        if size < MAX_REQUEST:
            parts.append(part)
        size += len(part)
        more = event.get("more_body", False)
    return b"".join(parts)


def _address(scope: Scope) -> str:
    """Return who knocks, as WSGI would name it."""
    client = scope.get("client") or ("", 0)
    headers = scope["headers"]
    named = b",".join(value for name, value in headers if name == FORWARDED)
    environ = {
        "REMOTE_ADDR": client[0],
        "HTTP_X_FORWARDED_FOR": named.decode("latin-1"),
    }
    return address_of(environ)
