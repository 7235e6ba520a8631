"""Keeps the robot's line: one process of all has it, opens it again and again.

Another that watches takes it within seconds if its holder dies; see
`bot/channels/aibot/lease`. What goes out unasked goes out here too: a line has two
directions and one holder.
"""

import asyncio
from asyncio import FIRST_COMPLETED, Task, create_task
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic
from typing import Any, TypeVar
from uuid import uuid4

import structlog
from sqlalchemy.orm import Session

from bot.assistant.answering import Assistant
from bot.channels.aibot import AiBot, errcodes, lease
from bot.channels.aibot.connection import (
    Connection,
    LineError,
    Lost,
    Patience,
    Refused,
    Replaced,
)
from bot.channels.aibot.frames import Frame
from bot.channels.aibot.hear import CHANNEL
from bot.delivery.deliver import Delivery
from bot.errors import StorageError
from server.line.pace import Rhythm, Waits
from server.line.talk import Talk

log = structlog.get_logger(__name__)

T = TypeVar("T")
TAKEN = "别处有人用同一个机器人建了连接；先停掉那一处"


class Keeper:
    """Runs in a thread with a loop of its own, until told to stop."""

    def __init__(
        self,
        assistant: Assistant,
        channel: AiBot,
        *,
        rhythm: Rhythm | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._assistant, self._channel = assistant, channel
        self._rhythm, self._patience = rhythm or Rhythm(), patience or Patience()
        self._owner = uuid4().hex
        self._state = lease.State()
        self._line: Connection | None = None
        self._waits = {
            Lost: Waits(self._rhythm.lost),
            Refused: Waits(self._rhythm.misconfigured),
            Replaced: Waits(self._rhythm.replaced),
        }
        self._wake, self._over = Event(), Event()
        self._threads: list[Thread] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._ready = Event()

    def start(self) -> None:
        for name, work in (("line", self._run), ("line-letters", self._deliver)):
            thread = Thread(target=work, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)
        self._ready.wait()

    def stop(self) -> None:
        """Say what is in hand, close the line and let another have it."""
        if self._over.is_set():
            return
        self._over.set()
        self._wake.set()
        if self._loop and self._stopping:
            self._loop.call_soon_threadsafe(self._stopping.set)
        for thread in self._threads:
            thread.join()

    @property
    def is_up(self) -> bool:
        return self._line is not None

    def _run(self) -> None:
        asyncio.run(self._keep())

    async def _keep(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._talk = Talk(
            self._assistant, self._channel, self._ask, answered=self._wake.set
        )
        self._ready.set()
        try:
            while not self._stopping.is_set():
                if await self._take_lease():
                    await self._hold()
        finally:
            self._talk.end()
            self._channel.hold(None)

    async def _take_lease(self) -> bool:
        """Watch until the line is free or its holder is dead; then take it."""
        seen, since = None, monotonic()
        while not self._is_over():
            try:
                found = await self._db(lambda each: lease.look(each, self._now()))
                if found != seen:
                    seen, since = found, monotonic()
                free = not found.owner or found.owner == self._owner
                if free or monotonic() - since >= self._rhythm.dead_after:
                    if await self._db(self._taking(found)):
                        log.info("line_taken")
                        return True
                    seen = None
            except StorageError as error:
                log.error("line_not_taken", why=str(error))
            await self._nap(self._rhythm.look)
        return False

    def _taking(self, seen: lease.Seen) -> Callable[[Session], bool]:
        return lambda session: lease.take(session, seen, self._owner, self._now())

    async def _hold(self) -> None:
        """Keep the line open for as long as it is ours."""
        assert self._stopping
        self._channel.is_here = True
        work: list[Task[Any]] = [
            create_task(self._count_up()),
            create_task(self._stay_open()),
            create_task(self._stopping.wait()),
        ]
        try:
            await asyncio.wait(work, return_when=FIRST_COMPLETED)
            if self._is_over():
                await self._talk.finish(self._rhythm.finish)
        finally:
            for each in work:
                each.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            self._channel.is_here = False
            await self._close()
            try:
                await self._db(
                    lambda each: lease.let_go(each, self._owner, self._now())
                )
            except StorageError as error:
                log.warning("line_not_let_go", why=str(error))

    async def _count_up(self) -> None:
        """Say again and again that we live; end when another has the line, or may."""
        sure = monotonic()
        while True:
            await asyncio.sleep(self._rhythm.beat)
            if self._line:
                self._note_heard(self._line)
            try:
                if not await self._db(self._counting):
                    log.warning("line_lost_to_another")
                    return
                sure = monotonic()
            except StorageError as error:
                log.error("line_not_counted", why=str(error))
                if monotonic() - sure > self._rhythm.dead_after - self._rhythm.beat:
                    return

    def _counting(self, session: Session) -> bool:
        return lease.count_up(session, self._owner, self._state, self._now())

    def _note_heard(self, line: Connection) -> None:
        """Say at which time of the day something last came."""
        at = self._now() - timedelta(seconds=monotonic() - line.heard_at)
        if line.has_heard:
            self._state = replace(self._state, heard_at=at)
        self._state = replace(self._state, proven_at=at)

    async def _stay_open(self) -> None:
        """Open the line again whenever it ends, later and later while it fails."""
        while True:
            opened = 0.0
            try:
                line = await self._open()
                opened = monotonic()
                await self._serve(line)
            except LineError as error:
                stayed = monotonic() - opened if opened else 0.0
                wait = self._wait_after(error, stayed)
                await self._close()
                log.warning("line_down", why=self._state.fault, again_in=round(wait, 1))
                await asyncio.sleep(wait)

    def _wait_after(self, error: LineError, stayed: float) -> float:
        kind = type(error)
        self._state = replace(self._state, up_since=None, fault=_say(error))
        return self._waits.get(kind, self._waits[Lost]).next(stayed)

    async def _open(self) -> Connection:
        settings = self._channel.settings
        assert settings.secret
        who = {
            "bot_id": settings.bot_id,
            "secret": settings.secret.get_secret_value(),
        }
        return await Connection.open(
            settings.url, who, lambda _, frame: self._talk.hear(frame), self._patience
        )

    async def _serve(self, line: Connection) -> None:
        """Talk over a line, and over the next where it was silent; raises LineError."""
        while True:
            self._begin(line)
            staying = create_task(line.stay())
            try:
                await self._until_silent(line, staying)
                line.begin_retiring()
                fresh = await self._open()
            except BaseException:
                staying.cancel()
                await asyncio.gather(staying, return_exceptions=True)
                raise
            create_task(_retire(line, staying))  # noqa: RUF006  # it closes itself
            line = fresh

    def _begin(self, line: Connection) -> None:
        self._line = line
        self._state = replace(
            self._state, up_since=self._now(), proven_at=self._now(), fault=""
        )
        self._channel.hold(self._speak)
        self._talk.open()
        self._wake.set()
        log.info("line_up")

    async def _until_silent(self, line: Connection, staying: Task[None]) -> None:
        """Return when nothing came for long; raise what ended the line."""
        while True:
            left = line.heard_at + self._rhythm.renew - monotonic()
            done, _ = await asyncio.wait((staying,), timeout=max(left, 0.05))
            if done:
                staying.result()
            silent = monotonic() - line.heard_at >= self._rhythm.renew
            if silent and line.is_idle and self._talk.is_idle:
                return

    async def _close(self) -> None:
        self._channel.hold(None)
        self._talk.shut()
        line, self._line = self._line, None
        if line:
            await line.close()

    async def _ask(self, cmd: str, body: Mapping[str, Any], req_id: str) -> Frame:
        if self._line is None:
            raise Lost("no line")
        return await self._line.ask(cmd, body, req_id)

    def _speak(self, cmd: str, body: Mapping[str, Any], req_id: str) -> Frame:
        """Say something from another thread."""
        assert self._loop
        told = asyncio.run_coroutine_threadsafe(
            self._ask(cmd, body, req_id), self._loop
        )
        try:
            return told.result(self._patience.ack + 5)
        except TimeoutError:
            told.cancel()
            raise LineError("not acknowledged", sent=True) from None

    def _deliver(self) -> None:
        """Send what goes out over the line, while it is open."""
        kept = self._assistant
        delivery = Delivery(
            kept.storage,
            kept.clock,
            kept.senders,
            quiet=kept.config.quiet,
            only=(CHANNEL,),
        )
        while not self._over.is_set():
            self._wake.wait(self._rhythm.sweep)
            self._wake.clear()
            try:
                while (
                    self.is_up and not self._over.is_set() and delivery.deliver_next()
                ):
                    pass
            except Exception:  # the letters' last door: it must never end
                log.exception("bug", number=uuid4().hex[:6], part="line")

    def _is_over(self) -> bool:
        return self._over.is_set()

    async def _nap(self, seconds: float) -> None:
        assert self._stopping
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass

    async def _db(self, work: Callable[[Session], T]) -> T:
        def write() -> T:
            with self._assistant.storage.write() as session:
                return work(session)

        return await asyncio.to_thread(write)

    def _now(self) -> datetime:
        return self._assistant.clock.now()


async def _retire(line: Connection, staying: Task[None]) -> None:
    await line.retire()
    staying.cancel()
    await asyncio.gather(staying, return_exceptions=True)


def _say(error: LineError) -> str:
    if isinstance(error, Replaced):
        return TAKEN
    if isinstance(error, Refused):
        return errcodes.MISCONFIGURED.get(error.code, f"平台不接受（{error}）")
    return f"连接断了（{error}）"
