"""How far long work is: told by who does it, heard by who shows it or has it stopped.

    for entry in progress.each("核对名册", roster.entries):
        ...
    progress.settle()

Who does it does not know who listens: a line at a terminal, a page, or nobody.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Step:
    """What is being done, in Chinese, and how much of how much of it is done.

    is_inner: it is part of one that is not over, and is not worth showing beside it.
    """

    what: str
    done: int
    whole: int
    is_inner: bool = False

    @property
    def is_over(self) -> bool:
        return self.done >= self.whole

    @property
    def percent(self) -> int:
        return 100 if self.is_over else 100 * self.done // self.whole


class Listener(Protocol):
    """Who hears how far it is; either may raise what ends the work."""

    def hear(self, step: Step) -> None:
        """Hear of a step: at its beginning, often meanwhile, and when it is over."""

    def settle(self) -> None:
        """Hear that from now on the work is written down, and is not stopped."""


@dataclass
class _Hearing:
    """Somebody listening, and the step that is under way."""

    listener: Listener
    under_way: str | None = None

    def hear(self, what: str, done: int, whole: int) -> None:
        is_inner = self.under_way not in (None, what)
        step = Step(what, min(done, whole), whole, is_inner)
        if not is_inner:
            self.under_way = None if step.is_over else what
        self.listener.hear(step)


_HEARING: ContextVar[_Hearing | None] = ContextVar("hearing", default=None)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Have somebody listen to whatever this thread does."""
    before = _HEARING.set(_Hearing(listener))
    try:
        yield
    finally:
        _HEARING.reset(before)


def tell(what: str, done: int, whole: int) -> None:
    """Tell how much of a step is done: 0 when it begins, the whole when it is over."""
    if hearing := _HEARING.get():
        hearing.hear(what, done, whole)


def each(what: str, things: Collection[T]) -> Iterator[T]:
    """Go through things, and tell how far that is."""
    whole = len(things)
    for done, thing in enumerate(things):
        tell(what, done, whole)
        yield thing
    tell(what, whole, whole)


def settle() -> None:
    """Tell that all is worked out, and what follows is the short last act of it."""
    if hearing := _HEARING.get():
        hearing.listener.settle()
