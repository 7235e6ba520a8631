"""What a text does: asks, denies, supposes, quotes, tells of others, of other days.

Each mark is a list of words, looked for in the normalised text; whoever has to explain
a reading shows the mark and the piece that it found.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.text import normalise

HERE = Path(__file__)
SECTIONS = {
    "疑问": "question",
    "询问": "enquiry",
    "假设": "supposing",
    "没定": "undecided",
    "转述": "hearsay",
    "说别人": "of_others",
    "代别人": "for_others",
    "评说": "remark",
    "玩笑": "joke",
    "过去": "past",
    "将来": "ahead",
    "惯常": "habit",
    "忘记": "forgotten",
    "已经": "already",
}
MARKS: Mapping[str, Lexicon] = {
    name: Lexicon(HERE, section) for name, section in SECTIONS.items()
}
ALWAYS_BAD = ("疑问", "询问", "假设", "转述", "说别人", "评说", "玩笑", "忘记", "没定")
OF_NOTHING_NOW = ("假设", "转述", "说别人", "评说", "玩笑")
"""What in a text says that a wish, or a reply, is nobody's now, or another's."""
BY_EXAMPLE = ("过去", "将来", "惯常", "已经", "代别人")

PUT = Lexicon(HERE, "put")
ENDED = Lexicon(HERE, "ended")
FOUND_OUT = Lexicon(HERE, "found_out")
COUNTING = Lexicon(HERE, "counting")
REPORTED = Lexicon(HERE, "reported")
WHOEVER_DOES = Lexicon(HERE, "whoever_does")
NEGATOR = Lexicon(HERE, "negator")
HARMLESS = Lexicon(HERE, "harmless")
TAIL = Lexicon(HERE, "tail")
QUOTED = re.compile(r"[“\"「『‘'](.{1,12}?)[”\"」』’']")


@dataclass(frozen=True)
class Speech:
    """marks: what the text does → the piece that shows it. denied: pieces denied."""

    marks: Mapping[str, str] = field(default_factory=dict)
    denied: tuple[str, ...] = ()

    def against(self, allowed: frozenset[str], own: frozenset[str]) -> str:
        """Name the first reason why this orders nothing; "" if there is none.

        allowed: marks that the command's examples have too. own: what they deny.
        """
        for mark in (*ALWAYS_BAD, *BY_EXAMPLE):
            if mark in self.marks and mark not in allowed:
                return f"{mark}（{self.marks[mark]}）"
        strange = [piece for piece in self.denied if not is_own(piece, own)]
        return f"否定（{strange[0]}）" if strange else ""

    @property
    def asks(self) -> bool:
        return "疑问" in self.marks or "询问" in self.marks


def is_question(text: str) -> bool:
    """Tell whether a text is put as a question: 是不是写过了, and not 谁言寸草心."""
    said = normalise(text).text
    return PUT.find_at(said) is not None or ENDED.find(said) is not None


def asks_of_us(content: str) -> bool:
    """Tell whether a content asks us, and does not tell what to find out or report.

    谁来不了跟我说 and 问问王芳能不能来 ask nothing of whoever hears them.
    """
    last = None
    for hit in MARKS["疑问"].find_all(content):
        last = hit
    if last is None:
        return False
    told = not COUNTING.find_at(last[0]) and FOUND_OUT.find(content[: last.start()])
    after = content[last.end() :]
    whoever = last[0] == "谁" and WHOEVER_DOES.find_at(after)
    return not (told or whoever or REPORTED.find(after))


def is_own(piece: str, own: frozenset[str]) -> bool:
    """Whether a command means what is denied: its examples deny so, and not itself.

    own: what its examples deny, their negators, and with "!" what it does.
    """
    if piece in own:
        return True
    negator = NEGATOR.find_at(piece)
    if negator is None or not negator["act"]:
        return False
    return _negator(negator) in own and f"!{negator['act'][0]}" not in own


def _negator(hit: re.Match[str]) -> str:
    """Return what denies; 没有, 未 and 没 are one."""
    said = hit[0].removesuffix(hit["act"])
    return "没" if said in ("没有", "未") else said


def denials_of(orders: Iterable[Speech], names: Iterable[str]) -> frozenset[str]:
    """Gather what `is_own` wants to know of a command."""
    pieces = {piece for speech in orders for piece in speech.denied}
    hits = [hit for piece in pieces if (hit := NEGATOR.find_at(piece))]
    negators = set(map(_negator, hits))
    return frozenset(pieces | negators | {f"!{name[0]}" for name in names})


@lru_cache(maxsize=1024)  # most texts begin with one of few names
def listen(text: str) -> Speech:
    """Find the marks of a normalised text."""
    chars = frozenset(text)
    found = {
        name: hit[0]
        for name, mark in MARKS.items()
        if mark.may_stand_in(chars) and (hit := mark.find(text))
    }
    return Speech(found, denials(text))


def says_more_than_names(text: str) -> bool:
    """Whether a word asks, denies or supposes; a character of a name does not."""
    hits = [hit[0] for mark in MARKS.values() for hit in mark.find_all(text)]
    hits += [hit[0].removesuffix(hit["act"]) for hit in NEGATOR.find_all(text)]
    return any(len(each) > 1 for each in hits)


def denials(text: str) -> tuple[str, ...]:
    """List what is denied: a negator with the two characters after it, or "去不了"."""
    kept = HARMLESS.cut(text, ",")
    tails = tuple(hit[0] for hit in TAIL.find_all(kept))
    rest = TAIL.cut(kept, ",")
    return tails + tuple(hit[0] for hit in NEGATOR.find_all(rest))
