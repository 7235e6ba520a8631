"""What is said over the line: each message noted, answered in its turn, and told once.

One person's messages are answered one after the other, all persons' side by side.
"""

from asyncio import Event, Queue, Task, create_task, get_running_loop, timeout
from asyncio import sleep as pause
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from time import perf_counter
from typing import Any, TypeVar

import structlog
from sqlalchemy.orm import Session

from bot.assistant.answering import Assistant
from bot.assistant.outcome import Outcome
from bot.channels.aibot import AiBot, frames, replies
from bot.channels.aibot.connection import LineError
from bot.channels.aibot.frames import Frame
from bot.channels.aibot.hear import CHANNEL, list_pictures
from bot.channels.aibot.replies import Left
from bot.errors import BadCallback, StorageError
from bot.inbox import answered
from bot.inbox.sealed_replies import MARK
from bot.message import Message, Reply
from server.line.telling import Ask, Saying, Teller
from server.web.batching import Desk
from server.web.webhooks import ANSWERED, TOOK

log = structlog.get_logger(__name__)

T = TypeVar("T")

AT_ONCE = 64
WELCOMED = ("subscribe", "enter_chat")
REDELIVERED_WITHIN = 5.0
TOLD_TOGETHER = 0.05
LOST = "刚才助手重启了一下，那条的回答没有送到，请再问一次。"
UNHEARD = "刚才助手重启了一下，那条没有记下，请再发一次。"


class Talk:
    """Answers what comes over the lines that are opened one after the other.

    ask: says something over the line that is open now, and waits. answered: called
    when there may be letters to send.
    """

    def __init__(
        self,
        assistant: Assistant,
        channel: AiBot,
        ask: Ask,
        answered: Callable[[], None],
    ) -> None:
        self._assistant, self._channel, self._ask = assistant, channel, ask
        self._answered = answered
        self._loop = get_running_loop()
        self._desk = Desk(assistant, self._loop)
        self._incoming: Queue[Message] = Queue()
        self._chains: dict[str, deque[Message]] = {}
        self._tasks: set[Task[None]] = set()
        self._at_work: set[str] = set()
        self._told: list[str] = []
        self._opened = self._is_looking = False
        self._up = Event()
        self._teller = Teller(ask, self._up)
        self._worker = create_task(self._take_in())

    @property
    def is_idle(self) -> bool:
        return not self._at_work and self._incoming.empty()

    def hear(self, frame: Frame) -> None:
        """Take a message or event that came in."""
        try:
            message = self._channel.read(frame.body, frame.req_id)
        except BadCallback as error:
            log.warning("frame_not_for_us", why=str(error))
            return
        self._incoming.put_nowait(message)

    def open(self) -> None:
        """Say that a line is open: what waits for one is said."""
        self._up.set()
        self._opened = True
        if not self._is_looking:  # a thousand lines in a row are looked after by one
            self._spawn(self._look_for_left())

    def shut(self) -> None:
        self._up.clear()

    async def finish(self, within: float) -> None:
        """Say what is in hand, and write down what was said."""
        try:
            async with timeout(within):
                while not self.is_idle:
                    await pause(0.01)
        except TimeoutError:
            log.warning("answers_not_told", number=len(self._at_work))
        await self._flush()

    def end(self) -> None:
        self._worker.cancel()
        for each in tuple(self._tasks):
            each.cancel()

    async def _take_in(self) -> None:
        """Note what comes, as much at once as has come, and give it to its turn."""
        while True:
            taken = [await self._incoming.get()]
            while not self._incoming.empty() and len(taken) < AT_ONCE:
                taken.append(self._incoming.get_nowait())
            for message in await self._note(taken):
                self._queue(message)

    async def _note(self, messages: Sequence[Message]) -> Sequence[Message]:
        """Return what is to be answered: not what was, and was heard."""
        now = self._assistant.clock.now()

        def note(session: Session) -> list[Message]:
            return [
                self._channel.note(session, each)
                for each in messages
                if replies.begin(session, each, now)
            ]

        try:
            return await self._write(note)
        except StorageError as error:
            log.error("messages_not_noted", why=str(error))
            return messages  # each is told so itself

    def _queue(self, message: Message) -> None:
        mark = replies.mark_of(message)
        if mark in self._at_work:  # it came twice before it was answered
            return
        self._at_work.add(mark)
        if chain := self._chains.get(message.sender):
            chain.append(message)
            return
        self._chains[message.sender] = deque([message])
        self._spawn(self._converse(message.sender))

    async def _converse(self, sender: str) -> None:
        """Answer one person's messages in the order in which they came."""
        chain = self._chains[sender]
        while chain:
            try:
                await self._answer(chain[0])
            except Exception:  # the line's last door: the next must be answered still
                log.exception("bug", message=chain[0].id)
                self._at_work.discard(replies.mark_of(chain[0]))
            chain.popleft()
        del self._chains[sender]

    async def _answer(self, message: Message) -> None:
        def begin(heard: Outcome) -> None:
            self._loop.call_soon_threadsafe(self._begin, message, heard)

        began = perf_counter()
        heard = await self._desk.answer(message, begin)
        told = [heard.reply]
        for picture in list_pictures(message):
            told.append((await self._desk.answer(picture)).reply)
        self._answered()
        TOOK.observe(perf_counter() - began)
        ANSWERED.labels(CHANNEL).inc()
        log.info("answered", message=message.id, channel=CHANNEL, intent=heard.intent)
        words = [each.text for each in told if each and each.text]
        is_event = message.kind == "event"
        if not words or (is_event and message.event not in WELCOMED):
            self._note_told(replies.mark_of(message))
            return
        body = self._channel.answer(message, Reply("\n\n".join(words)))
        cmd = frames.WELCOME if is_event else frames.ANSWER
        await self._tell(Saying(message, cmd, body))

    def _begin(self, message: Message, heard: Outcome) -> None:
        """Show a passage before it is put in better words, which then replace it."""
        if heard.reply and message.kind != "event":
            body = self._channel.answer(message, heard.reply, finish=False)
            self._spawn(self._show(Saying(message, frames.ANSWER, body)))

    async def _show(self, saying: Saying) -> None:
        try:
            await self._ask(saying.cmd, saying.body, saying.req_id)
        except LineError as error:
            message = saying.message.id
            log.info("passage_not_shown", message=message, why=str(error))

    async def _tell(self, saying: Saying) -> None:
        mark = replies.mark_of(saying.message)
        if await self._teller.tell(saying):
            self._note_told(mark)
        else:
            self._at_work.discard(mark)

    async def _look_for_left(self) -> None:
        """Say what was left, and look again if a line was opened meanwhile."""
        self._is_looking = True
        try:
            while self._opened:
                self._opened = False
                await self._say_left()
        finally:
            self._is_looking = False

    async def _say_left(self) -> None:
        """Say what a process that is no more has left unsaid.

        What the platform may deliver again, and only then can be answered, is waited
        for a while; then its sender is asked to say it again.
        """
        for late in (False, True):
            now = self._assistant.clock.now()
            for each in await self._read(lambda one: replies.find_left(one, now)):  # noqa: B023  # read at once
                if each.mark not in self._at_work:
                    await self._say_one(each, late=late)
            if not late:
                await pause(REDELIVERED_WITHIN)

    async def _say_one(self, left: Left, *, late: bool) -> None:
        message = Message(
            CHANNEL,
            left.sender,
            left.message_id,
            fields={"req_id": left.req_id},
            group=left.chat,
        )
        known, text = await self._read(lambda each: answered.find_reply(each, message))
        if known and text is None:
            self._note_told(left.mark)
            return
        is_sealed = text is not None and text.startswith(MARK)
        if (is_sealed or not known) and not late:
            return
        told = UNHEARD if text is None else LOST if is_sealed else text
        self._at_work.add(left.mark)
        body = self._channel.answer(message, Reply(told))
        await self._tell(Saying(message, frames.ANSWER, body, unsure=known))

    def _note_told(self, mark: str) -> None:
        """Have it written down soon, with what else was told."""
        self._at_work.add(mark)
        self._told.append(mark)
        if len(self._told) == 1:
            self._spawn(self._flush_soon())

    async def _flush_soon(self) -> None:
        await pause(TOLD_TOGETHER)
        await self._flush()

    async def _flush(self) -> None:
        """Write down what was told; until then it counts as at work."""
        told, self._told = self._told, []
        now = self._assistant.clock.now()
        try:
            await self._write(lambda session: replies.note_told(session, told, now))
        except StorageError as error:
            log.error("told_not_noted", number=len(told), why=str(error))
        self._at_work.difference_update(told)

    async def _write(self, work: Callable[[Session], T]) -> T:
        def write() -> T:
            with self._assistant.storage.write() as session:
                return work(session)

        return await self._do(write)

    async def _read(self, work: Callable[[Session], T]) -> T:
        def read() -> T:
            with self._assistant.storage.read() as session:
                return work(session)

        return await self._do(read)

    async def _do(self, work: Callable[[], T]) -> T:
        """Do it here on SQLite, where one writes at a time; else in a thread."""
        if self._assistant.storage.is_sqlite:
            return work()
        return await self._loop.run_in_executor(None, work)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
