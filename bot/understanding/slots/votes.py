"""Figures of a vote in a text: 同意何雪转正，赞成9反对0弃权1."""

from pathlib import Path

from bot.branch.meetings.quorum import Votes
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.when.numbers import find_number

EDGES = " \t\n，,。；;：:、"
HERE = Path(__file__)
NONE = Lexicon(HERE, "none")
VOTES = Lexicon(HERE, "votes")
ALL = Lexicon(HERE, "all")
SAID = ("w", "a", "b", "f", "a2", "b2", "f2")
"""What a figure is of, before or after it: in writing, against, abstaining, for."""


def read_votes(said: str) -> tuple[str, Votes | None]:
    """Part a resolution from its figures; None where it gives none."""
    found: dict[str, int] = {}
    said = NONE.cut(said)
    first = len(said)
    for hit in VOTES.find_all(said):
        name = next(each[0] for each in SAID if hit[each])
        found[name] = find_number(hit["n"] or hit["n2"]) or 0
        first = min(first, hit.start())
    text = ALL.cut(said[:first]) if not found else said[:first]
    text = text.strip(EDGES) or said.strip(EDGES)
    if not found.keys() & {"f", "a", "b"}:
        return text, None
    votes = Votes(
        found.get("f", 0), found.get("a", 0), found.get("b", 0), found.get("w", 0)
    )
    return text, votes
