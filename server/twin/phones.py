"""The members' phones: every message each of them shows, in order."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Condition
from typing import Any

A_MINUTE, PER_MINUTE = timedelta(minutes=1), 30
AN_HOUR, PER_HOUR = timedelta(hours=1), 1000


@dataclass(slots=True, eq=False)
class Bubble:
    at: datetime
    kind: str
    text: str = ""
    card: dict[str, Any] | None = None
    media_id: str = ""
    msgid: str = ""  # empty for a passive reply and for what the member said
    from_member: bool = False
    recalled: bool = False
    button: str = ""  # the words on the greyed button; empty while it can be clicked
    number: int = -1  # its place among all changes of all phones


@dataclass(eq=False)
class Phone:
    owner: str
    in_wechat: bool = False
    bubbles: list[Bubble] = field(default_factory=list)
    unseen: list[Bubble] = field(default_factory=list)
    pushed_at: list[datetime] = field(default_factory=list)

    def heard(self, since: int = 0) -> list[Bubble]:
        """List what the app said, in reply or of its own accord, since a mark."""
        return [b for b in self.bubbles if not b.from_member and b.number >= since]

    def pushed(self, since: int = 0) -> list[Bubble]:
        """List what the app sent of its own accord since a mark."""
        return [b for b in self.heard(since) if b.msgid]

    def is_full(self, now: datetime) -> bool:
        """Whether one more would be over 30 a minute or 1,000 an hour (path/90312)."""
        return any(
            len(self.pushed_at) - bisect_right(self.pushed_at, now - span) >= most
            for span, most in ((A_MINUTE, PER_MINUTE), (AN_HOUR, PER_HOUR))
        )

    def find(self, msgid: str) -> Bubble | None:
        return next((b for b in reversed(self.bubbles) if b.msgid == msgid), None)


class Phones:
    def __init__(self, changed: Condition) -> None:
        self.changed = changed
        self.changes: list[tuple[str, Bubble]] = []
        self._phones: dict[str, Phone] = {}

    def of(self, owner: str) -> Phone:
        with self.changed:
            return self._phones.setdefault(owner.lower(), Phone(owner))

    def all(self) -> list[Phone]:
        with self.changed:
            return list(self._phones.values())

    def put(self, phone: Phone, bubble: Bubble) -> None:
        """Show a message; cards and markdown stay unseen in personal WeChat."""
        with self.changed:
            bubble.number = len(self.changes)
            if phone.in_wechat and bubble.kind in ("markdown", "template_card"):
                phone.unseen.append(bubble)
            else:
                phone.bubbles.append(bubble)
            self.touch(phone, bubble)

    def touch(self, phone: Phone, bubble: Bubble) -> None:
        """Tell whoever watches that this message is new or looks different."""
        with self.changed:
            self.changes.append((phone.owner, bubble))
            self.changed.notify_all()

    def since(self, mark: int) -> Iterator[tuple[str, Bubble]]:
        """Every message new or changed since a mark, each once."""
        with self.changed:
            yield from {id(b): (who, b) for who, b in self.changes[mark:]}.values()
