"""A notice before it is one: what it says, to whom, when, and what it asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.branch.audience import Audience


@dataclass(frozen=True)
class Draft:
    """What a secretary has said so far.

    goes_at: when to send; None: at once. urgent: also in quiet hours. choices: the
    answers offered; empty: 收到. deadline: by when to answer. pictures: attachment
    ids. robots: names of group chats. corrects: the notice that this one corrects.
    """

    text: str
    audience: Audience
    goes_at: datetime | None = None
    urgent: bool = False
    choices: tuple[str, ...] = ()
    deadline: datetime | None = None
    pictures: tuple[int, ...] = ()
    robots: tuple[str, ...] = ()
    corrects: int | None = None

    def pack(self) -> dict[str, Any]:
        return {
            **vars(self),
            "audience": self.audience.pack(),
            "goes_at": self.goes_at and self.goes_at.isoformat(),
            "deadline": self.deadline and self.deadline.isoformat(),
        }

    @classmethod
    def unpack(cls, values: Mapping[str, Any]) -> "Draft":
        return cls(
            text=values["text"],
            audience=Audience.unpack(values["audience"]),
            goes_at=_moment(values["goes_at"]),
            urgent=values["urgent"],
            choices=tuple(values["choices"]),
            deadline=_moment(values["deadline"]),
            pictures=tuple(values["pictures"]),
            robots=tuple(values["robots"]),
            corrects=values["corrects"],
        )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
