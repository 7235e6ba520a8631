"""What came of a message: the answer, and how it came about."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot.command import Answer
from bot.errors import Denied, Refusal
from bot.message import Reply


def _note_nothing(_session: Session) -> None:
    return None


@dataclass(frozen=True)
class Outcome:
    """An answer and how it came about. choices: the intents offered when asked back.

    refused: a rule said no, so nothing of what it began may stay.
    private: what was replied must not be readable where it is remembered.
    note: what is to be written down with the answer, also where it refuses.
    """

    reply: Reply | None
    intent: str = "none"
    choices: tuple[str, ...] = ()
    explain: Callable[[], str] = str
    refused: bool = False
    private: bool = False
    note: Callable[[Session], None] = _note_nothing

    @property
    def why(self) -> str:
        return self.explain()

    def with_line(self, words: str) -> "Outcome":
        """Say something more at the end; there is a reply."""
        assert self.reply is not None
        return self._saying(f"{self.reply.text}\n\n{words}")

    def with_head(self, words: str) -> "Outcome":
        """Say something first, where there is a reply."""
        if self.reply is None:
            return self
        return self._saying(f"{words}\n{self.reply.text}")

    def _saying(self, text: str) -> "Outcome":
        assert self.reply is not None
        return replace(self, reply=replace(self.reply, text=text))


def guard(
    run: Callable[[], Answer | None], intent: str, explain: Callable[[], str] = str
) -> Outcome | None:
    """Run a rule; where it refuses, its text is the reply."""
    try:
        answer = run()
    except Refusal as refusal:
        denied = isinstance(refusal, Denied)
        meant = "denied" if denied else intent
        return Outcome(Reply(str(refusal)), meant, explain=explain, refused=True)
    if answer is None:
        return None
    reply = Reply(answer) if isinstance(answer, str) else answer
    return Outcome(reply, intent, explain=explain)
