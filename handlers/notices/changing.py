"""A change told to a notice's preview, put into the draft: only what is said changes.

改成周四 changes the day in the text, 地点换成302 the place, 陈静不用来 the audience;
the hour of sending is said with 发, and never becomes the meeting's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.branch.notices.drafts import Draft
from bot.branch.people.audience import Audience, select_people
from bot.calendar.say import say_whole_day
from bot.command import Ask
from bot.understanding.drafts.changes import Change, names_number, read_changes
from bot.understanding.drafts.patching import Patched, move_moment, times_in
from bot.understanding.drafts.rewording import patch
from bot.understanding.slots.audience import (
    change_audience,
    find_people_said,
    read_audience,
)
from bot.understanding.slots.overlap import share
from bot.understanding.slots.scope import Scope
from bot.understanding.speech import listen
from bot.understanding.text import normalise
from bot.understanding.when import read_when
from bot.understanding.when.instead import half_of
from handlers.notices.pick import ALIKE, topic_of

LEAST = 6  # characters of a text that is worth sending
MARKS = "，。！；：\n"
LEAST_MORE = 5  # characters: less may be somebody's name, written wrongly
OF_WORDS = ("time", "shift", "place", "words", "more", "amount", "cut")
"""Changes of what a notice says, in part."""


@dataclass(frozen=True)
class Changed:
    """A draft after a change. marks: what took the place of what, to be shown."""

    draft: Draft
    marks: tuple[str, ...] = ()

    def with_text(self, patched: Patched) -> "Changed":
        told = patched.old and patched.old != patched.new
        marks = (*self.marks, patched.mark) if told else self.marks
        return Changed(replace(self.draft, text=patched.text), marks)

    def with_audience(self, audience: Audience) -> "Changed":
        return Changed(replace(self.draft, audience=audience), self.marks)


def change(ask: Ask, draft: Draft, said: str) -> Changed | None:
    """Take what is said as changes; None where it is none. Raises Refusal."""
    scope = Scope(ask.session, ask.standing.branch)
    changed: Changed | None = None
    for each in read_changes(said, ask.now, partial(speaks_of, draft.text)):
        if (meant := _of_notice(ask, scope, draft, each)) is None:
            return None
        changed = _apply(ask, scope, changed or Changed(draft), meant)
    return changed


def _of_notice(ask: Ask, scope: Scope, draft: Draft, change: Change) -> Change | None:
    """Take a change for one of a notice, with none but the people of its words."""
    if change.what == "beside":
        other = listen(normalise(ask.text).text).asks or ask.orders()
        return None if other else change
    if change.what in ("without", "with", "to", "seat"):
        if people := find_people_said(scope, change.words):
            return replace(change, words=people)
        return _of_text(draft.text, change)
    if change.what in ("words", "cut") and change.old not in draft.text:
        return None
    if change.what == "text":
        return change if is_whole_text(change.words) else None
    return change if change.what in OF_WORDS else None


def _of_text(text: str, change: Change) -> Change | None:
    """Take what names nobody for words of the text: 去掉带党徽, 再加上迟到的不等."""
    if change.what == "without" and change.words in text:
        return Change("cut", "", change.words)
    if change.what == "with" and len(change.words) >= LEAST_MORE:
        return Change("more", change.words)
    return None


def names_anything(said: str, now: datetime) -> bool:
    """Tell whether a change names what it is of, be that there or not."""
    return any(each.of for each in read_changes(said, now, lambda _words: True))


def names(said: str, text: str, now: datetime) -> bool:
    """Tell whether what is said names what a notice speaks of, and changes it."""
    changes = read_changes(said, now, partial(speaks_of, text))
    return any(each.of for each in changes)


def speaks_of(text: str, words: str) -> bool:
    """Tell whether a notice's text speaks of what words name: 合影, 讲座那个.

    字数 is spoken of where figures are.
    """
    if names_number(words):
        return words[0] in text and any(map(str.isdecimal, text))
    topic = topic_of(words)
    return bool(topic) and share(topic, text) >= ALIKE


def _apply(ask: Ask, scope: Scope, changed: Changed, change: Change) -> Changed:
    match change.what:
        case "text":
            text = ask.whole(change.words)
            return replace(changed, draft=replace(changed.draft, text=text))
        case "seat":
            return _seat(ask, scope, changed, change.words)
        case "with" | "without" | "to" as what:
            there = changed.draft.audience
            return changed.with_audience(
                change_audience(scope, there, what, change.words)
            )
    if goes_at := _when_sent(changed.draft, change, ask.now):
        return replace(changed, draft=replace(changed.draft, goes_at=goes_at))
    patched = patch(changed.draft.text, change, ask.now, limits=True)
    return changed.with_text(patched) if patched else changed


def _when_sent(draft: Draft, change: Change, now: datetime) -> datetime | None:
    """Tell when it goes now, where that is changed; None where the text is."""
    if change.what == "time" and _is_of_sending(draft, change, now):
        return move_moment(draft.goes_at or now, change.words, now)
    if change.what == "shift" and draft.goes_at and not times_in(draft.text, now):
        return draft.goes_at + change.by
    return None


def _seat(ask: Ask, scope: Scope, changed: Changed, people: str) -> Changed:
    """Say who sits in, and tell those too who would not hear of it."""
    more = Change("more", f"{people}列席")
    patched = patch(changed.draft.text, more, ask.now)
    seated = changed.with_text(patched) if patched else changed
    told = _numbers(ask, changed.draft.audience)
    if _numbers(ask, read_audience(scope, people)) <= told:
        return seated
    audience = change_audience(scope, changed.draft.audience, "with", people)
    return seated.with_audience(audience)


def _numbers(ask: Ask, audience: Audience) -> set[int]:
    rows = ask.session.execute(select_people(ask.session, audience))
    return {number for number, _ in rows}


def _is_of_sending(draft: Draft, change: Change, now: datetime) -> bool:
    """Whether 八点太早了 speaks of the hour of sending: the text has no 八点."""
    if draft.goes_at is None or not change.old:
        return False
    told = [each.next[0] for each in times_in(draft.text, now) if each.next]
    hours = [_on_a_clock(each) for each in told]
    half, day = half_of(draft.goes_at), say_whole_day(draft.goes_at).partition("（")[0]
    meant = [read_when(f"{day}{each}{change.old}", now).next for each in ("", half)]
    clock = _on_a_clock(draft.goes_at)
    return clock in [_on_a_clock(each[0]) for each in meant if each] and (
        clock not in hours
    )


def _on_a_clock(moment: datetime) -> tuple[int, int]:
    return moment.hour % 12, moment.minute


def is_whole_text(said: str) -> bool:
    """Whether words after 改成 are a text, and no value of an unknown kind."""
    return len(said) >= LEAST or any(mark in said for mark in MARKS)


def say_marks(marks: Sequence[str]) -> str:
    return f"改动：{'；'.join(marks)}" if marks else ""
