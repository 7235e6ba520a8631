"""What an expression of time means."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.calendar.recurrence.reckoned import Reckoned
from bot.calendar.recurrence.rule import Recurrence


@dataclass(frozen=True)
class When:
    """One expression, placed; or unclear, and then next is empty.

    next: up to three moments to come, in now's zone. end: of the first, if said.
    unclear: what to ask the member back. span: where it stands in the text.
    echo: the whole in Chinese. date_only: no hour was said. assumed: what was not
    said and taken from the branch's habit. provisional: rests on a calendar of
    working days that is not published yet (暂算). reckoned: how it was counted
    on that, for what does not recur. adrift: it is unclear because it counts from a day
    that is not said: 前一天晚上八点.
    """

    next: tuple[datetime, ...] = ()
    recurring: bool = False
    deadline: bool = False
    unclear: str | None = None
    rule: Recurrence | None = None
    span: tuple[int, int] = (0, 0)
    echo: str = ""
    date_only: bool = False
    assumed: tuple[str, ...] = ()
    provisional: bool = False
    reckoned: Reckoned | None = None
    end: datetime | None = None
    adrift: bool = False

    def outline(self) -> dict[str, Any]:
        """Give what `xiangyang when --json` prints."""
        return {
            "next": [moment.isoformat() for moment in self.next],
            "recurring": self.recurring,
            "deadline": self.deadline,
            "unclear": self.unclear,
        }


@dataclass(frozen=True)
class Period:
    """From the start up to, not including, the end, in now's zone."""

    start: datetime
    end: datetime
    span: tuple[int, int]
    echo: str
