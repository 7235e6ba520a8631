"""Hours of every day in a text: 晚上八点以后, 21点到8点, 早上七点之前."""

from dataclasses import dataclass
from datetime import time
from pathlib import Path

from bot.calendar.quiet_hours import Hours
from bot.config.settings import Quiet
from bot.errors import Refusal
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.when import clock_times
from bot.understanding.when.clock_times import Clock, Part, read_clock
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.tokens import Lexer
from bot.understanding.when.words import clean

LEXER = Lexer(clock_times.RULES)
HERE = Path(__file__)
UNTIL = Lexicon(HERE, "until")
AFTER = Lexicon(HERE, "after")
BEFORE = Lexicon(HERE, "before")
EVENING, NOON = 18, 12
ONE_DAY = Lexicon(HERE, "one_day")
AGAIN = "请带上早晚再说一次，例：晚上九点以后别给我发"


@dataclass(frozen=True)
class _Said:
    """A time of day as it was said, and where."""

    start: int
    end: int
    part: Part | None
    clock: Clock


def names_hours(text: str) -> bool:
    """Whether a text says a time of every day, be it one that may mean two."""
    try:
        return not ONE_DAY.find(text) and bool(_find(_clean(text)))
    except Doubt:
        return True


def find_hours(text: str, quiet: Quiet) -> Hours | None:
    """Find the hours of every day that a text names; None if there are none.

    Those of one day, or of some, are none: 今晚八点以后.
    What has no end ends with the house's quiet hours, and what has no beginning begins
    with them. Raises Refusal, which asks, where a time of day may mean two.
    """
    if ONE_DAY.find(text):
        return None
    words = _clean(text)
    try:
        return _read(words, _find(words), quiet)
    except Doubt as doubt:
        raise Refusal(f"{doubt}{AGAIN}") from doubt


def _clean(text: str) -> str:
    """Spell uniformly; 九点往后 is 九点以后, which the grammar of times passes over."""
    return clean(text.replace("往后", "以后")).text


def _find(words: str) -> list[_Said]:
    found: list[_Said] = []
    part: tuple[int, Part] | None = None
    for token in LEXER.tokens(words):
        match token.meaning:
            case Doubt() as doubt:
                raise doubt
            case Part() as meant:
                part = (token.start, meant)
                continue
            case Clock() as clock:
                near = part is not None and token.start - part[0] <= len("大清早的")
                start, said = part if part and near else (token.start, None)
                found.append(_Said(start, token.end, said, clock))
        part = None
    return found


def _read(words: str, said: list[_Said], quiet: Quiet) -> Hours | None:
    starts = ends = None
    for at, each in enumerate(said):
        later = said[at + 1] if at + 1 < len(said) else None
        if later and UNTIL.fit(words[each.end : later.start]):
            first = _at(each)
            return Hours(first, _end_after(first, later))
        if AFTER.find_at(words, each.end):
            starts = _at(each)
        elif BEFORE.find_at(words, each.end):
            ends = _at(each)
    if starts is None and ends is None:
        return None
    return Hours(starts or quiet.starts, ends or quiet.ends)


def _at(said: _Said) -> time:
    reading = read_clock(said.part, said.clock)
    if reading.doubt:
        raise Doubt(reading.doubt)
    return reading.at


def _end_after(first: time, said: _Said) -> time:
    """Read where hours end: after an evening 八点 is the next morning's.

    After noon 两点 is the same afternoon's.
    """
    bare = said.part is None and not said.clock.exact and said.clock.hour <= NOON
    if bare and first.hour >= EVENING:
        return time(said.clock.hour % NOON, said.clock.minute)
    later = time(said.clock.hour % NOON + NOON, said.clock.minute)
    if bare and first.hour >= NOON and first < later:
        return later
    return _at(said)
