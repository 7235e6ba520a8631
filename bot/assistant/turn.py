"""One message on its way to an answer, tried until it is answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from bot.assistant.look import Known
from bot.assistant.outcome import Outcome
from bot.cards.deferred import Drawn
from bot.message import Message
from bot.storage.prepared import Prepared
from bot.storage.sight import Values

Hear: TypeAlias = Callable[[Session, Message, Known | None, datetime], Outcome]


@dataclass
class Turn:
    """hear: what is tried. fault: what is told of what went wrong, kept or not.

    outcome: None also where it is over and left to whoever has time. letters: whether
    any were put that somebody is to deliver. rows: what is to be written, where the
    answer was decided without a database.
    """

    message: Message
    hear: Hear
    made: Drawn = field(default_factory=Drawn)
    fault: Outcome | None = None
    outcome: Outcome | None = None
    over: bool = False
    letters: bool = False
    rows: Sequence[tuple[Prepared, Values]] = ()

    def end(
        self,
        outcome: Outcome | None,
        *,
        letters: bool = False,
        rows: Sequence[tuple[Prepared, Values]] = (),
    ) -> None:
        self.outcome, self.over = outcome, True
        self.letters, self.rows = letters, rows

    def say(self, told: Outcome) -> None:
        """Try to record what is told, and do nothing else any more."""
        self.hear = lambda *_: told

    def own_up(self, told: Outcome) -> None:
        """Tell of a fault; whoever retries hears the same, if it can be recorded."""
        self.fault = told
        self.say(told)
