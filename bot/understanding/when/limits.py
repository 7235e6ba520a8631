"""The first and the last day of what recurs: 从下周起, 到月底为止, 年底前, 这个月."""

import re
from dataclasses import replace
from datetime import date, timedelta

from bot.calendar.recurrence.rule import Recurrence
from bot.calendar.workdays import Notice
from bot.understanding.when.choices import choices
from bot.understanding.when.doubt import Doubt
from bot.understanding.when.phrase import Phrase
from bot.understanding.when.scopes import PointDay, Scope

_ADJACENT = re.compile(r"[的内里,，]?")
_IS_LAST_DAY_IN = "{day}当天算不算？请说“到{day}为止”或“到{before}为止”。"
_PAST = "{words}已经过去了，请说将来的时间。"


def bounds(phrase: Phrase, rule: Phrase, text: str) -> bool:
    """Whether a phrase is only the first or the last day, or the stretch, of a rule.

    A limit, or a stretch, must stand right before the rule; elsewhere it may be about
    what is to be done: 每天提醒大家年底前交材料.
    """
    if phrase.clock is not None or phrase.part is not None or phrase.moves:
        return False
    if phrase.doubt or phrase.every or not (phrase.days or phrase.scope):
        return False
    if phrase.since or phrase.until or (phrase.days and phrase.day_range_end):
        return True
    ahead = phrase.end <= rule.start
    near = ahead and _ADJACENT.fullmatch(text[phrase.end : rule.start])
    return bool(near and (phrase.scope is not None or phrase.before))


def join(phrase: Phrase, rule: Phrase) -> None:
    """Let the rule begin or end there."""
    whole = phrase.scope is not None and not (phrase.before or phrase.until)
    ends = phrase.until or phrase.before or phrase.day_range_end is not None
    if phrase.since or phrase.day_range_end is not None or (whole and not phrase.since):
        rule.first = phrase
    if ends or (whole and not phrase.since):
        rule.last = phrase
    rule.start = min(rule.start, phrase.start)
    rule.end = max(rule.end, phrase.end)


def limited(
    rule: Recurrence, phrase: Phrase, today: date, notice: Notice
) -> Recurrence:
    """Give the rule its first and last day; Doubt if the last may not count."""
    if phrase.last is not None:
        rule = replace(rule, until=_last(rule, phrase.last, today, notice))
    if phrase.first is not None:
        rule = replace(rule, anchor=_first(phrase.first, today, notice))
    return rule


def _first(phrase: Phrase, today: date, notice: Notice) -> date:
    if phrase.scope is not None:
        return max(_span(phrase.scope, today)[0], today)
    return choices(phrase.days[0], today, notice).coming(today)


def _last(rule: Recurrence, phrase: Phrase, today: date, notice: Notice) -> date:
    if phrase.scope is not None:
        first, last = _span(phrase.scope, today)
        if phrase.scope_range_end is not None:
            ends = (span[1] for span in phrase.scope_range_end.spans(today))
            return min((end for end in ends if end > last), default=last)
        return first - timedelta(days=1) if phrase.before else last
    day = phrase.day_range_end or phrase.days[0]
    found = choices(day, today, notice).coming(today)
    ends_stretch = isinstance(day, PointDay) and day.point.numbers == (-1,)
    if not phrase.before or ends_stretch or not rule.is_on(found, notice):
        return found
    before = found - timedelta(days=1)
    said, earlier = (f"{each.month}月{each.day}日" for each in (found, before))
    raise Doubt(_IS_LAST_DAY_IN.format(day=said, before=earlier))


def _span(scope: Scope, today: date) -> tuple[date, date]:
    for first, last in scope.spans(today):
        if last >= today:
            return first, last
    raise Doubt(_PAST.format(words=scope.words()))
