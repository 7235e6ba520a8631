"""All that is known of one text before it is decided on, and how that is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.frames import Call
from bot.understanding.likeness import Match
from bot.understanding.normal import Said
from bot.understanding.speech import Speech

SHOWN = 3


@dataclass(frozen=True)
class Heard:
    """plain: the text as examples are compared with it. matches: best first."""

    said: Said
    plain: str
    speech: Speech
    call: Call | None
    matches: Sequence[Match]

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
            for each in self.matches[:SHOWN]
        )
        parts.append(f"最像：{like or '无'}")
        return "；".join(parts)
