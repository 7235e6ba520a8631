"""承诺 as they are looked through: who promised how often, for the secretary alone."""

from collections.abc import Mapping, Sequence

from bot.branch.people.audience import Audience, name_people
from bot.branch.people.members import Role
from bot.branch.people.tree import Branch
from bot.branch.records import search
from bot.branch.records.kinds.pledge import PLEDGE
from bot.branch.records.search import Query
from bot.branch.records.values import people_of
from bot.command import Ask
from handlers.records.special import Apart, Overview
from handlers.records.view import where

MOST_ROWS = 60


def count(ask: Ask, branch: Branch) -> tuple[Mapping[int, str], Mapping[int, int]]:
    """Return everybody of a branch by number, and how often each promised this year."""
    first, last = ask.now.date().replace(month=1, day=1), ask.now.date()
    rows = search.find(ask.session, Query(PLEDGE, branch, first, last))
    counts: dict[int, int] = {}
    for fields in people_of(ask.session, rows).values():
        for number, _ in fields.get("people", ()):
            if number:
                counts[number] = counts.get(number, 0) + 1
    return name_people(ask.session, Audience(branch.id)), counts


def survey(ask: Ask) -> Sequence[Overview]:
    if ask.standing.role < Role.SECRETARY:
        return []
    every, counts = count(ask, where(ask))
    none = [[name] for number, name in every.items() if not counts.get(number)]
    title = f"{ask.now.year} 年承诺：{len(every)} 人里 {len(every) - len(none)} 人交了"
    notes = ["老党员自愿。要提醒，单独跟本人说就行，群里不发。"]
    if (more := len(none) - MOST_ROWS) > 0:
        notes.append(f"只列了前 {MOST_ROWS} 人，还有 {more} 人。")
    return [Overview(title, ["还没交的"], none[:MOST_ROWS], notes)]


APART = Apart(overview=survey)
