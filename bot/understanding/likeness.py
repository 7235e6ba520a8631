"""How much a text is like the examples of each command: shared pieces, weighed.

A piece is one, two or three characters as they stand, or two as they sound. A piece
that few intents have weighs more. An intent's score is the mean of two shares, both
between 0 and 1: how alike the text and its nearest example are (cosine), and how
much of the text speaks for this intent rather than for another.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt

from bot.text.pinyin import sound

KINDS = {1: 0.25, 2: 1.0, 3: 0.8}  # length of the piece → how much it counts
SOUNDED = 0.35
NEW = 0.6
FEW = 3  # intents
HAN = re.compile(r"[一-龥]{2}")
SMALL = frozenset("吗的了是我你有不在这那个一么什怎多少哪谁几好看会要天吃去来")
EDGES = frozenset("^$")
"""The marks of a text's ends, which by themselves every example has."""
LONGEST = 60  # characters; the rest of a long message is content


@dataclass(frozen=True)
class Match:
    """An intent, how likely it is meant, and the example that is most alike.

    alike: what the likeness alone gave, before anything else was weighed.
    """

    intent: str
    score: float
    example: str
    alike: float = 0.0


def pieces(text: str) -> dict[str, float]:
    """Cut a text into pieces with the weight of their kind."""
    edged = f"^{text[:LONGEST]}$"
    cut = {
        edged[at : at + length]: weight
        for length, weight in KINDS.items()
        for at in range(len(edged) - length + 1)
    }
    spelt = [sound(char) for char in edged]
    cut.update((f"{one}'{two}", SOUNDED) for one, two in pairwise(spelt))
    return cut


def pairs_of(text: str) -> list[str]:
    edged = f"^{text[:LONGEST]}$"
    return [edged[at : at + 2] for at in range(len(edged) - 1)]


class Likeness:
    """Learnt from examples, once, at the start."""

    def __init__(self, examples: Mapping[str, Iterable[str]]) -> None:
        self._intents: list[str] = []
        self._texts: list[str] = []
        cuts: list[dict[str, float]] = []
        for intent, texts in examples.items():
            for text in dict.fromkeys(texts):
                self._intents.append(intent)
                self._texts.append(text)
                cuts.append(pieces(text))
        self._count = len(examples)
        self._speaks = _shares(self._intents, cuts)
        self._worth = {
            piece: log(1 + self._count / len(by)) for piece, by in self._speaks.items()
        }
        self._new = log(1 + self._count) * NEW
        self._found: dict[str, list[int]] = defaultdict(list)
        self._length: list[float] = []
        for at, cut in enumerate(cuts):
            self._length.append(sqrt(sum(self._square(cut))))
            for piece in cut.keys() - EDGES:
                self._found[piece].append(at)

    def _square(self, cut: Mapping[str, float]) -> Iterable[float]:
        return (
            weight * self._worth.get(piece, self._new) ** 2
            for piece, weight in cut.items()
        )

    def known(self, intent: str, text: str) -> float:
        """Tell which share of the text's pairs the examples of an intent hold."""
        pairs = pairs_of(text)
        return sum(intent in self._speaks.get(pair, ()) for pair in pairs) / len(pairs)

    def telling(self, intent: str, text: str) -> bool:
        """Tell whether the text has a pair of characters that few intents have."""
        return any(
            intent in (by := self._speaks.get(pair, {})) and len(by) <= FEW
            for pair in pairs_of(text)
            if HAN.fullmatch(pair) and SMALL.isdisjoint(pair)
        )

    def scores(self, text: str) -> list[Match]:
        """Score the intents; those with nothing but an edge in common are left out."""
        cut = pieces(text)
        edges = sum(cut[edge] * self._worth.get(edge, 0.0) ** 2 for edge in EDGES)
        alike: dict[int, float] = {}
        spoken: dict[str, float] = defaultdict(float)
        whole = 0.0
        for piece, kind in cut.items():
            worth = self._worth.get(piece, self._new)
            whole += kind * worth
            shared = kind * worth * worth
            for at in self._found.get(piece, ()):
                alike[at] = alike.get(at, edges) + shared
            for intent, share in self._speaks.get(piece, {}).items():
                spoken[intent] += kind * worth * share
        length = sqrt(sum(self._square(cut)))
        nearest = self._nearest(alike, length)
        found = []
        for intent, (near, example) in nearest.items():
            score = (near + min(1.0, 1.5 * spoken[intent] / whole)) / 2
            found.append(Match(intent, score, example, score))
        return found

    def _nearest(
        self, alike: Mapping[int, float], length: float
    ) -> dict[str, tuple[float, str]]:
        best: dict[str, tuple[float, str]] = {}
        for at, shared in alike.items():
            near = shared / (length * self._length[at])
            intent = self._intents[at]
            if intent not in best or near > best[intent][0]:
                best[intent] = near, self._texts[at]
        return best


def _shares(
    intents: Iterable[str], cuts: Iterable[Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Tell for which intents a piece speaks: shares that make one together.

    They are as the parts of each intent's examples in which it occurs.
    """
    sizes: Counter[str] = Counter(intents)
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for intent, cut in zip(intents, cuts, strict=True):
        for piece in cut:
            shares[piece][intent] = shares[piece].get(intent, 0.0) + 1 / sizes[intent]
    for by in shares.values():  # in their place: there are tens of thousands
        whole = sum(by.values())
        for intent in by:
            by[intent] /= whole
    return shares
