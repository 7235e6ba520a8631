"""Words of time that belong together: a day, its hour, and how it is meant."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.understanding.when import (
    clock_times,
    days,
    distances,
    every,
    marks,
    scopes,
    weekdays,
)
from bot.understanding.when.clock_times import Clock, Part
from bot.understanding.when.days import DayWord, FestivalDay, WorkdayAhead
from bot.understanding.when.distances import After, Move
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.every import Every
from bot.understanding.when.marks import Blur, Deadline, Since, To, Vague
from bot.understanding.when.scopes import PointDay, Scope
from bot.understanding.when.tokens import Lexer, Token
from bot.understanding.when.weekdays import WeekdayDay
from bot.understanding.when.words import Words

Day = DayWord | FestivalDay | WorkdayAhead | PointDay | WeekdayDay | After

LEXER = Lexer(
    marks.EARLY_RULES
    + every.RULES
    + weekdays.RULES
    + distances.RULES
    + days.RULES
    + clock_times.RULES
    + scopes.RULES
    + marks.LATE_RULES
)

_TIGHT = re.compile(r"的?[(（]?")
_LOOSE = re.compile(
    r"[的在于是定)）,，:]{0,2}(?:当天|那天|当日|这天|那个?)?的?[在于,，]?"
)
_LEFT_OVER = {"上", "下", "每", "隔", "第", "几", "数", "半"}
_LEFT_OVER_AFTER = re.compile(
    r"[\d一二两三四五六七八九十]{0,3}点(?![名评赞击])|[刻旬]|半(?!小时|个|天|年|数)"
)
_NOT_READ = "这个时间我没完全看懂，请换个说法，例如“下周三下午2点”。"
_FAR = re.compile(r"[^,，。;；!?！？]{0,8}")


@dataclass
class Phrase:
    """What was said of one time; start and end are places in the cleaned text."""

    start: int
    end: int
    reach: int
    days: list[Day] = field(default_factory=list)
    day_range_end: Day | None = None
    scope: Scope | None = None
    every: Every | None = None
    part: Part | None = None
    clock: Clock | None = None
    end_part: Part | None = None
    end_clock: Clock | None = None
    moves: list[Move] = field(default_factory=list)
    moved_clock: bool = False
    deadline: bool = False
    within: bool = False
    since: bool = False
    until: bool = False
    first: "Phrase | None" = None
    last: "Phrase | None" = None
    to: bool = False
    doubt: str | None = None
    doubt_ahead: str | None = None

    def places_time(self) -> bool:
        """Whether it holds more than a word like 前 or 左右 that stands alone."""
        parts = (self.days, self.scope, self.every, self.part, self.clock)
        return any(parts) or self.doubt is not None

    def is_empty(self) -> bool:
        return self.start == self.reach

    def bounds_rule(self) -> bool:
        """Whether it is only the first or the last day of something."""
        bound = self.since or self.until or self.day_range_end is not None
        return bound and bool(self.days) and self.clock is None and not self.doubt


def read_phrases(words: Words) -> list[Phrase]:
    """Gather all times of a text, in their order."""
    phrases = [phrase for phrase in _group(words.text) if phrase.places_time()]
    for phrase in phrases:
        _note_leftover(phrase, words.text)
    return _join_bounds(phrases)


def _group(text: str) -> Iterator[Phrase]:
    phrase = Phrase(0, 0, 0)
    for token in LEXER.tokens(text):
        if not _joins(phrase, token, text[phrase.reach : token.start]):
            yield phrase
            phrase = Phrase(token.start, token.start, token.start)
            _joins(phrase, token, "")
        phrase.reach = token.end
        if not isinstance(token.meaning, To):
            phrase.end = token.end
    yield phrase


def _note_leftover(phrase: Phrase, text: str) -> None:
    """Doubt a phrase with a word of time beside it that no rule took."""
    before, after = text[: phrase.start][-1:], text[phrase.end :][:4]
    if before in _LEFT_OVER or _LEFT_OVER_AFTER.match(after):
        phrase.doubt = phrase.doubt or _NOT_READ
    if phrase.doubt_ahead and phrase.places_time():
        phrase.doubt = phrase.doubt_ahead


def _join_bounds(phrases: list[Phrase]) -> list[Phrase]:
    """Give a rule its first and last day: 从下周一起每天, 每天…到月底为止."""
    rules = [phrase for phrase in phrases if phrase.every]
    if len(rules) != 1:
        return phrases
    rule, rest = rules[0], []
    for phrase in phrases:
        if phrase is rule or not phrase.bounds_rule():
            rest.append(phrase)
            continue
        rule.first = phrase if phrase.since or phrase.day_range_end else rule.first
        rule.last = phrase if phrase.until or phrase.day_range_end else rule.last
        rule.start = min(rule.start, phrase.start)
        rule.end = max(rule.end, phrase.end)
    return rest


def _joins(phrase: Phrase, token: Token, gap: str) -> bool:
    return _JOINS[type(token.meaning)](phrase, token.meaning, gap)


def _join_day(phrase: Phrase, day: Day, gap: str) -> bool:
    if phrase.to and phrase.days and phrase.clock is None:
        phrase.day_range_end, phrase.to = day, False
        return True
    if phrase.clock or phrase.part or phrase.moves or phrase.scope:
        return _join_scoped(phrase, day, gap)
    alone = not phrase.days and phrase.every is None
    if not (_LOOSE if alone else _TIGHT).fullmatch(gap):
        return False
    phrase.days.append(day)
    return True


def _join_scoped(phrase: Phrase, day: Day, gap: str) -> bool:
    """本周 + 第一个工作日, 下个月 + 5号."""
    bare = isinstance(day, PointDay) and day.scope is None
    if phrase.scope is None or not bare or not _TIGHT.fullmatch(gap):
        return False
    assert isinstance(day, PointDay)
    phrase.days.append(PointDay(phrase.scope, day.point))
    phrase.scope = None
    return True


def _join_scope(phrase: Phrase, scope: Scope, gap: str) -> bool:
    if phrase.places_time() or not _LOOSE.fullmatch(gap):
        return False
    phrase.scope = scope
    return True


def _join_every(phrase: Phrase, every: Every, gap: str) -> bool:
    bare_week = phrase.every == Every("week") and every.unit == "workday"
    if (phrase.places_time() and not bare_week) or not _LOOSE.fullmatch(gap):
        return False
    phrase.every = every
    return True


def _join_part(phrase: Phrase, part: Part, gap: str) -> bool:
    if not _LOOSE.fullmatch(gap) or phrase.end_clock is not None:
        return False
    if phrase.to:
        phrase.end_part = part
        return True
    if phrase.part is not None or phrase.clock is not None:
        return False
    phrase.part = part
    return True


def _join_clock(phrase: Phrase, clock: Clock, gap: str) -> bool:
    if not _LOOSE.fullmatch(gap) and gap not in {" ", "T"}:
        return False
    if phrase.to and phrase.clock is not None and phrase.end_clock is None:
        phrase.end_clock, phrase.to = clock, False
        return True
    if phrase.clock is not None:
        return False
    phrase.clock = clock
    return True


def _join_move(phrase: Phrase, move: Move, gap: str) -> bool:
    near = (_FAR if move.loose else _TIGHT).fullmatch(gap)
    if not phrase.places_time() or not near:
        return False
    phrase.moves.append(move)
    phrase.moved_clock = phrase.clock is not None
    return True


def _join_after(phrase: Phrase, after: After, gap: str) -> bool:
    if phrase.days and phrase.clock is None and not after.within:
        words = "前" if after.distance.backwards() else "后"
        return _join_move(phrase, Move(after.distance, words), gap)
    if phrase.places_time():
        return False
    phrase.days.append(after)
    phrase.deadline = phrase.deadline or after.within
    return True


def _join_deadline(phrase: Phrase, mark: Deadline, gap: str) -> bool:
    if not _TIGHT.fullmatch(gap) or (mark.leads and not phrase.places_time()):
        alone = phrase.is_empty() and mark.leads
        phrase.deadline = phrase.deadline or alone
        phrase.until = phrase.until or (alone and mark.until)
        return alone
    phrase.deadline = phrase.deadline or phrase.places_time()
    phrase.within, phrase.until = mark.within, phrase.until or mark.until
    return phrase.places_time()


def _join_since(phrase: Phrase, mark: Since, gap: str) -> bool:
    if mark.leads:
        return phrase.is_empty()
    if not phrase.places_time() or gap:
        return False
    phrase.since = True
    return True


def _join_to(phrase: Phrase, mark: To, gap: str) -> bool:
    if not phrase.places_time() or gap or phrase.since:
        return False
    phrase.to = True
    return True


def _join_blur(phrase: Phrase, blur: Blur, gap: str) -> bool:
    if blur.leads:
        phrase.doubt_ahead = blur.asks if phrase.is_empty() else phrase.doubt_ahead
        return phrase.is_empty()
    if not phrase.places_time() or gap:
        return False
    phrase.doubt = phrase.doubt or blur.asks
    return True


def _join_vague(phrase: Phrase, vague: Vague, gap: str) -> bool:
    return _join_doubt(phrase, Doubt(vague.asks), gap)


def _join_doubt(phrase: Phrase, doubt: Doubt, gap: str) -> bool:
    if not _LOOSE.fullmatch(gap):
        return False
    phrase.doubt = phrase.doubt or str(doubt)
    return True


_JOINS: dict[type, Callable[[Phrase, Any, str], bool]] = {
    DayWord: _join_day,
    FestivalDay: _join_day,
    WorkdayAhead: _join_day,
    PointDay: _join_day,
    WeekdayDay: _join_day,
    After: _join_after,
    Scope: _join_scope,
    Every: _join_every,
    Part: _join_part,
    Clock: _join_clock,
    Move: _join_move,
    Deadline: _join_deadline,
    Since: _join_since,
    To: _join_to,
    Vague: _join_vague,
    Blur: _join_blur,
    Doubt: _join_doubt,
}
