"""Whether words may stand in a slot: what each kind must hold, beyond its shape."""

import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from bot.understanding.names import OPENER
from bot.understanding.sentences.form import (
    ASKED,
    AUDIENCES,
    HOURS,
    ITEMS,
    MATTERS,
    NAMES,
    PEOPLE,
    PERSONS,
    RUNS,
    SPANS,
    THINGS,
    TIMED,
    TIMES,
    UNREAD,
)
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.daily_hours import names_hours
from bot.understanding.slots.run_of_times import holds_time, is_run_of_times
from bot.understanding.slots.span_ahead import names_span
from bot.understanding.speech import ALWAYS_BAD, MARKS, listen
from bot.understanding.words.masks import mask
from bot.understanding.words.people import NAME, SURNAMES

HERE = Path(__file__)
ANYBODY = Lexicon(HERE, "anybody")
HEARSAY = ("假设", "转述")
SHORT_NAME = 3  # characters; 莫言 denies nothing, 别发展 does
SEVERAL = Lexicon(HERE, "several")
NAMED = Lexicon(HERE, "named")


def _is_thing(words: str) -> bool:
    return not OPENER.stands_first(words) and not ANYBODY.stands_first(mask(words))


def _is_matter(words: str) -> bool:
    return mask(words) != "T" and listen(words).marks.keys().isdisjoint(HEARSAY)


def _may_be_name(words: str) -> bool:
    """Whether words say nothing but a name: 听说王芳 and 昨天王芳 do."""
    masked = mask(words)
    if masked == "P":
        return True
    heard = listen(words)
    harmless = heard.marks.keys().isdisjoint(ALWAYS_BAD) and "T" not in masked
    short = len(words) < SHORT_NAME or (
        len(words) == SHORT_NAME and words[0] in SURNAMES
    )
    return harmless and (short or not heard.denied)


def _is_item(words: str) -> bool:
    heard = listen(words)
    return not heard.denied and heard.marks.keys().isdisjoint(ALWAYS_BAD)


def _are_names(words: str) -> bool:
    masked = mask(f"{words},").removesuffix(",")
    return NAMED.is_one(masked) or bool("T" not in masked and RUN.fullmatch(words))


def _asks(words: str) -> bool:
    return bool(MARKS["疑问"].find(words))


def _says_something(words: str) -> bool:
    """Whether words are more than marks and what ends a question: 。吗 says nothing."""
    return bool(words.strip(" ，,。、；;：:！!？?~～吗呢吧啊呀么"))


FITTING: Sequence[tuple[Collection[str], Callable[[str], bool]]] = (
    (TIMES, lambda words: bool(re.match("(?:N年)?T", mask(words)))),
    (RUNS, is_run_of_times),
    (TIMED, holds_time),
    (SPANS, names_span),
    (HOURS, names_hours),
    (PEOPLE, _may_be_name),
    (PERSONS, lambda words: "T" not in mask(words) and not _asks(words)),
    (ITEMS, _is_item),
    (NAMES, _are_names),
    (AUDIENCES, lambda words: not _asks(SEVERAL.cut(words))),
    (MATTERS, _is_matter),
    (THINGS, _is_thing),
    (ASKED, _asks),
    (UNREAD, _says_something),
)
"""What the words in a slot must be, by its kind; of the others all that fits may be."""
FITS = {kind: fits for kinds, fits in reversed(FITTING) for kind in kinds}


RUN = re.compile(rf"(?:{NAME}){{2,}}")
"""Names without anything between them: 王芳李伟陈静."""


def fits(kind: str, words: str) -> bool:
    """Tell whether words may stand in a slot of a kind."""
    of = FITS.get(kind)
    return of is None or of(words)
