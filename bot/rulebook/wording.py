"""Chinese text → the words that matter: synonyms as one, slips forgiven."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from bot.text import pinyin

FILE = Path(__file__).parent / "words.toml"
FIRST_MARK = 0xE000
NOISE = re.compile(r"[^\w\ue000-\uf8ff]|_")
MARKS = re.compile(
    r"[\ue000-\uf8ff]"
)  # Unicode's private use: stripped from what comes
SLIPS_FROM = 4
"""A subject this long may have one wrong character."""


@dataclass(frozen=True)
class Wording:
    """Groups of synonyms; each is written as one private character, its mark."""

    marks: Mapping[str, str]
    spelled: re.Pattern[str]
    filler: re.Pattern[str]
    outside: re.Pattern[str]
    sounds: Mapping[tuple[str, ...], str]
    slippery: tuple[str, ...]

    def read(self, text: str) -> str:
        """Rewrite a text with one mark for every synonym of a group."""
        marked = self.spelled.sub(lambda hit: self.marks[hit[0]], tidy(text))
        return self.filler.sub("", NOISE.sub("", marked))

    def read_by_sound(self, text: str) -> str:
        """Rewrite a text, taking a subject's homophones for it: 党废 is 党费.

        One character at least is right, and what is written well stays.
        """
        text = tidy(text)
        heard = [sound(char) for char in text]
        open_ = set(range(len(text)))
        for hit in self.spelled.finditer(text):
            open_ -= set(range(*hit.span()))
        places: dict[str, list[int]] = {}
        for at, syllable in enumerate(heard):
            places.setdefault(syllable, []).append(at)
        for syllables, subject in self.sounds.items():
            for start in places.get(syllables[0], ()):
                if tuple(heard[start : start + len(syllables)]) != syllables:
                    continue
                span = range(start, start + len(subject))
                written = text[start : span.stop]
                if open_.intersection(span) and set(written) & set(subject):
                    text = text[:start] + subject + text[span.stop :]
                    open_.difference_update(span)
        return self.read(text)

    def read_with_slips(self, text: str) -> str:
        """Rewrite a text, forgiving one wrong character in a long subject."""
        text = tidy(text)
        for subject in self.slippery:
            if subject not in text and (slip := _slip(text, subject)):
                text = text.replace(slip, subject, 1)
        return self.read(text)

    def asks_of_else(self, text: str) -> bool:
        """Whether a text names what no rule knows: a place, a day, another body."""
        return bool(self.outside.search(tidy(text)))


@cache
def load_wording() -> Wording:
    """Read the synonyms that the product ships, once."""
    words = tomllib.loads(FILE.read_text("utf-8"))
    groups = {**words["subjects"], **words["questions"]}
    marks = {
        word: chr(FIRST_MARK + at)
        for at, spellings in enumerate(groups.values())
        for word in spellings
    }
    subjects = sorted(
        (word for spellings in words["subjects"].values() for word in spellings),
        key=len,
        reverse=True,
    )
    return Wording(
        marks=marks,
        spelled=_any_of(marks),
        filler=_any_of(words["filler"]),
        outside=_any_of(words["outside"]),
        sounds={tuple(map(sound, word)): word for word in subjects},
        slippery=tuple(
            word
            for word in subjects
            if len(word) >= SLIPS_FROM and word not in words["exact"]
        ),
    )


def tidy(text: str) -> str:
    """Fold widths and case, and drop spaces and private characters."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return MARKS.sub("", re.sub(r"\s+", "", folded))


@lru_cache(maxsize=8192)
def sound(char: str) -> str:
    """Say a character without tone, as an ear from the south hears it."""
    syllable = pinyin.sound(char)
    plain = re.sub(r"^([zcs])h", r"\1", syllable)
    return re.sub(r"(?<=[ei])ng$", "n", plain)


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Match any of the words, the longest first."""
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered)))


def _slip(text: str, subject: str) -> str | None:
    """Find the piece of a text that is one character away from the subject.

    One wrong character leaves one half of the subject as it is.
    """
    half = len(subject) // 2
    if subject[:half] not in text and subject[half:] not in text:
        return None
    for width in (len(subject), len(subject) - 1, len(subject) + 1):
        for start in range(len(text) - width + 1):
            piece = text[start : start + width]
            if Levenshtein.distance(piece, subject, score_cutoff=1) <= 1:
                return piece
    return None
