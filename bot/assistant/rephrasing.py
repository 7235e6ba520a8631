"""A passage in an answer in other words: asked outside, proven here, or left as it is.

What goes out is the question without its names, times and figures, and the passage;
nothing at all where either speaks of a member or tells how to reach somebody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic

import structlog

from bot.assistant.paraphrase import find_fault
from bot.branch.people import members
from bot.channels.rephrase import Rephraser
from bot.errors import RephraseError, StorageError
from bot.message import Message, Reply
from bot.rulebook.money import names_money
from bot.storage.database import Storage
from bot.understanding.words.masks import mask

log = structlog.get_logger(__name__)

ANSWER_WITHIN = 4.0
"""Seconds from a message's arrival: WeCom waits five, and it is to be kept."""
TOO_SHORT = 0.05
DATE = re.compile(
    r"(?<![\d\-])(?:19|20)\d{2}[-/.年]\d{1,2}(?:[-/.月]\d{1,2})?(?![\d\-])"
)
REACHES = re.compile(r"@|(?:\d[\s\-]?){7,}")  # an address, a phone or other long number


@dataclass(frozen=True)
class Rephrasing:
    rephraser: Rephraser
    storage: Storage

    def improve(self, message: Message, reply: Reply, begun: float) -> Reply | None:
        """Return the reply with its passages in other words; None if it stays.

        begun: when the message came, by `monotonic`. Never raises for what the
        endpoint does.
        """
        if not self._may_leave(message, reply.passages):
            return None
        question, text = mask(message.text), reply.text
        until = min(begun + ANSWER_WITHIN, monotonic() + self.rephraser.seconds)
        for passage in reply.passages:
            told = self._rephrase(message.id, question, passage, until - monotonic())
            text = text.replace(passage, told, 1)
        return None if text == reply.text else replace(reply, text=text)

    def _rephrase(
        self, number: str, question: str, passage: str, seconds: float
    ) -> str:
        """Return the passage in other words, or itself; the log has no words."""
        if seconds < TOO_SHORT:
            log.info("not_rephrased", message=number, why="no time left")
            return passage
        try:
            told = self.rephraser.rephrase(question, passage, seconds)
        except RephraseError as error:
            log.info("not_rephrased", message=number, why=str(error))
            return passage
        if fault := find_fault(told, passage):
            log.info("not_rephrased", message=number, why=fault)
            return passage
        log.info("rephrased", message=number)
        return told

    def _may_leave(self, message: Message, passages: Sequence[str]) -> bool:
        """Whether nobody is named, reached or paid in what would be sent."""
        words = "\n".join((message.text, *passages))
        if names_money(message.text) or REACHES.search(DATE.sub("", words)):
            return False
        try:
            with self.storage.read() as session:
                return not members.are_named(session, words)
        except StorageError:
            return False
