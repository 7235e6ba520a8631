"""Work of several threads done in one go: who comes while one is at it joins the next.

The first to come leads: does its own work and all that waits, and hands the lead on.
Nobody waits for company, so that a thread alone is as fast as without this.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from threading import Lock
from typing import Any, Generic, TypeVar

Desk = TypeVar("Desk")
MOST = 64


class Turn(Generic[Desk]):
    """One thread's work at a desk: what came of it, or what it raised."""

    __slots__ = ("_called", "error", "leads", "result", "taken", "work")

    def __init__(self, work: Callable[[Desk], Any]) -> None:
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self.taken = self.leads = False
        self._called = Lock()
        self._called.acquire()

    def do(self, opening: Callable[[], AbstractContextManager[Desk]]) -> None:
        """Do the work at a desk; what it raises is for the thread that waits."""
        self.result = self.error = None
        try:
            with opening() as desk:
                self.result = self.work(desk)
        except BaseException as error:  # noqa: BLE001  # carried, not swallowed
            self.error = error

    def outcome(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.result

    def call(self) -> None:
        self._called.release()

    def wait(self, seconds: float = -1) -> bool:
        return self._called.acquire(timeout=seconds)


class Together(Generic[Desk]):
    """Lets one thread at a time do the work of all that wait.

    do_all: does every turn's work; each then holds its outcome.
    """

    def __init__(self, do_all: Callable[[Sequence[Turn[Desk]]], None]) -> None:
        self._do_all = do_all
        self._gate = Lock()
        self._waiting: deque[Turn[Desk]] = deque()
        self._busy = False

    def run(self, work: Callable[[Desk], Any], patience: float) -> Any:
        """Have work done; return what came of it, or raise what it raised.

        Raises TimeoutError if nobody took it up within so many seconds.
        """
        turn = Turn(work)
        with self._gate:
            self._waiting.append(turn)
            turn.leads = not self._busy
            self._busy = True
        if not turn.leads and not turn.wait(patience):
            self._leave(turn)
            turn.wait()
        if turn.leads:
            self._lead(turn)
        return turn.outcome()

    def _leave(self, turn: Turn[Desk]) -> None:
        """Give up waiting, unless the turn has come just now."""
        with self._gate:
            if not turn.taken and not turn.leads:
                self._waiting.remove(turn)
                raise TimeoutError("nobody took the work up")

    def _lead(self, leader: Turn[Desk]) -> None:
        with self._gate:
            size = min(MOST, len(self._waiting))
            turns = [self._waiting.popleft() for _ in range(size)]
            for turn in turns:
                turn.taken = True
        try:
            self._do_all(turns)
        except BaseException as error:  # noqa: BLE001  # nobody may wait for ever
            for turn in turns:
                turn.error = error
        with self._gate:
            following = self._waiting[0] if self._waiting else None
            self._busy = following is not None
            if following:
                following.leads = True
        for turn in turns:
            if turn is not leader:
                turn.call()
        if following:
            following.call()
