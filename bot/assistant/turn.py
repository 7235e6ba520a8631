"""One message on its way to an answer, tried until it is answered.

Those of several messages are taken together: what each tries next is one unit of work,
and all are done in one commit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from bot.assistant.outcome import Outcome
from bot.branch.people.members import Speaker, Standing
from bot.cards.deferred import Drawn
from bot.message import Message
from bot.storage.group_commit import Done, Work

Known: TypeAlias = tuple[Speaker, Standing]
Hear: TypeAlias = Callable[[Session, Message, Known | None, datetime], Outcome]


@dataclass
class Turn:
    """hear: what is tried. fault: what is told of what went wrong, kept or not.

    outcome: None also where it is over and left to whoever has time.
    """

    message: Message
    hear: Hear
    made: Drawn = field(default_factory=Drawn)
    fault: Outcome | None = None
    outcome: Outcome | None = None
    over: bool = False

    def end(self, outcome: Outcome | None) -> None:
        self.outcome, self.over = outcome, True

    def say(self, told: Outcome) -> None:
        """Try to record what is told, and do nothing else any more."""
        self.hear = lambda *_: told

    def own_up(self, told: Outcome) -> None:
        """Tell of a fault; whoever retries hears the same, if it can be recorded."""
        self.fault = told
        self.say(told)


def take_together(
    turns: Sequence[Turn],
    work_of: Callable[[Turn], Work],
    settle: Callable[[Turn, Done], None],
    share: Callable[[Sequence[Work]], Sequence[Done]],
) -> None:
    """Go on with all, round after round, until each is over."""
    while waiting := [each for each in turns if not each.over]:
        works = [work_of(each) for each in waiting]
        for turn, done in zip(waiting, share(works), strict=True):
            settle(turn, done)
