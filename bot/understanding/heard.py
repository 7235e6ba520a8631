"""All that is known of one text before it is decided on, and how that is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.understanding.frames import Call
from bot.understanding.likeness import Match
from bot.understanding.normal import Said
from bot.understanding.speech import Speech

SHOWN = 3


@dataclass(frozen=True)
class Heard:
    """plain: the text as examples are compared with it. rank: finds the matches."""

    said: Said
    plain: str
    speech: Speech
    call: Call | None
    rank: Callable[[], Sequence[Match]]

    @cached_property
    def matches(self) -> Sequence[Match]:
        """Compare with the examples, best first; a sure order needs no comparing."""
        return self.rank()

    @property
    def raw(self) -> str:
        return self.said.raw.strip()

    @property
    def why(self) -> str:
        """Say what the text does, which name it calls and which intents it is like."""
        marks = "、".join(f"{name}（{hit}）" for name, hit in self.speech.marks.items())
        denied = "、".join(self.speech.denied)
        parts = [f"言语：{marks or '陈述'}"]
        if denied:
            parts.append(f"否定：{denied}")
        if self.call:
            parts.append(f"口令：{self.call.name}（{self.call.kind}）")
        like = "、".join(
            f"{each.intent} {each.score:.2f}（{each.example}）"
            for each in self.__dict__.get("matches", ())[:SHOWN]
        )
        if "matches" in self.__dict__:
            parts.append(f"最像：{like or '无'}")
        return "；".join(parts)
