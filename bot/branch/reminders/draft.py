"""A reminder before it is one: what it says, to whom, when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.branch.people.audience import Audience
from bot.calendar.recurrence import (
    Reckoned,
    Recurrence,
    from_stored,
    read_reckoned,
    to_stored,
)
from bot.calendar.workdays import is_provisional


@dataclass(frozen=True)
class ReminderDraft:
    """What somebody has said so far.

    audience: None for the author alone. open: whom it is for is still to be asked.
    rule, or once_at for what does not recur; neither: the time is still to be asked.
    reckoned: how once_at was counted on a calendar of working days not published yet.
    note: what was assumed about the time. changes: the number of the reminder meant.
    """

    text: str
    audience: Audience | None = None
    open: bool = False
    rule: Recurrence | None = None
    once_at: datetime | None = None
    reckoned: Reckoned | None = None
    note: str = ""
    changes: int | None = None

    @property
    def is_timed(self) -> bool:
        return self.rule is not None or self.once_at is not None

    def coming(self, now: datetime) -> tuple[datetime, ...]:
        """Give its next three moments, or those that there are."""
        if self.rule is not None:
            return self.rule.next_three(now)
        later = self.once_at and self.once_at > now
        return (self.once_at,) if self.once_at and later else ()

    def rests_on_forecast(self, coming: Sequence[datetime]) -> bool:
        """Whether its moments rest on a calendar not yet published (暂算)."""
        if self.rule is not None:
            return self.rule.rests_on_forecast(coming)
        years = [moment.year for moment in coming]
        return self.reckoned is not None and any(map(is_provisional, years))

    def pack(self) -> dict[str, Any]:
        return {
            **vars(self),
            "audience": self.audience and self.audience.pack(),
            "rule": self.rule and to_stored(self.rule),
            "once_at": self.once_at and self.once_at.isoformat(),
            "reckoned": self.reckoned and self.reckoned.stored(),
        }

    @classmethod
    def unpack(cls, values: Mapping[str, Any]) -> "ReminderDraft":
        audience, rule, once_at = (
            values[name] for name in ("audience", "rule", "once_at")
        )
        reckoned = values.get("reckoned")  # older questions have none
        kept = {
            "audience": Audience.unpack(audience) if audience else None,
            "rule": from_stored(rule) if rule else None,
            "once_at": datetime.fromisoformat(once_at) if once_at else None,
            "reckoned": read_reckoned(reckoned) if reckoned else None,
        }
        return cls(**{**values, **kept})
