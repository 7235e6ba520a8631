"""What takes long to make is made before the transaction that needs it.

A rule asks for it by name. The first time, `NotDrawn` undoes all that the rule began;
the thing is made while nobody waits for the lock, and the rule runs again with it.
"""

from collections.abc import Callable
from typing import TypeAlias

Picture: TypeAlias = bytes | None
Draw: TypeAlias = Callable[[], Picture]


class NotDrawn(Exception):  # not an error: rolls the transaction back, and says why
    """Something is asked for by a rule that has yet to be made.

    make: looks at no session, and gives the same every time.
    """

    def __init__(self, name: str, make: Draw) -> None:
        super().__init__(name)
        self.name = name
        self.make = make


class Drawn:
    """What was made for one message so far."""

    def __init__(self) -> None:
        self._pictures: dict[str, Picture] = {}

    def get(self, name: str, make: Draw) -> Picture:
        """Return what `make` gave. Raises NotDrawn the first time it is asked for."""
        if name not in self._pictures:
            raise NotDrawn(name, make)
        return self._pictures[name]

    def add(self, wanted: NotDrawn) -> None:
        self._pictures[wanted.name] = wanted.make()
