"""What each character of an order is: its own words, what it carries, for whom, when.

tests/understanding/parts holds orders whose parts are marked; `make learn` learns from
them how much each piece of a text near a character speaks for each tag, and which tag
follows which (a conditional random field), and writes that beside this file. It parts
an order that nobody foresaw: 明早八点再往外发啊 内容是停水 全体.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path

from bot.understanding.sentences.form import CROWD
from bot.understanding.words.masks import TIME
from bot.understanding.words.people import PERSON

ORDER = "O"
"""The order's own words, which nobody is to read."""
CONTENT, NAMED_WITHIN = "C", "V"
"""What is carried; V for people that are named in it and whom it is for."""
WHO, WITHOUT, SENDING, DEADLINE, CHOICE = "W", "N", "A", "B", "X"
KIND, BEGINS, PLACE, AGENDA, MORE = "K", "T", "P", "G", "M"
"""Of a meeting: what it is called, when and where, what is done, what else to know."""
LEADS, HOSTS, RECORDS = "L", "H", "R"
"""Who speaks at it, who is in the chair, who writes the minutes."""
INSTEAD, ADDED, TAKEN_OFF = "W", "+", "-"
DROPPED, PUT = "D", "E"
"""Of a change: to whom instead, who else, who not; words dropped, and put in place."""
NEVER = -9.0
MARKS = " ,.;:!?、，。；：！？\n\t…—-~～"
EDGE = "^"
LONGEST = 200  # characters; what is longer is a text that was written elsewhere
CLAUSE_ENDS = 3  # characters of a clause that tell what it is
NUMBER = re.compile("[0-9]")
GROUP = re.compile(CROWD)
CLAUSE = re.compile(rf"[^{re.escape(MARKS)}]+")


@dataclass(frozen=True)
class Part:
    """tag: one sign. words: as they stand in the text."""

    tag: str
    words: str


@dataclass(frozen=True)
class Parted:
    """An order in its parts, in the order in which they were said."""

    parts: Sequence[Part]

    def all(self, tag: str) -> list[str]:
        """List the words that have a tag, without the marks around them."""
        found = (each.words.strip(MARKS) for each in self.parts if each.tag == tag)
        return [words for words in found if words]

    @property
    def content(self) -> str:
        """Put together what is carried; pieces that other words part, by a comma."""
        pieces = [
            "".join(part.words for part in together)
            for is_carried, together in groupby(
                self.parts, lambda part: part.tag in (CONTENT, NAMED_WITHIN)
            )
            if is_carried
        ]
        return "，".join(filter(None, (each.strip(" ，,、：:") for each in pieces)))


@dataclass(frozen=True)
class Described:
    """near: what stands at each character and about it. clause: which it is in.

    clauses: what is said of each clause: its pieces, its neighbours, its place.
    """

    near: Sequence[Sequence[str]]
    clause: Sequence[int]
    clauses: Sequence[Sequence[str]]

    def all(self) -> list[list[str]]:
        """List all that is said of each character."""
        return [
            [*near, *self.clauses[number]]
            for near, number in zip(self.near, self.clause, strict=True)
        ]


def describe(text: str, names: Collection[str] = ()) -> Described:
    """Say what stands where in a text. names: of people who are known."""
    low = NUMBER.sub("0", text.lower())
    seen = _look_at(low, names)
    edged = EDGE * 4 + low + "$" * 4
    spans = [hit.span() for hit in CLAUSE.finditer(low)] or [(0, len(low))]
    number, clause, near = 0, [], []
    for at in range(len(low)):
        if number + 1 < len(spans) and at >= spans[number + 1][0]:
            number += 1
        first, last = spans[number]
        place = (f"i{max(-1, min(at - first, 4))}", f"j{max(-1, min(last - at, 4))}")
        near.append([*_near(edged, at + 4), *_seen(seen, at), *place])
        clause.append(number)
    of_clauses = _of_clauses(
        [low[a:b] for a, b in spans], [seen[a:b] for a, b in spans]
    )
    return Described(near, clause, of_clauses)


def _near(edged: str, at: int) -> Iterator[str]:
    for first, last in (
        (0, 0), (-1, -1), (1, 1), (-2, -2), (2, 2),
        (-1, 0), (0, 1), (-2, -1), (1, 2), (-3, -2), (2, 3),
        (-1, 1), (-2, 0), (0, 2), (-3, -1), (1, 3),
        (-3, 0), (0, 3), (-4, -1), (1, 4),
    ):  # fmt: skip
        yield f"{first}{last}{edged[at + first : at + last + 1]}"


def _look_at(text: str, names: Collection[str]) -> str:
    """Write for each character what kind of thing it is part of."""
    kinds = ["m" if each in MARKS else "." for each in text]
    for sign, pattern in (("t", TIME), ("q", PERSON), ("a", GROUP)):
        for hit in pattern.finditer(text):
            kinds[hit.start() : hit.end()] = sign * len(hit[0])
    for name in names:
        at = text.find(name)
        while at >= 0:
            kinds[at : at + len(name)] = "p" * len(name)
            at = text.find(name, at + len(name))
    return "".join(kinds)


def _seen(seen: str, at: int) -> Iterator[str]:
    yield f"k{seen[at]}"
    yield f"kk{seen[max(0, at - 1) : at + 2]}"
    yield f"k<{seen[at - 1] if at else EDGE}"


def _pattern(seen: str) -> str:
    """Write once what stands several times in a row: ..aaa. is .a."""
    return "".join(sign for sign, _ in groupby(seen))


def _of_clauses(clauses: Sequence[str], kinds: Sequence[str]) -> list[list[str]]:
    told = []
    for number, (clause, seen) in enumerate(zip(clauses, kinds, strict=True)):
        following = clauses[number + 1] if number + 1 < len(clauses) else "$"
        leading = clauses[number - 1] if number else EDGE
        pairs = {f"p{clause[at : at + 2]}" for at in range(len(clause) - 1)}
        told.append(
            [
                *sorted(pairs),
                f"c{clause[:CLAUSE_ENDS]}",
                f"d{clause[-CLAUSE_ENDS:]}",
                f"n{following[:2]}",
                f"m{following[-2:]}",
                f"l{leading[-2:]}",
                f"#{min(number, 3)}",
                f"#-{min(len(clauses) - number, 3)}",
                f"##{min(len(clauses), 4)}{min(number, 3)}",
                f"w{min(len(clause), 9)}",
                f"s{_pattern(seen)}",
            ]
        )
    return told


class Tagger:
    """Weights as they were written; read when an order is parted for the first time.

    name: for what sort of orders.
    """

    def __init__(self, name: str) -> None:
        self._path = weights_of(name)

    @cached_property
    def _read(
        self,
    ) -> tuple[str, list[list[float]], Mapping[str, list[tuple[int, float]]]]:
        tags, rows, *lines = self._path.read_text("utf-8").split("\n")
        following = [[float(each) for each in row.split()] for row in rows.split(";")]
        told: dict[str, list[tuple[int, float]]] = {}
        for line in filter(None, lines):
            piece, _, weights = line.rpartition("\t")
            pairs = (each.split(":") for each in weights.split())
            told[piece] = [(tags.index(tag), float(weight)) for tag, weight in pairs]
        return tags, following, told

    def part(self, text: str, names: Collection[str] = ()) -> Parted | None:
        """Part an order; None for what is too long. names: of people who are known."""
        if not 0 < len(text) <= LONGEST:
            return None
        low = text.lower()
        return _part(self, text, frozenset(name for name in names if name in low))

    def follow(self, described: Described) -> list[str]:
        """Find the likeliest run of tags (Viterbi)."""
        tags, following, told = self._read
        count = range(len(tags))

        def weigh(pieces: Sequence[str], start: Sequence[float]) -> list[float]:
            total = list(start)
            for piece in pieces:
                for place, weight in told.get(piece, ()):
                    total[place] += weight
            return total

        nothing = [0.0 for _ in count]
        of_clause = [weigh(each, nothing) for each in described.clauses]
        best: list[float] = []
        came: list[list[int]] = []
        for pieces, clause in zip(described.near, described.clause, strict=True):
            here = weigh(pieces, of_clause[clause])
            if not best:
                best = here
                continue
            best, ways = _step(best, following, here)
            came.append(ways)
        place = max(count, key=best.__getitem__)
        found = [place]
        for ways in reversed(came):
            found.append(ways[found[-1]])
        return [tags[each] for each in reversed(found)]


@lru_cache(maxsize=64)  # a text is parted to judge it, and then to read it
def _part(tagger: Tagger, text: str, names: frozenset[str]) -> Parted:
    tags = tagger.follow(describe(text, names))
    runs = groupby(zip(tags, text, strict=True), lambda each: each[0])
    return Parted(tuple(Part(tag, "".join(c for _, c in run)) for tag, run in runs))


def _step(
    best: Sequence[float], following: Sequence[Sequence[float]], here: Sequence[float]
) -> tuple[list[float], list[int]]:
    """Go one character on: the best that leads to each tag, and where it comes from."""
    reached, ways = [], []
    for to, weight in enumerate(here):
        totals = [each + row[to] for each, row in zip(best, following, strict=True)]
        most = max(totals)
        reached.append(most + weight)
        ways.append(totals.index(most))
    return reached, ways


def weights_of(name: str) -> Path:
    return Path(__file__).with_name(f"{name}.tags")


NOTICE_TAGGER, MEETING_TAGGER = Tagger("notices"), Tagger("meetings")
REMINDER_TAGGER, RECORD_TAGGER = Tagger("reminders"), Tagger("records")
CHANGE_TAGGER = Tagger("changes")


def write_weights(
    tags: str,
    following: Mapping[tuple[str, str], float],
    told: Mapping[str, Mapping[str, float]],
    path: Path,
) -> None:
    """Write what was learnt: tag after tag, and a piece → its tags' weights.

    tags: those that occur, one sign each. What never follows another never does.
    """
    rows = (
        " ".join(f"{following.get((one, other), NEVER):.2f}" for other in tags)
        for one in tags
    )
    lines = [tags, ";".join(rows)]
    for piece, weights in sorted(told.items()):
        kept = " ".join(f"{tag}:{weight:.2f}" for tag, weight in weights.items())
        lines.append(f"{piece}\t{kept}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
