"""A reply to something shown, parted once into its clauses: 王芳那天有课，她不用去.

Each clause is judged by itself: what only addresses us or hesitates, what says why,
what changes something, what answers. Marks part them, blanks, and in spoken words the
joint at which a change or an answer begins: 何雪出差了|让李伟记.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, islice
from pathlib import Path
from typing import Literal, TypeAlias

from bot.understanding.drafts.changes import (
    NO,
    PARTS,
    SIGHS,
    Named,
    names_nothing,
    read_changes,
    says_why,
)
from bot.understanding.drafts.replies import read_reply
from bot.understanding.drafts.turning_down import WANTS
from bot.understanding.sentences.forms import Forms
from bot.understanding.sentences.lexicon import Lexicon

Judged: TypeAlias = Literal[
    "address", "reason", "approval", "change", "yes", "no", "hold", "other"
]
Judge: TypeAlias = Callable[[str], Judged]
ANSWERS = ("yes", "no", "hold")
DECIDES = ("change", *ANSWERS)
HERE = Path(__file__)
JOINT = Lexicon(HERE, "joint")
ADDRESS, WE = Lexicon(HERE, "address"), Lexicon(HERE, "we")
APPROVAL = Forms(HERE, "approval")
STAYS_AWAY = re.compile(
    r"(?:就|那就|也)?(?:不用|不必|甭|别|无需|不要)(?:来|去|参加|到场?)[了吧啊]*"
)
WRONG = re.compile(NO)
BLANKS = re.compile(r"\s+")
MOST_CLAUSES, MOST_TRIES = 6, 10
LONGEST = 120  # characters; what is longer is words of its own, and no reply
SHORTEST = 2  # characters of a clause that ends at a spoken joint


@dataclass(frozen=True)
class Clause:
    """is_a: what it was judged to be; other: only whoever has the draft can tell."""

    words: str
    is_a: Judged


@dataclass(frozen=True)
class Parted:
    """A reply in its clauses, in the order in which they were said."""

    clauses: Sequence[Clause]

    @property
    def act(self) -> str:
        """Say what the last clause that decides anything does: yes, no, hold, change.

        "" where none decides.
        """
        deciding = [each.is_a for each in self.clauses if each.is_a in DECIDES]
        return deciding[-1] if deciding else ""

    @property
    def is_approved(self) -> bool:
        """Whether all that is said beside a yes is that it may be done."""
        return all(each.is_a in ("yes", "approval", "address") for each in self.clauses)

    def to_try(self) -> Iterator[tuple[Sequence[Clause], Sequence[Clause]]]:
        """Yield clauses that may be the changes, with those that are passed over then.

        The more is kept the earlier; what surely is a change is never passed over.
        """
        may = [each for each in self.clauses if each.is_a in ("change", "other")]
        others = [each for each in may if each.is_a == "other"]
        ways = (
            gone
            for number in range(len(others) + 1)
            for gone in combinations(others, number)
        )
        for gone in islice(ways, MOST_TRIES):
            if kept := [each for each in may if each not in gone]:
                yield kept, gone


def part_reply(
    said: str, now: datetime, verbs: Sequence[str] = (), named: Named = names_nothing
) -> Parted:
    """Part a reply. verbs: what is done on yes. named: what a change may be said of.

    What is too long for a reply, or has too many clauses, is one clause as it stands:
    each place in it would be judged, and nothing of it may be left out.
    """
    whole = Parted([Clause(said, "other")])
    if len(said) > LONGEST:
        return whole

    def judge(words: str) -> Judged:
        return _judge(words, now, verbs, named)

    clauses: list[Clause] = []
    for part in filter(None, map(str.strip, PARTS.split(said))):
        clauses += _part(part, judge)
    if len(clauses) > MOST_CLAUSES:
        return whole
    return Parted(_without_addresses(clauses))


def _part(part: str, judge: Judge) -> Sequence[Clause]:
    """Part what stands between two marks, where it is nothing by itself."""
    whole = judge(part)
    if whole == "change" and (spoken := _part_spoken(part, judge, ("change", "no"))):
        return spoken
    pieces = BLANKS.split(part)
    if len(pieces) > 1 and whole in ("other", "reason"):
        return [one for each in pieces for one in _part(each, judge)]
    if whole != "other":
        return [Clause(part, whole)]
    plain = WANTS.cut_start(SIGHS.sub("", part))
    if plain and plain != part:
        return _part(plain, judge)
    return _part_spoken(part, judge) or [Clause(part, "other")]


def _part_spoken(
    part: str, judge: Judge, only: Sequence[Judged] = ()
) -> Sequence[Clause]:
    """Part spoken words where a change or an answer begins; none where they are one.

    only: what may begin so after words that say why, where the whole may be a change.
    """
    for at in range(SHORTEST, len(part) - 1):
        if not JOINT.stands_first(part[at:]):
            continue
        before, after = part[:at], WE.cut_start(part[at:])
        leads, what = judge(before) in ("reason", "address"), judge(after)
        parts = leads and what in only if only else leads or what in DECIDES
        if parts and after:
            return [Clause(before, judge(before)), *_part(after, judge)]
    return ()


def _judge(words: str, now: datetime, verbs: Sequence[str], named: Named) -> Judged:
    if WRONG.fullmatch(words):
        return "address"
    plain = SIGHS.sub("", words) or words
    said = read_reply(words, verbs).act
    match said if said != "none" else read_reply(plain, verbs).act:
        case "no" if stays_away(plain):
            return "other"  # of whom, the words before it tell
        case "yes" | "no" | "hold" as act:
            return act
        case "heard":
            return "address"
    if not SIGHS.sub("", words) or ADDRESS.is_all_of(plain):
        return "address"
    if APPROVAL.find(plain):
        return "approval"
    if read_changes(words, now, named):
        return "change"
    return "reason" if says_why(plain) else "other"


def stays_away(words: str) -> bool:
    """Tell whether words say that somebody need not come, and not who: 不用来."""
    return STAYS_AWAY.fullmatch(words) is not None


def _only_leads(clause: Clause) -> bool:
    return clause.is_a == "hold" or not SIGHS.sub("", clause.words)


def _without_addresses(clauses: Sequence[Clause]) -> Sequence[Clause]:
    """Take what only leads to what decides for an address: 等等，…，推到周三."""
    last = max(
        (at for at, each in enumerate(clauses) if each.is_a in DECIDES), default=0
    )
    return [
        Clause(each.words, "address") if at < last and _only_leads(each) else each
        for at, each in enumerate(clauses)
    ]
