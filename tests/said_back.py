"""Says back what a play's lines suggest: to who was told, there, undone again."""

import re
from collections.abc import Iterable, Iterator
from itertools import count
from typing import TypeAlias

from bot.message import Message
from tests.databases import ASKED_FOR
from tests.handlers.test_offered import offered
from tests.people import USERID
from tests.stage import Stage

BLANK = "…"
_TOLD = re.compile(r"^ (?P<who>bot|\S+?)(?P<sign>[<>]) (?P<text>.*)", re.DOTALL)
_SPEAKER = re.compile("[>*#] ")
_LINE = re.compile(r"^\S.*\n(?:^ .*\n)*", re.MULTILINE)
_ANSWER = re.compile(r"\n(?=\S| \S)")
_NUMBER = count()
Form: TypeAlias = tuple[str, str, str]
"""A suggestion: the form of the text it stands in, its own, and who is told it."""


class SaidBack:
    """Looks at each line of a play; keeps whose suggestion was not understood.

    tried: the forms that need not be said back, as another play does it.
    """

    def __init__(self, stage: Stage, tried: Iterable[Form] = ()) -> None:
        self.stage = stage
        self.wrong: list[tuple[str, str, str]] = []
        self._tried = set(tried)

    def try_all(self, played: list[str]) -> None:
        """Say back what a line's answers suggest, by who was told.

        Not on PostgreSQL: its sequences go on counting what is undone.
        """
        if ASKED_FOR:
            return
        for form, each, text in _suggested(played):
            if form not in self._tried:
                self._tried.add(form)
                self._try(form[2], each, text)

    def try_said(self, who: str, sentences: Iterable[str]) -> None:
        """Say what a guide tells its reader to say."""
        for each in sentences:
            self._try(who, each, "a guide")

    def _try(self, who: str, each: str, text: str) -> None:
        if self._understood(who, each) in ("none", "choose", "denied"):
            self.wrong.append((who, each, text))

    def _understood(self, name: str, text: str) -> str:
        message = Message("wecom", USERID[name], id=f"told-{next(_NUMBER)}", text=text)
        heard = self.stage.assistant.answer(message, dry_run=True)
        chosen = heard.intent == "choose" and not heard.choices
        return "chosen" if chosen else heard.intent


def form_of(text: str) -> str:
    """Leave the form of a line's beginning: figures and titles do not make another."""
    return re.sub(r"\d+|“[^”]{13,}”", "#", text)[:20]


def forms_in(script: str) -> list[tuple[int, Form]]:
    """List what the lines of a play suggest, each with the end of its line."""
    return [
        (line.end(), form)
        for line in _LINE.finditer(script)
        for form, _, _ in _suggested(_ANSWER.split(line[0].rstrip("\n")))
    ]


def _suggested(played: list[str]) -> Iterator[tuple[Form, str, str]]:
    """Yield what the answers to a line suggest, and the text that does."""
    for who, text in _tellings(played):
        for each in offered(text):
            if BLANK not in each and who in USERID:
                yield (form_of(text), form_of(each), who), each, text


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
