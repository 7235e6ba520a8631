"""Sentences that call no command: what is said to a question, or within an order.

They stand in a sentence file beside the code that hears them, and are read by the same
matcher as the commands' own: [audience] 发给{who=rest}.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bot.branch.people.members import Role
from bot.text.phrases import SUFFIX, Line, Phrases, read_phrases
from bot.understanding.sentences.templates import Sentence, Templates
from bot.understanding.text import normalise


@dataclass(frozen=True)
class Section:
    """What is written of one thing that may be said; intent: what it is called."""

    intent: str
    phrases: Phrases
    role: Role = Role.MEMBER

    @property
    def examples(self) -> tuple[str, ...]:
        return tuple(each.text for each in self.phrases.examples)


class Forms:
    """The sections of a sentence file, or those of them that are named."""

    def __init__(self, code: Path, *names: str) -> None:
        found = read_phrases(code.with_suffix(SUFFIX))
        self.sections = [Section(name, found[name]) for name in names or found]
        self._templates = Templates(self.sections)

    def find(self, text: str, passed: Collection[Line] = ()) -> Sentence | None:
        """Find which of them a text is, and what stands in its slots.

        passed: lines that turned out not to be meant.
        """
        return self._templates.find(normalise(text), Role.MEMBER, passed)
