"""Which intents a text may mean, by what was learnt from thousands of said sentences.

The sentences stand in tests/understanding/said; `make learn` learns from them how much
each piece of a text, one or two characters, speaks for each intent or against it (a
linear support vector machine), and writes that beside this file. It is a second
opinion where no name, sentence or sketch decides: it knows how people say a thing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, sqrt
from pathlib import Path

from bot.understanding.speech import Speech

WEIGHTS = Path(__file__).with_suffix(".weights")
LONGEST = 60  # characters; the rest of a long message is content
FIRST = 0x100
"""The sign that stands for the first intent; those that follow it for the others."""
MIDDLE = 0x50
"""The sign of a weight of nought; each that follows it is a step more."""
STEP = 1 / 16
SHARPNESS = 5.0
"""Makes shares of scores: found where what is said to be likely is as often right."""


@dataclass(frozen=True)
class Guess:
    """share: how likely it is that the intent is meant, of one."""

    intent: str
    share: float


def cut(text: str, marks: Collection[str] = ()) -> set[str]:
    """Cut a text into its pieces, its ends marked. marks: what it does, as one hears.

    "<疑问>" is a piece, too: what asks, denies or tells of others is told apart by it.
    """
    edged = f"^{text[:LONGEST]}$"
    pairs = (edged[at : at + 2] for at in range(len(edged) - 1))
    return {*edged, *pairs, *(f"<{mark}>" for mark in marks)}


def marks_of(speech: Speech) -> list[str]:
    """Name what a text does: asks, denies, supposes …."""
    more = [
        name for name, is_so in (("不", speech.denied), ("问", speech.asks)) if is_so
    ]
    return [*speech.marks, *more]


class Learned:
    """Weights as they were written; what a piece tells is only read when it is met."""

    def __init__(self, intents: Collection[str], path: Path = WEIGHTS) -> None:
        self._known, self._path = frozenset(intents), path

    @cached_property
    def _read(self) -> tuple[Sequence[str], Sequence[float], dict[str, str]]:
        intents, biases, *lines = self._path.read_text("utf-8").split("\n")
        told = dict(line.split("\t", 1) for line in lines if line)
        return intents.split(), [float(each) for each in biases.split()], told

    def guess(self, text: str, marks: Collection[str] = ()) -> list[Guess]:
        """List the intents that there are, the likeliest first; none for no pieces.

        text: as `plain` writes it; marks: as `marks_of` names them.
        """
        intents, biases, told = self._read
        pieces = [told[piece] for piece in cut(text, marks) if piece in told]
        if not pieces:
            return []
        totals = [0] * len(intents)
        for each in pieces:
            whose, weights = each.split("\t")
            for sign, weight in zip(whose, weights, strict=True):
                totals[ord(sign) - FIRST] += ord(weight) - MIDDLE
        scale = SHARPNESS * STEP / sqrt(len(pieces))
        odds = [
            exp(total * scale + SHARPNESS * bias)
            for total, bias in zip(totals, biases, strict=True)
        ]
        whole = sum(odds)
        found = [
            Guess(intent, each / whole)
            for intent, each in zip(intents, odds, strict=True)
            if intent in self._known
        ]
        return sorted(found, key=lambda each: (-each.share, each.intent))


def write_weights(
    intents: Sequence[str],
    biases: Sequence[float],
    told: Mapping[str, Sequence[tuple[int, int]]],
    path: Path = WEIGHTS,
) -> None:
    """Write what was learnt. told: a piece → places of intents and steps of weight."""
    lines = [" ".join(intents), " ".join(f"{each:.3f}" for each in biases)]
    for piece, weights in sorted(told.items()):
        whose = "".join(chr(FIRST + place) for place, _ in weights)
        steps = "".join(chr(MIDDLE + steps) for _, steps in weights)
        lines.append(f"{piece}\t{whose}\t{steps}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
