"""The web of `serve`: callbacks in one loop, all else in Flask's threads.

A message costs no change of threads but one for all that are answered together. A page
takes a thread only when its request has come whole, and gives it back before the answer
goes out: whoever sends or listens slowly holds up nobody.
"""

from asyncio import get_running_loop
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from typing import TypeAlias

from flask import Flask

from bot.assistant.answering import Assistant
from bot.branch.notices import enclosures
from server.web.batching import Desk
from server.web.bodies import Body, BrokenOff, Event, Receive
from server.web.console import UPLOAD, browsers
from server.web.console.page import TEXTS
from server.web.pages.identity import remembered_by
from server.web.pages.uploads import FORM
from server.web.places import prefix_of, strip_prefix
from server.web.rate_limit import address_of, share_of
from server.web.rooms import BEGAN, Answer, Room
from server.web.webhooks import CALLBACKS, MAX_REQUEST, Doors, Knock, Said, note_answers

# By what they wait for: pages for the database, logins for WeCom, who looks after us
# for both. Threads, how many may wait for them, seconds for the database.
PAGES, LOGINS, CARE = (16, 2048, 5.0), (8, 1024, 20.0), (2, 16, 5.0)
CARED_FOR = ("/readyz", "/metrics")
LOGIN, ALIVE = "/m/login", "/healthz"
WORKS = "/m/works/"
"""Films come here: larger than any other file, and for longer."""
UPLOADS = ("/m/enclose/", "/m/minutes/", "/m/records/", "/m/year-plan/", WORKS)
CONSOLE = "/console/"
WALK_IN = ("/m/visit/", "/m/confirm/")
"""Forms of people whom we do not know: counted by where they come from."""
CALLBACK_WITHIN = 5.0  # WeCom waits no longer itself (path/90238)
FORM_WITHIN, UPLOAD_WITHIN, FILM_WITHIN = 10.0, 180.0, 900.0
FILM_KEPT_WITHIN = 120.0  # 200 parts, each in its turn
UPLOADING, UPLOADING_EACH, FILMS = 64, 3, 4
"""How many send at once, of whom each; of those, whose files are films."""
FORWARDED = b"x-forwarded-for"
BODY_HEADERS = (b"content-length", b"transfer-encoding")
BUSY = Said(503, "现在太忙，请过一会儿再试。\n")
TOO_SLOW = Said(408, "传得太慢，没有收完，请换个网络再试。\n", hear_out=False)
TOO_MANY = Said(429, "同时传得太多，请等前面的传完再试。\n", hear_out=False)

Scope: TypeAlias = Event
Send: TypeAlias = Callable[[Event], Awaitable[None]]


class Asgi:
    """An ASGI application around Flask's."""

    def __init__(self, app: Flask, assistant: Assistant) -> None:
        self._app, self._assistant = app, assistant
        self._doors = Doors(assistant, lambda: app.extensions["gate"])
        server = assistant.config.server
        self._trusted, self._prefix = (
            server.trusted_proxies,
            prefix_of(server.public_url),
        )
        self._pages = Room(app, *PAGES)
        self._logins, self._care = Room(app, *LOGINS), Room(app, *CARE)
        self._sending: Counter[str] = Counter()
        self._films = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = Body(receive)
        try:
            await self._serve(scope, body, send)
        finally:
            body.close()

    async def _serve(self, scope: Scope, body: Body, send: Send) -> None:
        path = strip_prefix(self._prefix, scope["path"])
        if name := CALLBACKS.get(path):
            said: Said | Answer = await self._answer(name, scope, body)
        elif path == ALIVE and scope["method"] in ("GET", "HEAD"):
            said = Said(200, "ok\n")
        else:
            said = await self._show(path, scope, body)
        events = said.tell(scope["method"]) if isinstance(said, Said) else said
        hears_out = not isinstance(said, Said) or said.hear_out
        if hears_out and not body.is_whole and _brings(scope):
            await body.hear_out()
        for event in events:
            await send(event)

    async def _answer(self, name: str, scope: Scope, body: Body) -> Said:
        query = scope["query_string"].decode("latin-1")
        knock = Knock(name, scope["method"], query, partial(self._address, scope))
        if said := self._doors.look(knock):
            return said
        try:
            if knock.method == "POST":
                await body.read(MAX_REQUEST - 1, CALLBACK_WITHIN)
        except BrokenOff:
            return self._doors.refuse_unread(400)
        except TimeoutError:
            return self._doors.refuse_unread(408)
        message = self._doors.listen(knock, body.take())
        if isinstance(message, Said):
            return message
        return self._doors.tell(knock, message, await self._desk.answer(message))

    async def _show(self, path: str, scope: Scope, body: Body) -> Said | Answer:
        """Have a page made; who has no session is answered unread."""
        scope = {**scope, BEGAN: self._assistant.clock.now()}
        room = self._logins if path == LOGIN else self._pages
        room = self._care if path in CARED_FOR else room
        if room.is_full:
            return BUSY
        brings = _brings(scope)  # else nobody asks whose it is before the page does
        known = browsers.remembered_by if _is_console(path) else remembered_by
        userid = brings and known(self._app, _header(scope, b"cookie"))
        if brings and not userid and path.startswith(WALK_IN):
            userid = f"from {share_of(self._address(scope))}"
        if not userid:
            return await room.make(_of_length(scope, None), body.give)
        try:
            most, within = self._may_bring(path, scope)
            film = most > enclosures.FILE_MOST + FORM
            with self._counted(userid, film=film) as may:
                if not may:
                    return TOO_MANY
                length = await _read(scope, body, most, within)
        except BrokenOff:
            return Said(400, hear_out=False)
        except TimeoutError:
            return TOO_SLOW
        patience = FILM_KEPT_WITHIN if film else None
        return await room.make(_of_length(scope, length), body.give, patience)

    @contextmanager
    def _counted(self, userid: str, *, film: bool) -> Iterator[bool]:
        """Count who is sending; False if it is too much at once."""
        mine, every = self._sending[userid], self._sending.total()
        may = mine < UPLOADING_EACH and every < UPLOADING
        may = may and not (film and self._films >= FILMS)
        self._sending[userid] += 1
        self._films += film
        try:
            yield may
        finally:
            self._films -= film
            self._sending[userid] -= 1
            if not self._sending[userid]:
                del self._sending[userid]

    def _may_bring(self, path: str, scope: Scope) -> tuple[int, float]:
        """Tell how many bytes a form may have, and for how long it may come.

        What does not say how long it is gets no more than a picture.
        """
        is_console = _is_console(path)
        is_upload = path.startswith(UPLOADS) or (is_console and path.endswith(UPLOAD))
        if not is_upload:
            return TEXTS if is_console else MAX_REQUEST - 1, FORM_WITHIN
        most = enclosures.FILE_MOST + FORM
        if path.startswith(WORKS) and _announced(scope) > most:
            works = self._assistant.config.works
            return works.largest * enclosures.MEGA + FORM, FILM_WITHIN
        return most, UPLOAD_WITHIN

    def _address(self, scope: Scope) -> str:
        """Return who knocks, as WSGI would name it."""
        named = _header(scope, FORWARDED)
        client = scope.get("client") or ("", 0)
        environ = {"REMOTE_ADDR": client[0], "HTTP_X_FORWARDED_FOR": named}
        return address_of(environ, self._trusted)

    @cached_property
    def _desk(self) -> Desk:
        return Desk(self._assistant, get_running_loop(), note=note_answers)


async def _read(scope: Scope, body: Body, most: int, within: float) -> int:
    """Read a member's form; return how long it is, or says it is."""
    length = _announced(scope)
    if length <= most:  # or else its first bytes would say no more than that
        await body.read(most, within)
    return max(length, body.size)


def _announced(scope: Scope) -> int:
    told = _header(scope, BODY_HEADERS[0])
    return int(told) if told.isdecimal() else 0


def _is_console(path: str) -> bool:
    return path.startswith(CONSOLE)


def _brings(scope: Scope) -> bool:
    """Tell whether a request has a body."""
    names = {name for name, _ in scope["headers"]}
    return not names.isdisjoint(BODY_HEADERS)


def _header(scope: Scope, wanted: bytes) -> str:
    found = (value for name, value in scope["headers"] if name == wanted)
    return b",".join(found).decode("latin-1")


def _of_length(scope: Scope, length: int | None) -> Scope:
    """Say how long a body is that came in chunks, or that it has not been read."""
    headers = [each for each in scope["headers"] if each[0] not in BODY_HEADERS]
    if length is not None:
        headers.append((BODY_HEADERS[0], str(length).encode()))
    return {**scope, "headers": headers}
