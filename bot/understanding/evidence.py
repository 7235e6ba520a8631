"""All that is known of one text before it is decided on, and how that is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.understanding.likeness import Match
from bot.understanding.names import Call
from bot.understanding.ranking import plain
from bot.understanding.sentences.templates import Sentence
from bot.understanding.speech import Speech, listen
from bot.understanding.text import Said

SHOWN = 3


@dataclass(frozen=True)
class Evidence:
    """rank: finds the matches. What a sure order needs not is not looked at."""

    said: Said
    call: Call | None
    sentence: Sentence | None
    rank: Callable[["Evidence"], Sequence[Match]]

    @cached_property
    def plain(self) -> str:
        """The text as examples are compared with it."""
        return plain(self.said.text)

    @cached_property
    def speech(self) -> Speech:
        return listen(self.said.text)

    @cached_property
    def matches(self) -> Sequence[Match]:
        """The examples that it is like, best first."""
        return self.rank(self)

    @property
    def raw(self) -> str:
        return self.said.raw.strip()

    def explain(self) -> str:
        """Say what the text does, which name it calls and which intents it is like."""
        marks = "、".join(f"{name}（{hit}）" for name, hit in self.speech.marks.items())
        denied = "、".join(self.speech.denied)
        parts = [f"言语：{marks or '陈述'}"]
        if denied:
            parts.append(f"否定：{denied}")
        if self.sentence:
            line = self.sentence.template.line
            parts.append(f"句式：{line.text}（{line.place}）")
        elif self.call:
            parts.append(f"口令：{self.call.name}（{self.call.kind}）")
        like = "、".join(
            f"{each.intent} {each.score:.2f}（{each.example}）"
            for each in self.__dict__.get("matches", ())[:SHOWN]
        )
        if "matches" in self.__dict__:
            parts.append(f"最像：{like or '无'}")
        return "；".join(parts)
