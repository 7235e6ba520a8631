"""Says back what a play's lines suggest: to who was told, there, undone again."""

import re
from collections.abc import Iterable, Iterator
from itertools import count

from bot.message import Message
from tests.databases import ASKED_FOR
from tests.handlers.test_offered import offered
from tests.people import USERID
from tests.stage import Stage

BLANK = "…"
_TOLD = re.compile(r"^ (?P<who>bot|\S+?)(?P<sign>[<>]) (?P<text>.*)", re.DOTALL)
_SPEAKER = re.compile("[>*#] ")
_NUMBER = count()
_TRIED: set[tuple[str, str, str]] = set()
"""What was said back in a play before this one, in a line of the same form."""


class SaidBack:
    """Looks at each line of a play; keeps whose suggestion was not understood."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.wrong: list[tuple[str, str, str]] = []

    def try_all(self, played: list[str]) -> None:
        """Say back what a line's answers suggest, by who was told.

        Not on PostgreSQL: its sequences go on counting what is undone.
        """
        if ASKED_FOR:
            return
        for who, text in _tellings(played):
            for each in offered(text):
                key = form_of(text), form_of(each), who
                if key in _TRIED or BLANK in each or who not in USERID:
                    continue
                _TRIED.add(key)
                if self._understood(who, each) in ("none", "choose", "denied"):
                    self.wrong.append((who, each, text))

    def try_said(self, who: str, sentences: Iterable[str]) -> None:
        """Say what a guide tells its reader to say."""
        for each in sentences:
            if self._understood(who, each) in ("none", "choose", "denied"):
                self.wrong.append((who, each, "a guide"))

    def _understood(self, name: str, text: str) -> str:
        message = Message("wecom", USERID[name], id=f"told-{next(_NUMBER)}", text=text)
        heard = self.stage.assistant.answer(message, dry_run=True)
        chosen = heard.intent == "choose" and not heard.choices
        return "chosen" if chosen else heard.intent


def form_of(text: str) -> str:
    """Leave the form of a line's beginning: figures and titles do not make another."""
    return re.sub(r"\d+|“[^”]{13,}”", "#", text)[:20]


def _tellings(played: list[str]) -> Iterator[tuple[str, str]]:
    """Yield who was told what by the answers to a line."""
    if not played:
        return
    speaker = _SPEAKER.split(played[0], maxsplit=1)[0]
    for each in played[1:]:
        hit = _TOLD.match(each.replace("\n    > ", "\n"))
        if hit is not None:
            who = speaker if hit["who"] == "bot" else hit["who"].split("、")[-1]
            yield who, hit["text"]
