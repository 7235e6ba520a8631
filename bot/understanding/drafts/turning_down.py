"""A no with what is wanted in its place: 都不是，我是要给第一小组发通知."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bot.understanding.drafts.changes import PARTS
from bot.understanding.drafts.replies import read_reply
from bot.understanding.sentences.lexicon import Lexicon

HERE = Path(__file__)
WANTS, NONE = Lexicon(HERE, "wants"), Lexicon(HERE, "none")
SIGNS = frozenset("不没别甭免算取停撤消")  # of what says no, one at least
MOST = 2  # clauses that may say no


@dataclass(frozen=True)
class TurnedDown:
    """no: the words that say so. wanted: the rest, also without what leads to it."""

    no: str
    wanted: Sequence[str]


def read_turned_down(text: str, verbs: Sequence[str] = ()) -> TurnedDown | None:
    """Part a no from what follows it; None where a text begins with none, or is one.

    verbs: what would be done on yes.
    """
    for end, start in _joints(text):
        first, rest = text[:end].strip(), text[start:].strip()
        if SIGNS.isdisjoint(first) or not rest:
            continue
        if NONE.is_one(first) or read_reply(first, verbs).act == "no":
            bare = WANTS.cut_start(rest)
            return TurnedDown(first, list(dict.fromkeys(filter(None, (bare, rest)))))
    return None


def _joints(text: str) -> Iterator[tuple[int, int]]:
    yield from (hit.span() for hit in islice(PARTS.finditer(text), MOST))
