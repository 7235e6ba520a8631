"""Several units of work in one commit, and what came of each."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

Work: TypeAlias = Callable[[Session], Any]


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
