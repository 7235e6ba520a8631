"""An answer on its way: said until it is acknowledged, over as many lines as it takes.

The rule for what waits while there is no line: an answer is said within ten minutes, a
welcome within five seconds, and then not any more. It goes to the
request that it answers, where the bubble of its name is the same however often it is
said; where that request is over, it goes as a message of its own, but only if it cannot
have been heard.
"""

from asyncio import Event, timeout
from asyncio import sleep as pause
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.channels.aibot import errcodes, frames, replies
from bot.channels.aibot.connection import LineError, Refused
from bot.channels.aibot.frames import Frame
from bot.channels.aibot.write import write_markdown
from bot.message import Message

log = structlog.get_logger(__name__)

Ask = Callable[[str, Mapping[str, Any], str], Awaitable[Frame]]
WELCOME_WITHIN, ANSWER_WITHIN = 4.5, replies.GOOD_FOR.total_seconds()
AGAIN_AFTER = 1.0


@dataclass
class Saying:
    """unsure: it may have been heard already."""

    message: Message
    cmd: str
    body: Mapping[str, Any]
    unsure: bool = False

    @property
    def req_id(self) -> str:
        return "" if self.cmd == frames.SEND else self.message.fields.get("req_id", "")

    @property
    def within(self) -> float:
        return WELCOME_WITHIN if self.cmd == frames.WELCOME else ANSWER_WITHIN

    def go_alone(self) -> None:
        """Become a message of its own: the request is over."""
        told = self.body.get("stream") or self.body.get("text") or {}
        chat = self.message.group or self.message.sender
        self.body = {"chatid": chat, **write_markdown(told.get("content", ""))}
        self.cmd = frames.SEND


class Teller:
    """ask: says something over the line that is open. up: set while there is one."""

    def __init__(self, ask: Ask, up: Event) -> None:
        self._ask, self._up = ask, up

    async def tell(self, saying: Saying) -> bool:
        """Say it; False if nobody knows whether it was heard, and it is to be left."""
        message = saying.message.id
        try:
            async with timeout(saying.within):
                while (over := await self._try(saying)) is None:
                    await self._up.wait()
        except TimeoutError:
            log.warning("answer_dropped", message=message, why="no line in time")
            return True
        return over

    async def _try(self, saying: Saying) -> bool | None:
        """Say it once; None: again."""
        await self._up.wait()
        try:
            await self._ask(saying.cmd, saying.body, saying.req_id)
        except Refused as refused:
            return await self._take_refusal(saying, refused)
        except LineError as error:
            if error.sent and saying.cmd == frames.SEND:
                return False  # a second would perhaps be one too many
            saying.unsure = saying.unsure or error.sent
            await pause(0)
            return None
        return True

    async def _take_refusal(self, saying: Saying, refused: Refused) -> bool | None:
        if refused.code in errcodes.BUSY:
            await pause(AGAIN_AFTER)
            return None
        if refused.code in errcodes.GONE and not saying.unsure:
            saying.go_alone()
            return None
        if refused.code != errcodes.ANSWERED:
            why = str(refused)
            log.warning("answer_refused", message=saying.message.id, why=why)
        return True
