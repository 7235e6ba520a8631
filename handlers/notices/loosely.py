"""An order for a notice said in any order: what it says first, whom and how last.

警示教育片观后感20号前交 全支部都要 麻烦发下 · 孙丽也要来听党课 你单独跟她讲
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.understanding.sentences.form import CROWD
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.audience import Take
from bot.understanding.slots.clauses import part_clauses

HERE = Path(__file__)
SENDS, PICKS, POLITE, TO, PRONOUN, ALL_OF_THEM, FILLS = (
    Lexicon(HERE, name)
    for name in ("sends", "picks", "polite", "to", "pronoun", "all_of_them", "fills")
)
OF = "的"
GROUP = re.compile(CROWD)


@dataclass(frozen=True)
class Told:
    """who: the words for the audience. text: what is to be said."""

    who: str
    text: str


@dataclass(frozen=True)
class _Clause:
    """sends: whether it orders. who: whom it names; text: what of it is to be said."""

    text: str
    who: str = ""
    sends: bool = False
    them: bool = False
    """It sends to 她 or 他们: whoever was named before."""


def read_loosely(said: str, take: Take) -> Told | None:
    """Part a text into whom it is for and what it says; None where nothing orders."""
    clauses = [_read(each, take) for each, _ in part_clauses(said)]
    if not any(each.sends for each in clauses):
        return None
    who = next((each.who for each in clauses if each.who), "")
    kept = [each.text for each in clauses if each.text]
    if not who and kept:
        who, kept = _named_first(kept, take, of_them=any(x.them for x in clauses))
    text = "，".join(kept)
    return Told(who, text) if text else None


def _named_first(
    kept: Sequence[str], take: Take, *, of_them: bool
) -> tuple[str, list[str]]:
    """Find whom the words begin with: 一组的…, or 孙丽也要来 where it says 跟她讲."""
    who, rest = take(kept[0])
    group = GROUP.match(who)
    if who and (of_them or group or rest.startswith(OF) or not rest.strip()):
        own = rest.strip() and not rest.startswith(OF) and (of_them or group)
        more = kept[0] if own else rest.removeprefix(OF)
        return who, [each for each in (more, *kept[1:]) if each.strip()]
    return "", list(kept)


def _read(clause: str, take: Take) -> _Clause:
    bare = FILLS.cut_start(clause)
    if (hit := SENDS.find(bare)) is None:
        who, rest = take(bare)
        if who and ALL_OF_THEM.is_all_of(rest):
            return _Clause("", who)
        picks = PICKS.stands_in(bare)
        return _Clause(bare, sends=picks, them=picks)
    before, after = POLITE.cut_end(bare[: hit.start()]), bare[hit.end() :]
    before, whom, them = _part_whom(before, take)
    who, rest = take(after)
    if PRONOUN.stands_first(after):
        them, rest = True, PRONOUN.cut_first(after)
    them = them or hit["them"] is not None
    rest = "" if ALL_OF_THEM.is_all_of(rest) else rest
    text = "，".join(each for each in (before, rest.strip()) if each)
    return _Clause(text, whom or who, sends=True, them=them)


def _part_whom(before: str, take: Take) -> tuple[str, str, bool]:
    """Part what stands before the verb into content, whom, and whether it is 她."""
    for hit in reversed(list(TO.find_all(before))):
        said = before[hit.end() :]
        ahead = POLITE.cut_end(before[: hit.start()])
        if PRONOUN.is_one(said):
            return ahead, "", True
        who, rest = take(said)
        if who and ALL_OF_THEM.is_all_of(rest):
            return ahead, who, False
    who, rest = take(before)
    if who and ALL_OF_THEM.is_all_of(rest):
        return "", who, False
    return before, "", False
