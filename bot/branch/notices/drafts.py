"""A notice before it is one: what it says, to whom, when, and what it asks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from bot.branch.people.audience import Audience


@dataclass(frozen=True)
class Draft:
    """What a secretary has said so far.

    goes_at: when to send; None: at once. urgent: also in quiet hours. choices: the
    answers offered; empty: 收到. deadline: by when to answer. pictures, files:
    attachment ids. robots: names of group chats. corrects: the notice that this one
    corrects. door: what nobody guesses; opens the page that takes pictures and files.
    """

    text: str
    audience: Audience
    goes_at: datetime | None = None
    urgent: bool = False
    choices: tuple[str, ...] = ()
    deadline: datetime | None = None
    pictures: tuple[int, ...] = ()
    files: tuple[int, ...] = ()
    robots: tuple[str, ...] = ()
    corrects: int | None = None
    door: str = field(default_factory=lambda: token_urlsafe(24))

    @property
    def enclosed(self) -> tuple[int, ...]:
        return (*self.pictures, *self.files)

    def with_enclosed(self, number: int, *, is_picture: bool) -> "Draft":
        if is_picture:
            return replace(self, pictures=(*self.pictures, number))
        return replace(self, files=(*self.files, number))

    def without_enclosed(self, numbers: Collection[int]) -> "Draft":
        pictures = tuple(each for each in self.pictures if each not in numbers)
        files = tuple(each for each in self.files if each not in numbers)
        return replace(self, pictures=pictures, files=files)

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
            files=tuple(values.get("files", ())),
            robots=tuple(values["robots"]),
            corrects=values["corrects"],
            door=values.get("door", ""),
        )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
