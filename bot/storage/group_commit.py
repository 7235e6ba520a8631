"""Several courses of work side by side: what they do next is done in one commit.

A course is a generator: it yields a unit of work, is given what came of it or has that
raised, and returns what it was for. Alone or among others it is the same code.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")
Work: TypeAlias = Callable[[Session], Any]
Steps: TypeAlias = Generator[Work, Any, T]


@dataclass(frozen=True)
class Done:
    """What came of one of several units of work: its result, or what it raised."""

    result: Any = None
    error: Exception | None = None

    @classmethod
    def of(
        cls,
        work: Work,
        opening: Callable[[], AbstractContextManager[Session]],
    ) -> "Done":
        try:
            with opening() as session:
                return cls(work(session))
        except Exception as error:  # noqa: BLE001  # carried, not swallowed
            return cls(error=error)

    def outcome(self) -> Any:
        """Return the result, or raise what the work raised."""
        if self.error is not None:
            raise self.error
        return self.result


def do_together(
    courses: Sequence[Steps[T]], share: Callable[[Sequence[Work]], Sequence[Done]]
) -> Sequence[T]:
    """Go on with all until each is over; return what they were for, in their order."""
    over: dict[int, T] = {}
    dues: Mapping[int, Done] = dict.fromkeys(range(len(courses)), Done())
    while dues:
        works = {}
        for place, done in dues.items():
            try:
                works[place] = _go_on(courses[place], done)
            except StopIteration as end:
                over[place] = end.value
        dues = (
            dict(zip(works, share(list(works.values())), strict=True)) if works else {}
        )
    return [over[place] for place in range(len(courses))]


def _go_on(course: Steps[T], done: Done) -> Work:
    """Tell a course what came of its last work; return its next."""
    if done.error is not None:
        return course.throw(done.error)
    return course.send(done.result)
