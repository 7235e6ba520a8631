"""Where Flask's pages are made: in a few threads, from requests that came whole."""

from collections.abc import Awaitable, Callable, Iterable
from time import monotonic
from typing import Any

from a2wsgi import WSGIMiddleware
from flask import Flask

from bot.storage.dialects import hurried
from server.web.bodies import Event

UNTIL = "xiangyang.until"
BEGAN = "xiangyang.began"
"""When a request's first bytes came."""


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
        self, scope: Event, receive: Callable[[], Awaitable[Event]]
    ) -> list[Event]:
        """Make the whole answer before anything of it is sent.

        Its thread waits for nobody who listens slowly.
        """
        told: list[Event] = []

        async def keep(event: Event) -> None:
            told.append(event)

        self._here += 1
        try:
            until = monotonic() + self._patience
            await self._inside({**scope, UNTIL: until}, receive, keep)
        finally:
            self._here -= 1
        return told

    def _answer(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        with hurried(environ["asgi.scope"][UNTIL]):
            return self._app(environ, start)
