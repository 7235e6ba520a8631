"""Where messages are answered: all that came meanwhile in one commit.

On SQLite that is done in the loop itself: handing messages to a thread and back costs
as much as answering them. PostgreSQL is awaited in a thread, one, and what comes
meanwhile is the next batch. What takes longer, a card to be drawn, a model that
rephrases, or there whatever has questions of its own, is left to threads, so that
nobody else waits for it.

A commit costs the same for one and for many, so a batch waits, a moment at most, until
as many have come as the last time; whoever comes alone waits for nobody. Of one member
only the first message is in a batch: what is said to the next depends on it.
"""

from asyncio import AbstractEventLoop, Future, Handle
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TypeAlias

from bot.assistant.answering import Assistant, Early
from bot.assistant.outcome import Outcome
from bot.message import Message
from bot.storage.dialects import hurried

Note: TypeAlias = Callable[[Sequence[tuple[Message, Outcome]]], None]

MOST = 64
PAINTERS, FEW, MANY = 2, 8, 16
GATHERING = 0.003
PATIENCE = 4.0  # seconds: WeCom waits for five (path/90238)


@dataclass(frozen=True)
class _Waiting:
    """A message, who waits for its answer, and until when that is of use.

    early: as in `Assistant.answer`.
    """

    message: Message
    told: Future[Outcome]
    until: float
    early: Early | None = None

    def tell(self, heard: Outcome | BaseException) -> None:
        """Tell the answer, or that there is none, to who has not hung up."""
        if self.told.done():
            return
        if isinstance(heard, BaseException):
            self.told.set_exception(heard)
        else:
            self.told.set_result(heard)


class Desk:
    """Answers the messages of one loop.

    gathering: seconds that the first of a batch waits for the others. note: hears of
    what was answered, once a batch.
    """

    def __init__(
        self,
        assistant: Assistant,
        loop: AbstractEventLoop,
        gathering: float = GATHERING,
        note: Note = lambda answers: None,
    ) -> None:
        self._assistant, self._loop = assistant, loop
        self._gathering, self._note = gathering, note
        self._waiting: list[_Waiting] = []
        self._expected = 1
        self._begins: Handle | None = None
        self._is_busy = False
        in_loop = assistant.storage.is_sqlite and not assistant.rephrasing
        self._thread = None if in_loop else ThreadPoolExecutor(1, "desk")
        slow = PAINTERS if in_loop else MANY if assistant.rephrasing else FEW
        self._slow = ThreadPoolExecutor(slow, "slow")  # none begins unasked

    def answer(
        self, message: Message, early: Early | None = None
    ) -> Awaitable[Outcome]:
        """Have a message answered; call it in the loop.

        early: as in `Assistant.answer`; called in a thread.
        """
        told: Future[Outcome] = self._loop.create_future()
        self._waiting.append(_Waiting(message, told, monotonic() + PATIENCE, early))
        if not self._is_busy and len(self._waiting) <= self._expected:
            self._await_others()
        return told

    def _await_others(self) -> None:
        """Begin as soon as what has come in by now is read, or wait for a moment."""
        if len(self._waiting) >= self._expected:
            if self._begins:
                self._begins.cancel()
            self._begins = self._loop.call_soon(self._answer_all)
        elif not self._begins:
            self._begins = self._loop.call_later(self._gathering, self._answer_all)

    def _answer_all(self) -> None:
        self._begins = None
        taken = self._take()
        if self._thread is None:
            self._tell(taken, self._answer(taken))
            self._go_on()
            return
        self._is_busy = True
        done = self._loop.run_in_executor(self._thread, self._answer, taken)
        done.add_done_callback(lambda told: self._tell_later(taken, told))

    def _take(self) -> Sequence[_Waiting]:
        """Take the next batch, of each member one message."""
        taken: dict[tuple[str, str], _Waiting] = {}
        left = []
        for each in self._waiting:
            who = each.message.channel, each.message.sender
            if len(taken) < MOST and who not in taken:
                taken[who] = each
            else:
                left.append(each)
        self._waiting, self._expected = left, len(taken)
        return list(taken.values())

    def _go_on(self) -> None:
        """Take up what waits: who came too late for a batch waits no moment more."""
        if self._waiting and not self._begins:
            self._begins = self._loop.call_soon(self._answer_all)

    def _answer(
        self, taken: Sequence[_Waiting]
    ) -> Sequence[Outcome | BaseException | None]:
        try:
            with hurried(taken[0].until):
                every = self._assistant.answer_soon([each.message for each in taken])
        except Exception as error:  # noqa: BLE001  # nobody may wait for ever
            return [error] * len(taken)
        return every

    def _tell_later(
        self,
        taken: Sequence[_Waiting],
        told: "Future[Sequence[Outcome | BaseException | None]]",
    ) -> None:
        self._is_busy = False
        if not told.cancelled():
            self._tell(taken, told.result())
        self._go_on()

    def _tell(
        self,
        taken: Sequence[_Waiting],
        every: Sequence[Outcome | BaseException | None],
    ) -> None:
        answered = []
        for each, heard in zip(taken, every, strict=True):
            if heard is None:
                self._answer_slowly(each)
            else:
                each.tell(heard)
                if isinstance(heard, Outcome):
                    answered.append((each.message, heard))
        if answered:
            self._note(answered)

    def _answer_slowly(self, waiting: _Waiting) -> None:
        done = self._loop.run_in_executor(self._slow, self._answer_until, waiting)
        done.add_done_callback(partial(self._tell_one, waiting))

    def _tell_one(self, waiting: _Waiting, done: Future[Outcome]) -> None:
        if not done.cancelled():
            self._tell([waiting], [done.exception() or done.result()])

    def _answer_until(self, waiting: _Waiting) -> Outcome:
        """Answer in time, or say that it could not be: its turn may come too late."""
        with hurried(waiting.until):
            return self._assistant.answer(waiting.message, early=waiting.early)
