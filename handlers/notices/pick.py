"""Which of the notices words mean: by number, by newness, by day, by their title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.branch.notices.notices import Notice
from bot.text.parts import without
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.overlap import PAIR, share
from bot.understanding.when import Period, find_period

NUMERALS = {each: at for at, each in enumerate("一二三四五六七八九十", 1)}
NUMBER = re.compile(
    r"第\s*(\d{1,9}|[一二三四五六七八九十])\s*[条个]|(?:编号|序号|[#＃])\s*(\d{1,9})"
)
NEWEST, IDLE, NAMED = (
    Lexicon(Path(__file__), name) for name in ("newest", "idle", "named")
)
MARKS = ' \n\t\u3000，,。.！!？?：:；;、“”"《》'
ALIKE = 0.5
MOST_DIGITS = 9


@dataclass(frozen=True)
class Pick:
    """found: the notices that words may mean. said: whether they name any at all."""

    found: tuple[Notice, ...]
    said: bool


def pick(notices: Sequence[Notice], words: str, now: datetime) -> Pick:
    """Pick from notices, the newest first, by the most certain sign in the words."""
    if number := NUMBER.search(words):
        wanted = number_of(number[1] or number[2])
        return Pick(tuple(each for each in notices if each.id == wanted), said=True)
    topic = topic_of(words)
    if found := _alike(notices, topic):
        return Pick(found, said=True)
    if NEWEST.stands_in(words):
        return Pick(tuple(notices[:1]), said=True)
    if period := find_period(words, now, "past"):
        return Pick(_in_period(notices, words, period), said=True)
    named = bool(topic) and (NAMED.stands_in(words) or _touches(notices, topic))
    return Pick(() if named else tuple(notices), said=named)


def pick_answer(notices: Sequence[Notice], words: str) -> Notice | None:
    """Hear which of those offered is meant: its number, or words of its title."""
    bare = words.strip(" \n。.!！吧").removeprefix("第").removesuffix("条")
    bare = bare.removesuffix("个").strip()
    if wanted := number_of(bare):
        return next((each for each in notices if each.id == wanted), None)
    found = _alike(notices, topic_of(words))
    return found[0] if len(found) == 1 else None


def number_in(words: str) -> int | None:
    """Read 第2条, 编号 2, #2; None where no notice is numbered."""
    found = NUMBER.search(words)
    return number_of(found[1] or found[2]) if found else None


def without_pick(words: str) -> str:
    """Leave the words that do not number a notice."""
    return NUMBER.sub("", words)


def number_of(said: str) -> int:
    """Read 2, 二 or 十; 0 for what numbers no notice."""
    if said.isdecimal() and len(said) <= MOST_DIGITS:
        return int(said)
    return NUMERALS.get(said, 0)


def topic_of(words: str) -> str:
    """Leave the words that may stand in a notice; one character says nothing."""
    rest = without(IDLE.cut(NEWEST.cut(words)), MARKS)
    return rest if len(rest) >= PAIR else ""


def _in_period(
    notices: Sequence[Notice], words: str, period: Period
) -> tuple[Notice, ...]:
    """Find those that went in a stretch of days: 昨天的党费通知."""
    first, last = period.span
    topic = topic_of(words[:first] + words[last:])
    found = [each for each in notices if period.start <= each.goes_at < period.end]
    return _alike(found, topic) if topic else tuple(found)


def _touches(notices: Sequence[Notice], topic: str) -> bool:
    """Whether a topic shares anything with any: what shares nothing is only talk."""
    return any(share(topic, each.text) for each in notices)


def _alike(notices: Sequence[Notice], topic: str) -> tuple[Notice, ...]:
    """Find whose text shares most of the topic's pairs, and at least half of them."""
    if not topic:
        return ()
    scores = [(share(topic, each.text), each) for each in notices]
    best = max((score for score, _ in scores), default=0.0)
    if best < ALIKE:
        return ()
    return tuple(each for score, each in scores if score == best)
