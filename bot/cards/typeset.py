"""Setting Chinese text: how wide it is, where a line may break, what size fits."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.cards.fonts import Face, choose_face, open_font

OPENING = "（《〈「『【〔“‘([{"
CLOSING = "，。、；：？！）》〉」』】〕”’…—·～％℃,.;:?!)]}%"
WORD = r"[0-9A-Za-z]+(?:[.:/@_+\-][0-9A-Za-z]+)*"

CLUSTER = re.compile(rf"{WORD}|.", re.DOTALL)
UNIT = re.compile(
    rf"[{re.escape(OPENING)}]*(?:{WORD}|[^{re.escape(OPENING)}])?[{re.escape(CLOSING)}]*"
)

MAX_SPREAD = 0.2
"""How far a justified line may push its characters apart, in ems; beyond, it stays
ragged."""


@dataclass(frozen=True)
class Hand:
    """How a text is written: size in pixels; tracking and weight in ems."""

    size: int
    face: Face = "serif"
    tracking: float = 0.0
    weight: float = 0.0


def cut_clusters(text: str) -> list[str]:
    """Cut a line into what is placed as one: a western word, or one character."""
    return CLUSTER.findall(text)


def measure(text: str, hand: Hand) -> float:
    """Measure a line in pixels, with the tracking between its clusters."""
    clusters = cut_clusters(text)
    gaps = max(0, len(clusters) - 1) * hand.tracking * hand.size
    return sum(measure_cluster(cluster, hand) for cluster in clusters) + gaps


def measure_cluster(cluster: str, hand: Hand) -> float:
    return _advance(cluster, hand.face, hand.size)


@lru_cache(maxsize=65536)
def _advance(cluster: str, face: Face, size: int) -> float:
    return open_font(choose_face(face, cluster[0]), size).getlength(cluster)


def break_lines(text: str, hand: Hand, width: float) -> list[list[str]]:
    """Break each paragraph into lines no wider than `width`.

    No line begins with closing punctuation or ends with opening punctuation, and no
    western word or number is cut, unless it is alone wider than a line.
    """
    paragraphs = (one.strip() for one in text.split("\n"))
    return [_fill(one, hand, width) for one in paragraphs if one]


def _fill(paragraph: str, hand: Hand, width: float) -> list[str]:
    lines, used, track = [""], 0.0, hand.tracking * hand.size
    for unit, wide in _cut_units(paragraph, hand, width):
        if lines[-1] and unit != " " and used + track + wide > width:
            lines.append("")
        used = used + track + wide if lines[-1] else wide
        lines[-1] += unit
    return [line.rstrip() for line in lines]


def _cut_units(paragraph: str, hand: Hand, width: float) -> list[tuple[str, float]]:
    """Cut into what stays together; what is wider than a line, into characters."""
    units: list[tuple[str, float]] = []
    for unit, wide in _weigh_units(paragraph, hand):
        whole = wide <= width
        units += [(unit, wide)] if whole else [(c, measure(c, hand)) for c in unit]
    return units


@lru_cache(maxsize=256)
def _weigh_units(paragraph: str, hand: Hand) -> tuple[tuple[str, float], ...]:
    units = filter(None, UNIT.findall(" ".join(paragraph.split())))
    return tuple((unit, measure(unit, hand)) for unit in units)


def balance(text: str, hand: Hand, width: float) -> float:
    """Find the narrowest measure, from half of `width`, with no more lines than it.

    The last line then ends near the others, and no single character stands alone.
    """
    most = sum(map(len, break_lines(text, hand, width)))
    narrow, wide = int(width * 0.5), int(width)
    while narrow < wide:
        middle = (narrow + wide) // 2
        if sum(map(len, break_lines(text, hand, middle))) > most:
            narrow = middle + 1
        else:
            wide = middle
    return float(wide)


def spread(line: str, hand: Hand, width: float) -> float:
    """Find the extra pixels between clusters that make a line fill the measure."""
    gaps = len(cut_clusters(line)) - 1
    slack = width - measure(line, hand)
    each = slack / gaps if gaps > 0 else 0.0
    return each if 0 < each <= MAX_SPREAD * hand.size else 0.0


def shrink_to_fit(text: str, hand: Hand, width: float, smallest: int) -> Hand | None:
    """Shrink until the line fits the width; None when it does not at the smallest."""
    for size in range(hand.size, smallest - 1, -1):
        candidate = replace(hand, size=size)
        if measure(text, candidate) <= width:
            return candidate
    return None
