"""A text → which command it calls, with which words."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.command import Command

GUIDANCE = "这句我没听懂，什么也没做。发“帮助”看看我会什么。"


@dataclass(frozen=True)
class Reading:
    """intent: a command's, "none" or "choose"; reply: what to say for those two."""

    intent: str
    words: str = ""
    reply: str = GUIDANCE
    choices: tuple[str, ...] = ()
    why: str = ""


class Understanding:
    def __init__(self, commands: Iterable[Command]) -> None:
        names = {name: each.intent for each in commands for name in each.names}
        self._names = sorted(names.items(), key=lambda pair: -len(pair[0]))

    def read(self, text: str) -> Reading:
        for name, intent in self._names:
            if text == name or text.startswith((f"{name} ", f"{name}：", f"{name}:")):
                return Reading(intent, text[len(name) :].lstrip(" ：:"), why=name)
        return Reading("none")
