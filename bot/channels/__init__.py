"""Channels: each speaks one platform's language, both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.message import Content, Message, Reply
from bot.outbox import Outcome

# How the nonce of our own knock begins, so that nobody takes it for a platform's.
OWN_KNOCK = "check"


@dataclass(frozen=True)
class Envelope:
    """A content on its way to users, under a reference that no other letter has.

    receipt: what an earlier try, which was stopped halfway, left behind. kind: of the
    letter.
    """

    content: Content
    users: Sequence[str]
    reference: str
    receipt: str = ""
    kind: str = ""


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
