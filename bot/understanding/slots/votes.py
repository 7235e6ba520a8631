"""Figures of a vote in a text: 同意何雪转正，赞成9反对0弃权1."""

import re

from bot.branch.meetings.quorum import Votes
from bot.understanding.when.numbers import find_number

EDGES = " \t\n，,。；;：:、"
NUMERAL = "[零〇一二两三四五六七八九十百]{1,5}"
NUMBER = rf"(\d{{1,4}}|{NUMERAL}(?=\s*[票人]))\s*(?:票|人)?"
NONE = re.compile(
    "(?:没有|没人|无人|无)(?:人|票)?(?:反对|弃权|不同意)(?:[、和,，或]?(?:弃权|反对))?"
)
FOR, AGAINST, ABSTAIN = "(?:赞成|同意)", "(?:反对|不赞成|不同意)", "弃权"
WRITTEN = r"书面(?:意见)?(?:赞成|同意)?"
VOTES = re.compile(
    rf"(?:(?P<w>{WRITTEN})|(?P<a>{AGAINST})|(?P<b>{ABSTAIN})|(?P<f>{FOR}))"
    rf"[:： ]*{NUMBER}"
    rf"|{NUMBER}(?:(?P<a2>{AGAINST})|(?P<b2>{ABSTAIN})|(?P<f2>{FOR}))"
)
ALL = re.compile("(?:全体|全票|一致)(?:表决)?(?:同意|通过|赞成)")
"""Words that say all agreed, in place of figures."""


def read_votes(said: str) -> tuple[str, Votes | None]:
    """Part a resolution from its figures; None where it gives none."""
    found: dict[str, int] = {}
    said = NONE.sub("", said)
    first = len(said)
    for hit in VOTES.finditer(said):
        name = next(key[0] for key, value in hit.groupdict().items() if value)
        found[name] = next(
            number
            for each in hit.groups()
            if each and (number := find_number(each)) is not None
        )
        first = min(first, hit.start())
    text = ALL.sub("", said[:first]) if not found else said[:first]
    text = text.strip(EDGES) or said.strip(EDGES)
    if not found.keys() & {"f", "a", "b"}:
        return text, None
    votes = Votes(
        found.get("f", 0), found.get("a", 0), found.get("b", 0), found.get("w", 0)
    )
    return text, votes
