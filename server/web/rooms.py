"""Where Flask's pages are made: in a few threads, from requests that came whole."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import Any

from a2wsgi import WSGIMiddleware
from flask import Flask

from bot.storage.dialects import hurried
from server.web.bodies import IN_MEMORY, PART, Event

UNTIL = "xiangyang.until"
BEGAN = "xiangyang.began"
"""When a request's first bytes came."""


class Answer:
    """What is sent: its head, and its body, of a film on the disk."""

    def __init__(self) -> None:
        self._heads: list[Event] = []
        self._body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # see __iter__
        self._size = 0

    async def keep(self, event: Event) -> None:
        if event["type"] != "http.response.body":
            self._heads.append(event)
            return
        part = event.get("body", b"")
        self._body.write(part)
        self._size += len(part)

    def __iter__(self) -> Iterator[Event]:
        """Give the events in their order, once."""
        yield from self._heads
        with self._body as body:
            body.seek(0)
            left = self._size
            while True:
                part = body.read(PART)
                left -= len(part)
                more = left > 0
                yield {"type": "http.response.body", "body": part, "more_body": more}
                if not more:
                    return


class Room:
    """Some threads, and who waits for them.

    most: so many in all, no more come in. patience: seconds that each may take of the
    database's time.
    """

    def __init__(self, app: Flask, threads: int, most: int, patience: float) -> None:
        pages: Any = self._answer  # its types and a2wsgi's do not know each other
        self._inside: Any = WSGIMiddleware(pages, workers=threads)
        self._app = app
        self._most, self._here, self._patience = most, 0, patience

    @property
    def is_full(self) -> bool:
        return self._here >= self._most

    async def make(
        self,
        scope: Event,
        receive: Callable[[], Awaitable[Event]],
        patience: float | None = None,
    ) -> Answer:
        """Make the whole answer before anything of it is sent.

        Its thread waits for nobody who listens slowly.
        """
        told = Answer()
        self._here += 1
        try:
            until = monotonic() + (patience or self._patience)
            await self._inside({**scope, UNTIL: until}, receive, told.keep)
        finally:
            self._here -= 1
        return told

    def _answer(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        with hurried(environ["asgi.scope"][UNTIL]):
            return self._app(environ, start)
