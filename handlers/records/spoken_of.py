"""我那个奖其实是一等奖: what is said of a record that one told; shown first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from bot.branch.records import book, search
from bot.branch.records.declared import every_kind, find_kind
from bot.branch.records.fields import Choice, Words
from bot.branch.records.tables import Record
from bot.branch.records.values import values_of
from bot.command import Answer, Ask, Kept, Referring
from bot.errors import Refusal
from bot.inbox import focus
from bot.inbox.focus import Spoken
from bot.understanding.drafts.changes import without_sighs
from bot.understanding.sentences.forms import Forms
from bot.understanding.slots.instead import read_instead
from bot.understanding.speech import asks_of_us
from bot.understanding.text import normalise
from bot.understanding.when import find_period
from handlers.records import preview
from handlers.records.changing import show_withdrawing
from handlers.records.checklist_marks import MARKING
from handlers.records.drafts import DRAFT, Draft
from handlers.records.edits import SET, change
from handlers.records.tell import go_on

FOCUS = "record"
FORMS = Forms(Path(__file__), "named", "plain", "bare")
TITLES = frozenset(
    word for kind in every_kind() for each in kind.fields for word in each.words
) - {"时间", "地点"}
"""What a correction names by itself; a meeting and a notice have those two as well."""
PLAIN = "plain"
CHANGING = ("不是", "改成", "改为", "换成")
"""What tells by itself how a record is changed; 其实是 only leads to it."""
WHICH_DAY = "“{said}”是哪一天？没有动。请把日子和要改成什么放在一句里再说一遍。"
SETTLED = "{title}已经定了或者不是您的，撤不掉，什么也没动。要撤请找支部书记。"
LAST = "record.last"
VERBS = (
    "记",
    "记下",
    "记上",
    "登记",
    "补记",
    "报",
    "填",
    "写",
    "说",
    "勾",
    "勾上",
    "交",
)
OWN_WAYS = {
    "concern": "concern.withdraw",
    "appointment": "talk.call_off",
}
"""Kind → the command that takes one back, where that is more than a record less."""
LOOKED_AT = 10
NAMED_FOR = timedelta(days=30)
"""How long ago something may have been told that is corrected by what it is called."""


def _part(text: str) -> tuple[str, str]:
    """Part what a correction names from what it says; "" and "" for no correction."""
    if instead := read_instead(text):
        old, new = instead
        return "", f"不是{old}，是{new}"
    if asks_of_us(normalise(text).text):
        return "", ""
    titled = SET.find(text)
    if titled and not titled.start and titled.slots["title"] in TITLES:
        return "", text
    found = FORMS.find(without_sighs(text))
    if found is None or found.start:
        return "", ""
    if found.template.intent == PLAIN:
        return "", found.slots["to"]
    how = found.slots["how"]
    said = how if how in CHANGING else ""
    return found.slots.get("thing", ""), said + found.slots["to"]


def _corrects(text: str) -> bool:
    return bool(_part(text)[1])


def _find(ask: Ask) -> Spoken | None:
    """Find the last record that somebody told, and that such a correction fits."""
    thing, said = _part(ask.said)
    if not said:
        return None
    day = _day_named(ask)
    just_told = _just_told(ask)
    for row in search.latest_by(ask.session, ask.member, LOOKED_AT):
        age = ask.now - row.recorded_at
        named = thing and any(thing in each for each in _called(ask, row))
        meant = named or (not thing and row.id == just_told)
        meant = meant and (day is None or row.day == day)
        if meant and age < NAMED_FOR and _changed(ask, row, said):
            return Spoken(FOCUS, {"record": row.id}, min(age, focus.LASTS))
    return None


def _day_named(ask: Ask) -> date | None:
    """Return the day of what a correction is of: 27号那条服务; None where none is said.

    Raises Refusal for words that may be more than a day.
    """
    found = FORMS.find(without_sighs(ask.said))
    on = found.slots.get("on", "") if found else ""
    period = find_period(on, ask.now, "past") if on else None
    if on and (period is None or period.end - period.start > timedelta(days=1)):
        raise Refusal(WHICH_DAY.format(said=on))
    return period.start.date() if period else None


def _just_told(ask: Ask) -> int | None:
    """Return the number of the record that was told last, some hours ago at most."""
    rows = search.latest_by(ask.session, ask.member, 1)
    fresh = [each for each in rows if ask.now - each.recorded_at < focus.LASTS]
    return fresh[0].id if fresh else None


def _called(ask: Ask, row: Record) -> Iterator[str]:
    """Yield what a record may be called: as its kind, or by any of its words."""
    kind = find_kind(row.kind)
    yield from (kind.title, *kind.said)
    yield preview.line(kind, row, values_of(ask.session, row), ask)


def _changed(ask: Ask, row: Record, said: str) -> Draft | None:
    kind = find_kind(row.kind)
    if not book.may_change(ask.session, row, ask.member, ask.standing):
        return None
    draft = Draft(kind, values_of(ask.session, row), of=row.id)
    changed = change(ask, draft, said)
    if changed is None or changed.values == draft.values:
        return None
    return None if _is_plain(ask.said) and not _is_choice(draft, changed) else changed


def _is_plain(text: str) -> bool:
    """Tell whether a text only says what something is: 这个是市级的."""
    if read_instead(text):
        return False
    found = FORMS.find(without_sighs(text))
    return found is not None and found.template.intent == PLAIN


def _is_choice(old: Draft, new: Draft) -> bool:
    """Tell whether all that changes is which of a choice it is, and its words."""
    fields = [
        each
        for each in new.kind.fields
        if new.values.get(each.name) != old.values.get(each.name)
    ]
    return any(isinstance(each, Choice) for each in fields) and all(
        isinstance(each, Choice | Words) for each in fields
    )


def _title(ask: Ask, kept: Kept) -> str:
    row = ask.session.get_one(Record, kept["record"])
    return f"第 {row.id} 条{find_kind(row.kind).title}"


def _hear(ask: Ask, kept: Kept) -> Answer:
    row = ask.session.get_one(Record, kept["record"])
    changed = _changed(ask, row, _part(ask.said)[1])
    assert changed is not None  # it was found so
    return go_on(ask, changed)


def _find_last(ask: Ask) -> Spoken | None:
    number = _just_told(ask)
    if number is None:
        return None
    row = ask.session.get_one(Record, number)
    return Spoken(LAST, {"record": number}, ask.now - row.recorded_at)


def _withdraw(ask: Ask, kept: Kept) -> Answer:
    """Show what taking it back does; what has a way of its own goes by that."""
    row = ask.session.get_one(Record, kept["record"])
    if not book.may_change(ask.session, row, ask.member, ask.standing):
        raise Refusal(SETTLED.format(title=_title(ask, kept)))
    own = OWN_WAYS.get(row.kind)
    if own is None:
        return show_withdrawing(ask, kept)
    command = ask.commands.by_intent[own]
    number = str(row.id)
    return command.run(replace(ask, words=number, slots={"number": number}))


TOLD_LAST = Referring(
    LAST,
    title=_title,
    find=_find_last,
    undo=_withdraw,
    verbs=VERBS,
    called=(*dict.fromkeys(word for kind in every_kind() for word in kind.said),),
    of=(DRAFT, MARKING),
)
REFERRING = Referring(
    FOCUS,
    cue=_corrects,
    title=_title,
    fits=lambda ask, kept: True,
    hear=_hear,
    find=_find,
)
