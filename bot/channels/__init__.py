"""Channels: each speaks one platform's language, both ways."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.message import Content, Message, Reply
from bot.outbox import Outcome

FOLLOWS = "\n（未完，接着发）"


@dataclass(frozen=True)
class Envelope:
    """A content on its way to users, under a reference that no other letter has.

    receipt: what an earlier try, which was stopped halfway, left behind.
    """

    content: Content
    users: Sequence[str]
    reference: str
    receipt: str = ""


class Sender(Protocol):
    """What the delivery asks of a platform."""

    def send(self, envelope: Envelope) -> Outcome:
        """Deliver to all users now. Raises DeliveryError."""


class Channel(Sender, Protocol):
    """What the assistant asks of a platform that people can write on.

    A channel knows no web framework: it gets the query and the body as they came.
    """

    reply_limit: int
    """How many bytes of UTF-8 one reply may have."""

    def handshake(self, query: Mapping[str, str]) -> str:
        """Answer the platform's check that the callback address is ours.

        Raises BadCallback.
        """

    def hear(self, query: Mapping[str, str], body: bytes) -> Message:
        """Read a callback. Raises BadCallback."""

    def reply(
        self, query: Mapping[str, str], message: Message, reply: Reply | None
    ) -> str:
        """Write the answer to that callback; None is the platform's "nothing"."""


def cut_text(text: str, limit: int) -> list[str]:
    """Cut a text into parts of at most `limit` bytes of UTF-8, never in a character.

    Several parts are numbered, so that each differs from the others: the platform
    drops a message that equals the last one.
    """
    if len(text.encode()) <= limit:
        return [text]
    parts = _fit(text, limit - len("（999/999）".encode()))
    return [f"{part}（{at}/{len(parts)}）" for at, part in enumerate(parts, 1)]


def cut_head(text: str, limit: int) -> tuple[str, str]:
    """Split off what fits into `limit` bytes, saying that more follows."""
    if len(text.encode()) <= limit:
        return text, ""
    head = _fit(text, limit - len(FOLLOWS.encode()))[0]
    return head + FOLLOWS, text[len(head) :].lstrip("\n")


def _fit(text: str, limit: int) -> list[str]:
    parts: list[str] = []
    part, size = "", 0
    for piece in _pieces(text, limit):
        weight = len(piece.encode())
        if part and size + weight > limit:
            parts.append(part.rstrip("\n"))
            part, size = "", 0
        part, size = part + piece, size + weight
    return [*parts, part.rstrip("\n")]


def _pieces(text: str, limit: int) -> Iterable[str]:
    """Yield whole lines where they fit, else characters."""
    for line in text.splitlines(keepends=True):
        if len(line.encode()) <= limit:
            yield line
        else:
            yield from line
