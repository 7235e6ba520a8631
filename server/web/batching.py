"""Where messages are answered: all that came meanwhile in one commit.

On SQLite, where one writes at a time, that is done in the loop itself: handing a
message to a thread and back costs as much as answering it. What takes longer, a card to
be drawn, is left to a thread, so that nobody else waits for it. PostgreSQL has many
writers: there threads answer, few of them, for each that waits takes Python's lock from
the others when it goes on. A model that rephrases is waited for, for seconds.

A commit costs the same for one and for many, so a batch waits, a moment at most, until
as many have come as the last time; whoever comes alone waits for nobody.
"""

from asyncio import AbstractEventLoop, Future, Handle
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from bot.assistant.answering import Assistant, Early
from bot.assistant.outcome import Outcome
from bot.message import Message
from bot.storage.dialects import hurried

MOST = 64
PAINTERS = 2
FEW, MANY = 8, 16
GATHERING = 0.003
PATIENCE = 4.0  # seconds: WeCom waits for five (path/90238)


class Desk:
    """Answers the messages of one loop.

    gathering: seconds that the first of a batch waits for the others.
    """

    def __init__(
        self,
        assistant: Assistant,
        loop: AbstractEventLoop,
        gathering: float = GATHERING,
    ) -> None:
        self._assistant, self._loop = assistant, loop
        self._gathering = gathering
        self._waiting: list[tuple[Message, Future[Outcome]]] = []
        self._expected = 1
        self._begins: Handle | None = None
        self._threads: ThreadPoolExecutor | None = None
        self._slow = ThreadPoolExecutor(PAINTERS, "slow")  # none begins unasked
        if assistant.rephrasing:
            self._threads = ThreadPoolExecutor(MANY, "desk")
        elif not assistant.storage.is_sqlite:
            self._threads = ThreadPoolExecutor(FEW, "desk")

    def answer(
        self, message: Message, early: Early | None = None
    ) -> Awaitable[Outcome]:
        """Have a message answered; call it in the loop.

        early: as in `Assistant.answer`; called in a thread.
        """
        if self._threads:
            run, until = self._loop.run_in_executor, monotonic() + PATIENCE
            return run(self._threads, self._answer_until, until, message, early)
        told: Future[Outcome] = self._loop.create_future()
        self._waiting.append((message, told))
        if len(self._waiting) == 1 < self._expected:
            self._begins = self._loop.call_later(self._gathering, self._answer_all)
        elif len(self._waiting) == self._expected:
            self._begin()
        return told

    def _begin(self) -> None:
        """Answer what waits as soon as what has come in by now is read."""
        if self._begins:
            self._begins.cancel()
        self._begins = self._loop.call_soon(self._answer_all)

    def _answer_until(
        self, until: float, message: Message, early: Early | None
    ) -> Outcome:
        """Answer in time, or say that it could not be: its turn may come too late."""
        with hurried(until):
            return self._assistant.answer(message, early=early)

    def _answer_all(self) -> None:
        taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        self._expected = len(taken)
        if self._waiting:
            self._begin()
        asked = [told for _, told in taken]
        try:
            every = self._assistant.answer_soon([message for message, _ in taken])
        except Exception as error:  # noqa: BLE001  # nobody may wait for ever
            for told in asked:
                if not told.done():
                    told.set_exception(error)
            return
        for (message, told), heard in zip(taken, every, strict=True):
            if heard is None:
                self._answer_slowly(message, told)
            elif not told.done():  # who asked has not hung up
                told.set_result(heard)

    def _answer_slowly(self, message: Message, told: Future[Outcome]) -> None:
        run = self._loop.run_in_executor(self._slow, self._assistant.answer, message)

        def tell(done: Future[Outcome]) -> None:
            if told.done() or done.cancelled():
                return
            if error := done.exception():
                told.set_exception(error)
            else:
                told.set_result(done.result())

        run.add_done_callback(tell)
