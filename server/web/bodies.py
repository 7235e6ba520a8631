"""How a request's body is read: in the loop, so much of it, within so much time.

Whoever sends slowly holds a connection and nothing else: no thread, and of a large
body no memory.
"""

from asyncio import timeout
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeAlias

Event: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Event]]

IN_MEMORY = 512 * 1024
PART = 1024 * 1024
SILENT_FOR = 15.0
LINGER, PAUSE = 5.0, 0.3
HEARD_OUT = 64 * 1024 * 1024  # a form may carry a film by mistake


class BrokenOff(Exception):
    """The sender went away before the end."""


@dataclass
class Body:
    """What a sender sends. size: so much came, read or not."""

    receive: Receive
    size: int = 0
    is_whole: bool = False
    _kept: IO[bytes] = field(default_factory=BytesIO)

    async def read(self, room: int, within: float) -> None:
        """Read until the end, or until there is more than there is room for.

        Raises BrokenOff; TimeoutError if it takes longer, or nothing comes for long.
        """
        if room > IN_MEMORY:
            self._kept = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # see close
        async with timeout(within):
            while not self.is_whole and self.size <= room:
                async with (
                    timeout(SILENT_FOR) if within > SILENT_FOR else nullcontext()
                ):
                    self._kept.write(await self._next())
        self._kept.seek(0)

    async def hear_out(self) -> None:
        """Read what is still coming into nothing, before an answer that is ready.

        Whoever still sends sees a broken connection instead of the answer; whoever
        pauses is listening.
        """
        try:
            async with timeout(LINGER):
                while not self.is_whole and self.size < HEARD_OUT:
                    async with timeout(PAUSE):
                        await self._next()
        except (BrokenOff, TimeoutError):
            return

    def take(self) -> bytes:
        """Take all that was kept."""
        return self._kept.read()

    async def give(self) -> Event:
        """Give what was kept, as if it only came now."""
        part = self._kept.read(PART)
        return {"type": "http.request", "body": part, "more_body": len(part) == PART}

    def close(self) -> None:
        self._kept.close()

    async def _next(self) -> bytes:
        event = await self.receive()
        if event["type"] == "http.disconnect":
            self.is_whole = True
            raise BrokenOff
        self.is_whole = not event.get("more_body", False)
        part: bytes = event.get("body", b"")
        self.size += len(part)
        return part
