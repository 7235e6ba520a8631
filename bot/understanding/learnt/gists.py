"""What a reply means that is put together of no known words: yes, no, wait; I come.

tests/understanding/replies has what people said to previews, and to notices; `make
learn` learns from it as it does for intents, and writes that beside this file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.understanding.drafts.replies import without_signs
from bot.understanding.learnt.intents import Learned, marks_of
from bot.understanding.speech import listen
from bot.understanding.text import normalise
from bot.understanding.words.masks import FACTS, mask

LONGEST = 60  # characters
SHORT = 24  # characters; who says more says what is to be otherwise
HAN, STICKER = re.compile("[一-龥]"), re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True)
class Gists:
    """name: of the weights. least: for each meaning, the share from which it is clear.

    bare: what is never meant by what names a fact, which may be of another matter, nor
    by what is long.
    """

    name: str
    least: Mapping[str, float]
    bare: tuple[str, ...] = ()
    others: tuple[str, ...] = field(default=())

    @cached_property
    def _learned(self) -> Learned:
        return Learned((*self.least, *self.others), weights_of(self.name))

    def find(self, text: str) -> str:
        """Tell what a reply means; "" where that is not clear."""
        meant, share = self.guess(text)
        return meant if share >= self.least.get(meant, NEVER) else ""

    def guess(self, text: str) -> tuple[str, float]:
        """Tell what a reply means most likely, and how likely that is, of one."""
        said, marks = pieces_for(text)
        worded = len(text) <= LONGEST and HAN.search(STICKER.sub("", said))
        found = self._learned.guess(said, marks) if worded else []
        says_more = len(text) > SHORT or any(each in said for each in FACTS)
        if not found or (found[0].intent in self.bare and says_more):
            return "", 0.0
        return found[0].intent, found[0].share


NEVER = 2.0
TO_DRAFTS = Gists(
    "drafts",
    {
        "yes": 0.88,
        "no": 0.8,
        "hold": 0.7,
        "unchange": 0.7,
        "ask": 0.6,
        "change": 0.5,
    },
    bare=("yes", "no"),
    others=("other", "unsure"),
)
TO_NOTICES = Gists(
    "notices",
    {"come": 0.6, "away": 0.6},
    others=("seen", "unsure", "online", "ask", "other"),
)


def weights_of(name: str) -> Path:
    return Path(__file__).with_name(f"{name}.weights")


def pieces_for(text: str) -> tuple[str, list[str]]:
    """Give a reply as it is learnt from: its characters, and what it does and names."""
    said = mask(without_signs(text))
    marks = marks_of(listen(normalise(text).text))
    return said, [*marks, *(sign for sign in FACTS if sign in said)]
