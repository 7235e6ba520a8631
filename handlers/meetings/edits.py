"""What may be changed of a meeting in its preview: 改到 …, 地点 …, 议题 …, 主持 …."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.branch.meetings.kinds import Kind, find_kind
from bot.branch.meetings.plans import Plan
from bot.command import Ask
from bot.errors import Refusal
from bot.understanding.drafts.changes import (
    ENDS,
    LEADS_TO,
    Change,
    read_changes,
    without_sighs,
)
from bot.understanding.drafts.cues import goes_back
from bot.understanding.drafts.patching import in_week_of, move_moment
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.place import is_place
from bot.understanding.slots.scope import Scope
from bot.understanding.speech import listen
from bot.understanding.when import find_when
from bot.understanding.when.instead import NOON, keeps_hour, only_hour, read_same_day
from bot.understanding.words.people import PERSON
from handlers.meetings.applying import apply_clause, read_items
from handlers.meetings.calling import change_people
from handlers.meetings.clauses import (
    IN_AN_EDIT,
    MARKS,
    OF_KIND,
    SAME_HOUR,
    Clause,
    read_clause,
)
from handlers.meetings.reading import branch_of, says_more, take_moment, take_place
from handlers.meetings.shifting import read_shift

WHERE = ("to", "at")
"""Sections of a clause that says when or where."""
TAIL = Lexicon(Path(__file__), "tail")
NOBODY = "名册里没有{name}，没有改。不在名册的客人来听，说“列席 {name}老师”。"


def read_edit(
    ask: Ask, plan: Plan, words: str | None = None, *, bare: bool = False
) -> Plan | None:
    """Change a plan by what is said; None if the words change nothing.

    bare: a moment or a place alone is the answer to what was asked.
    """
    said = (ask.text if words is None else words).strip(" 。！!，,")
    clause = read_clause(said, IN_AN_EDIT)
    if clause and clause.of in ("agenda", "item"):
        return _read_one(ask, plan, said, bare=bare)
    return _read(ask, plan, said, bare=bare)


def _read(ask: Ask, plan: Plan, said: str, *, bare: bool) -> Plan | None:
    return (
        _read_kind(ask, plan, said)
        or _read_place(ask, plan, said)
        or _read_each(ask, plan, said, bare=bare)
        or _read_one(ask, plan, said, bare=bare)
    )


def _read_kind(ask: Ask, plan: Plan, said: str) -> Plan | None:
    """Read which kind of meeting it is instead; None where that is not said.

    Whom the kind calls comes then, and who was called besides sits in still.
    """
    kind = find_new_kind(said)
    if kind is None or kind == plan.kind:
        return None
    scope = Scope(ask.session, ask.standing.branch)
    branch = branch_of(scope, kind, said)
    return replace(plan, kind=kind, branch=branch, name="", only=(), without=())


def find_new_kind(said: str) -> Kind | None:
    """Find which kind of meeting a clause says that it is to be."""
    found = OF_KIND.find(without_sighs(said))
    named = find_kind(found.slots["words"]) if found and not found.start else None
    return named[0] if named else None


def _read_place(ask: Ask, plan: Plan, said: str) -> Plan | None:
    """Read another place, also put for the one that is planned: 是302不是301."""
    changes = read_changes(said, ask.now, partial(is_called, plan))
    if not changes or not all(is_of_place(plan, each) for each in changes):
        return None
    return replace(plan, place=changes[-1].words)


def is_of_place(plan: Plan, change: Change) -> bool:
    """Tell whether a change is of where a meeting is: by its old place, or by both."""
    if change.what == "place":
        return True
    named = change.old == plan.place or (is_place(change.old) and bool(plan.place))
    return change.what == "words" and named and is_place(change.words)


def _read_each(ask: Ask, plan: Plan, said: str, *, bare: bool) -> Plan | None:
    """Change a plan clause by clause; None where one of several changes nothing."""
    pieces = [each.strip() for each in MARKS.split(said)[::2] if each.strip()]
    if len(pieces) < 2:
        pieces = said.split()  # 时间不变 地点改到报告厅
    if len(pieces) < 2:
        return None
    changed: Plan | None = plan
    for each in pieces:
        changed = changed and _read(ask, changed, each, bare=bare)
    return changed


def _read_one(ask: Ask, plan: Plan, said: str, *, bare: bool) -> Plan | None:
    scope = Scope(ask.session, ask.standing.branch)
    clause = read_clause(said, IN_AN_EDIT)
    if clause and clause.of == "keep":
        return plan
    if clause and clause.of not in WHERE:
        return apply_clause(scope, plan, clause, strict=True, now=ask.now)
    if shifted := read_shift(plan, said, ask.now):
        return shifted
    if clause is None and (called := change_people(scope, plan, said)):
        return called
    try:
        changed = _read_when_and_where(ask, plan, said, clause, bare=bare)
    except Refusal:
        if again := _read_spoken(ask, plan, said):
            return again
        raise
    return changed or _read_spoken(ask, plan, said)


def _read_spoken(ask: Ask, plan: Plan, said: str) -> Plan | None:
    """Change a plan by what may be said of any draft: 大会挪到14号同一时间."""
    changes = read_changes(said, ask.now, partial(is_called, plan))
    changed: Plan | None = plan if changes else None
    for each in changes:
        changed = changed and _put_in(ask, changed, each)
    return changed


def is_called(plan: Plan, words: str) -> bool:
    """Tell whether words name the meeting of a plan: 大会, 学雷锋那个."""
    named = find_kind(words)
    return named[0] == plan.kind if named else words in f"{plan.name}{plan.title}"


def _put_in(ask: Ask, plan: Plan, change: Change) -> Plan | None:
    """Put one change in a plan; None where it has no such part. Raises Refusal."""
    match change.what:
        case "time":
            return _read_when_and_where(ask, plan, change.words, None, bare=True)
        case "place":
            return replace(plan, place=change.words)
        case "item":
            return replace(plan, agenda=(*plan.agenda, *read_items(change.words)))
        case "words":
            return _reword(plan, change)
        case "with" | "without" if PERSON.fullmatch(change.words):
            raise Refusal(NOBODY.format(name=change.words))
    return None


def _reword(plan: Plan, change: Change) -> Plan | None:
    """Put words in the place of others in what a meeting is called and is to do."""
    if not any(change.old in each for each in (plan.name, *plan.agenda)):
        return None
    agenda = tuple(each.replace(change.old, change.words) for each in plan.agenda)
    name = plan.name.replace(change.old, change.words)
    return replace(plan, agenda=agenda, name=name)


def _read_when_and_where(
    ask: Ask, plan: Plan, said: str, clause: Clause | None, *, bare: bool
) -> Plan | None:
    if clause is None and not bare and not _says_only(said, ask):
        return None
    told = clause.words if clause and clause.of == "to" else _bare_time(said, ask.now)
    told = TAIL.cut_end(told)
    if not goes_back(ask.text):
        told = in_week_of(told, plan.starts_at, ask.now)
    if listen(told).asks:
        return None
    if same := SAME_HOUR.find(told):
        return _same_day(plan, same.slots["words"], ask)
    if hour := _same_hours_day(plan, told, ask):
        return replace(plan, starts_at=hour, ends_at=None)
    return _read_moment(ask, plan, told, clause)


def _bare_time(said: str, now: datetime) -> str:
    """Give a time without what leads to it: 三点五十, of 还是三点五十吧."""
    changes = read_changes(said, now)
    alone = len(changes) == 1 and changes[0].what == "time" and not changes[0].old
    return changes[0].words if alone else said


def _read_moment(ask: Ask, plan: Plan, told: str, clause: Clause | None) -> Plan | None:
    rest, at, end, doubt = take_moment(told, ask.now, late=plan.late)
    if clause is None and says_more(rest):
        return None
    if doubt:
        again = _same_day(plan, told, ask) or _same_half(plan, told, ask)
        if again is None:
            raise Refusal(doubt)
        return again
    place = _place(ask, clause, rest)
    if at is None and not place:
        return None
    changed = replace(plan, place=place or plan.place)
    if plan.starts_at and keeps_hour(told, plan.starts_at.time()):
        return _on_day(changed, at) if at else changed
    return changed if at is None else replace(changed, starts_at=at, ends_at=end)


def _says_only(said: str, ask: Ask) -> bool:
    """Tell whether words are a moment, an hour or a place, and nothing besides."""
    if only_hour(said) or is_place(said):
        return True
    found = find_when(said, ask.now)
    return bool(found) and not says_more(take_moment(said, ask.now)[0])


def _same_hours_day(plan: Plan, told: str, ask: Ask) -> datetime | None:
    """Read an hour alone as of the day, and the half of it, that is planned."""
    at = plan.starts_at
    if at is None or plan.late or not only_hour(told):
        return None
    half = "上午" if at.hour < NOON else "下午"
    planned = f"{at.year}年{at.month}月{at.day}日{half}{(at.hour - 1) % NOON + 1}点"
    when = read_same_day(told, planned, ask.now)
    return None if when.unclear or when.date_only else when.next[0]


def _same_half(plan: Plan, told: str, ask: Ask) -> Plan | None:
    """Read an hour that may be of either half of a day as of the one planned."""
    found = find_when(told, ask.now)
    if plan.starts_at is None or plan.late or len(found) != 1:
        return None
    words = told[slice(*found[0].span)].strip()
    try:
        moved = move_moment(plan.starts_at, words, ask.now)
    except Refusal:
        return None
    return replace(plan, starts_at=moved, ends_at=None)


def _same_day(plan: Plan, told: str, ask: Ask) -> Plan | None:
    """Keep the hour, and how long it lasts, where only another day was said."""
    found = find_when(told, ask.now)
    day_only = bool(found) and found[0].date_only and not found[0].unclear
    if not day_only or plan.starts_at is None or plan.late:
        return None
    return _on_day(plan, found[0].next[0])


def _on_day(plan: Plan, day: datetime) -> Plan:
    """Move a plan to a day, at the same hours."""
    if plan.starts_at is None:
        return plan
    moved = plan.starts_at.replace(year=day.year, month=day.month, day=day.day)
    ends_at = plan.ends_at and plan.ends_at + (moved - plan.starts_at)
    return replace(plan, starts_at=moved, ends_at=ends_at)


def _place(ask: Ask, clause: Clause | None, rest: str) -> str:
    left, place = take_place(rest)
    if place:
        return LEADS_TO.sub("", place)
    if clause and clause.of == "at" and not find_when(clause.words, ask.now):
        return clause.words
    bare = ENDS.sub("", left).strip(" ，,。")
    return bare if is_place(bare) else ""
