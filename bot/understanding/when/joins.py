"""Which words of time belong to the phrase before them, and what they add to it."""

import re
from collections.abc import Callable
from typing import Any

from bot.understanding.when.clock_times import Clock, Part
from bot.understanding.when.days import DayWord, FestivalDay, WorkdayAhead
from bot.understanding.when.distances import After, Move
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.every import Every
from bot.understanding.when.marks import Blur, Deadline, Since, To, Vague
from bot.understanding.when.phrase import NOT_READ, Day, Phrase
from bot.understanding.when.scopes import PointDay, Scope
from bot.understanding.when.tokens import Token
from bot.understanding.when.weekdays import WeekdayDay

_TIGHT = re.compile(r"的?[(（]?")
_LOOSE = re.compile(
    r"[的在于是定)）,，:]{0,2}(?:当天|那天|当日|这天|那个?)?的?[在于,，]?"
)
_FAR = re.compile(r"[^,，。;；!?！？]{0,8}")


def joins(phrase: Phrase, token: Token, gap: str) -> bool:
    """Add the word to the phrase, if it belongs there."""
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
    if phrase.to and phrase.scope and not phrase.clock:
        phrase.scope_range_end, phrase.to = scope, False
        return True
    if phrase.to and phrase.days:
        phrase.doubt = NOT_READ
        return True
    yearly = phrase.every == Every("year") and not phrase.days
    if (phrase.places_time() and not yearly) or not _LOOSE.fullmatch(gap):
        return False
    phrase.scope = scope
    return True


def _join_every(phrase: Phrase, every: Every, gap: str) -> bool:
    if every == Every("day") and _LOOSE.fullmatch(gap) and _says_weekdays(phrase):
        return True
    bare_week = phrase.every == Every("week") and every.unit == "workday"
    if (phrase.places_time() and not bare_week) or not _LOOSE.fullmatch(gap):
        return False
    phrase.every = every
    return True


def _says_weekdays(phrase: Phrase) -> bool:
    """周一到周五每天: the 每天 adds nothing but that it recurs."""
    if phrase.every is not None:
        return bool(phrase.every.weekdays) and not phrase.days
    only = phrase.days[0] if len(phrase.days) == 1 else None
    if not isinstance(only, WeekdayDay) or not only.ranged or only.week is not None:
        return False
    phrase.days, phrase.every = [], Every("week", weekdays=only.days)
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
    if phrase.is_empty():
        phrase.adrift = move.words.strip("的")
        return False
    near = (_FAR if move.loose else _TIGHT).fullmatch(gap)
    if not phrase.places_time() or not near:
        return False
    phrase.moves.append(move)
    phrase.moved_clock = phrase.clock is not None
    return True


def _join_after(phrase: Phrase, after: After, gap: str) -> bool:
    if phrase.days and phrase.clock is None and not after.within:
        return _join_move(phrase, Move(after.distance, after.words), gap)
    apart = not (phrase.is_empty() or _LOOSE.fullmatch(gap))
    if phrase.places_time() or apart:  # 打电话 一小时后 is not from 打 on
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
    phrase.before = mark.before
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
