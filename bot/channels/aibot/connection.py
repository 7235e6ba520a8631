"""One long connection: subscribed, kept alive, each request matched to its answer.

What is said of it: path/101463 and @wecom/aibot-node-sdk 1.0.7.
"""

from asyncio import (
    FIRST_COMPLETED,
    Future,
    create_task,
    get_running_loop,
    timeout,
    wait,
)
from asyncio import sleep as pause
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import uuid4

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidURI, WebSocketException

from bot.channels.aibot import frames
from bot.channels.aibot.frames import BadFrame, Frame

log = structlog.get_logger(__name__)

REPLACED = "disconnected_event"
MOST_BYTES = 16 * 1024 * 1024  # what is larger ends the connection; less is passed over


@dataclass(frozen=True)
class Patience:
    """Seconds: between heartbeats, for an acknowledgement, for a connection."""

    beat: float = 30.0
    ack: float = 5.0
    open: float = 10.0


class LineError(Exception):
    """The line does not do what is asked of it.

    sent: the platform may have heard what was said.
    """

    def __init__(self, reason: str, *, sent: bool = False) -> None:
        super().__init__(reason)
        self.sent = sent


class Lost(LineError):
    """The connection is over."""


class Replaced(LineError):
    """Somebody else opened a connection for the same robot."""


class Refused(LineError):
    """The platform said no, with a number."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(f"{frame.errcode} {frame.errmsg}")
        self.code, self.said = frame.errcode or 0, frame.errmsg


Hear = Callable[["Connection", Frame], None]


class Connection:
    """An open line.

    heard_at: by `monotonic`, when it last proved that it hears. has_heard: a message or
    event came, it was not only opened.

    A heartbeat that is acknowledged proves nothing: of a line that was replaced they
    are too.
    """

    _reading: Any = None

    def __init__(
        self, socket: ClientConnection, hear: Hear, patience: Patience
    ) -> None:
        self._socket, self._hear, self._patience = socket, hear, patience
        self._pending: dict[str, Future[Frame]] = {}
        self.is_retiring = self.has_heard = False
        self.heard_at = monotonic()

    @classmethod
    async def open(
        cls,
        url: str,
        who: Mapping[str, str],
        hear: Hear,
        patience: Patience | None = None,
    ) -> "Connection":
        """Open and subscribe. who: bot_id and secret. Raises LineError."""
        patience = patience or Patience()
        try:
            socket = await connect(
                url,
                open_timeout=patience.open,
                ping_interval=None,  # the platform has heartbeats of its own
                max_size=MOST_BYTES,
                compression=None,
                proxy=None,
            )
        except (OSError, WebSocketException, InvalidURI, TimeoutError) as error:
            raise Lost(f"not connected: {type(error).__name__}") from error
        line = cls(socket, hear, patience)
        reading = create_task(line._read())
        try:
            await line.ask(frames.SUBSCRIBE, who)
        except BaseException:  # also where we are stopped meanwhile: nothing stays open
            reading.cancel()
            await line.close()
            raise
        line._reading = reading
        line.heard_at = monotonic()
        return line

    @property
    def is_idle(self) -> bool:
        """Whether nothing that was said waits for its acknowledgement."""
        return not self._pending

    async def stay(self) -> None:
        """Keep it alive until it ends; raises what ended it, always a LineError."""
        beating = create_task(self._beat())
        try:
            done, _ = await wait((self._reading, beating), return_when=FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            beating.cancel()
            await self.close()
        raise Lost("closed")

    async def ask(
        self, cmd: str, body: Mapping[str, Any] | None = None, req_id: str = ""
    ) -> Frame:
        """Say something and wait for the acknowledgement.

        req_id: of the callback that it answers; of those one goes after the other.
        Raises LineError.
        """
        req_id = req_id or f"{cmd}_{uuid4().hex}"
        while before := self._pending.get(req_id):
            await wait((before,))
        told: Future[Frame] = get_running_loop().create_future()
        self._pending[req_id] = told
        try:
            await self._say(frames.write_frame(cmd, req_id, body))
            async with timeout(self._patience.ack):
                frame = await told
        except TimeoutError:
            raise LineError("not acknowledged", sent=True) from None
        finally:
            self._pending.pop(req_id, None)
            told.cancel()
        if frame.errcode:
            raise Refused(frame)
        return frame

    def begin_retiring(self) -> None:
        """Know that another of ours will take its place: that is no attack."""
        self.is_retiring = True

    async def retire(self) -> None:
        """Let another take its place: what was said is heard out, then it closes."""
        self.begin_retiring()
        try:
            async with timeout(self._patience.ack):
                while self._pending:
                    await wait(tuple(self._pending.values()))
        except TimeoutError:
            pass
        await self.close()

    async def close(self) -> None:
        if self._reading:
            self._reading.cancel()
        try:
            async with timeout(1):
                await self._socket.close()
        except (TimeoutError, WebSocketException):
            self._socket.transport.abort()
        self._end(Lost("closed", sent=True))

    async def _say(self, text: str) -> None:
        try:
            await self._socket.send(text)
        except ConnectionClosed as error:
            raise Lost("closed") from error

    async def _read(self) -> None:
        """Hear frame after frame. Raises Lost or Replaced."""
        try:
            async for text in self._socket:
                self._take(text)
        except ConnectionClosed:
            pass
        finally:
            self._end(Lost("closed", sent=True))
        raise Lost("the platform closed the line")

    def _take(self, text: str | bytes) -> None:
        try:
            frame = frames.read_frame(text)
        except BadFrame as error:
            log.warning("frame_not_read", why=str(error), size=len(text))
            return
        if frame.event == REPLACED:
            if not self.is_retiring:
                raise Replaced("another connection took the robot")
        elif frame.is_call:
            self.heard_at, self.has_heard = monotonic(), True
            self._hear(self, frame)
        elif (told := self._pending.get(frame.req_id)) and not told.done():
            told.set_result(frame)

    async def _beat(self) -> None:
        """Send heartbeats; two in a row that nobody acknowledges end the line."""
        missed = 0
        while missed < 2:
            await pause(self._patience.beat)
            try:
                await self.ask(frames.PING)
                missed = 0
            except Refused:
                raise Lost("the platform does not know the line any more") from None
            except Lost:
                return
            except LineError:
                missed += 1
        raise Lost("heartbeats are not acknowledged")

    def _end(self, why: LineError) -> None:
        for told in self._pending.values():
            if not told.done():
                told.set_exception(why)


async def try_line(url: str, who: Mapping[str, str]) -> None:
    """Open a line and close it again. Raises LineError."""
    line = await Connection.open(url, who, lambda *_: None)
    await line.close()
