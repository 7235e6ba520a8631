"""What was looked up for a message, in the place of the database.

A session without one: it answers the questions that were asked beforehand, and keeps
the rows that are to be written. Whatever else is asked of it raises Unseen, and then
the message is answered in a session of its own.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NoReturn, TypeAlias

from sqlalchemy.orm import Session

Values: TypeAlias = Mapping[str, Any]
Row: TypeAlias = Sequence[Any] | None


class Unseen(Exception):  # not an error: somebody with a database is to do it
    """Something is asked of the database that was not looked up."""


class Sight(Session):
    """kind: of the database that was looked at. rows: each with its statement."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.rows: list[tuple[Any, Values]] = []
        self._seen: dict[tuple[Hashable, frozenset[tuple[str, Any]]], Row] = {}

    def tell(self, question: Hashable, row: Row, **values: Any) -> None:
        """Note what a question with these values is answered with."""
        self._seen[question, frozenset(values.items())] = row

    def recall(self, question: Hashable, values: Values) -> Row:
        """Return what was told. Raises Unseen for what was not."""
        self.flush()  # what waits to be written could change the answer
        try:
            return self._seen[question, frozenset(values.items())]
        except KeyError:
            raise Unseen from None

    def keep(self, statement: Any, values: Values) -> None:
        """Keep a row to be written; from then on nothing that was seen holds."""
        self.flush()
        self._seen.clear()
        self.rows.append((statement, values))

    def get_bind(self, *_: Any, **__: Any) -> NoReturn:
        """Say that there is no database, to whatever would use one."""
        raise Unseen
