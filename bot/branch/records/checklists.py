"""五个一、七个一: what a list asks for, what of it somebody has, who lacks what.

Lists differ from school to school in number, period and words: the secretary says what
is on this branch's. What is recorded elsewhere already marks its item.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from bot.branch.people.tree import Branch
from bot.branch.records import search
from bot.branch.records.declared import find_kind
from bot.branch.records.kinds.checklist import DONE, EXEMPT, LINKED, MARK, TASK
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import people_of
from bot.calendar.recurrence.stretches import Unit, bounds, number_of
from bot.calendar.terms import term_of

TERM = "每学期"
UNITS: Mapping[str, Unit] = {"每月": "month", "每季度": "quarter", "每年": "year"}


@dataclass(frozen=True)
class Item:
    """place: from 1, on its list. first, last: of the period that today is in."""

    place: int
    title: str
    list: str
    period: str
    target: int
    marked_by: str
    first: date
    last: date


@dataclass(frozen=True)
class Done:
    """What somebody has of an item. by: the days of what counts; exempt: need not."""

    item: Item
    days: Sequence[date]
    confirmed: int
    exempt: bool = False

    @property
    def whole(self) -> bool:
        return len(self.days) >= self.item.target


def items(session: Session, branch: Branch, name: str, today: date) -> list[Item]:
    """List what is on a branch's list this year, in its order."""
    rows = find_tasks(session, branch, name, today)
    return [_item(place, row, today) for place, row in enumerate(rows, 1)]


def find_tasks(
    session: Session, branch: Branch, name: str, today: date
) -> Sequence[Record]:
    """Find the records that a list consists of this year, in its order."""
    first, last = bounds("year", today.year)
    query = Query(TASK, branch, first, last, choices={"list": (name,)})
    return sorted(search.find(session, query), key=lambda row: row.id)


def lists(session: Session, branch: Branch, today: date) -> list[str]:
    """Name the lists that a branch has this year."""
    first, last = bounds("year", today.year)
    rows = search.find(session, Query(TASK, branch, first, last))
    return list(dict.fromkeys(row.sort or "" for row in reversed(rows)))


def of_member(
    session: Session, branch: Branch, wanted: Sequence[Item], member_id: int
) -> list[Done]:
    """Tell what somebody has of each item."""
    return of_all(session, branch, wanted, [member_id])[member_id]


def of_all(
    session: Session, branch: Branch, wanted: Sequence[Item], people: Sequence[int]
) -> Mapping[int, list[Done]]:
    """Tell what each of these people has of each item; of one alone, by her rows."""
    of = people[0] if len(people) == 1 else None
    marks = _marks(session, branch, wanted, of)
    found: dict[int, list[Done]] = {each: [] for each in people}
    for item in wanted:
        linked = _linked(session, branch, item, of)
        for each in people:
            mine = marks.get(each, [])
            own = [row for row in mine if _marks_item(row, item)]
            days = [row.day for row in own if row.day] + linked.get(each, [])
            sure = [row for row in own if row.state == "confirmed"]
            count = len(sure) + len(linked.get(each, []))
            free = any(_frees_of(row, item) for row in mine)
            found[each].append(Done(item, sorted(days), count, free))
    return found


def _item(place: int, row: Record, today: date) -> Item:
    period = row.fields.get("period", "每年")
    first, last = _bounds(period, today)
    target = int(row.amount or 1)
    by = row.fields.get("marked_by", "")
    return Item(place, row.title or "", row.sort or "", period, target, by, first, last)


def _bounds(period: str, today: date) -> tuple[date, date]:
    """Return the first and last day of the period that a day is in."""
    if period == TERM:
        return term_of(today)
    unit = UNITS.get(period, "year")
    return bounds(unit, number_of(unit, today))


def _marks(
    session: Session, branch: Branch, wanted: Sequence[Item], of: int | None
) -> Mapping[int, Sequence[Record]]:
    """Return whoever's marks on the lists of these items, in all their years.

    of: whose alone; None for everybody's.
    """
    if not wanted:
        return {}
    years = [(each.first.year, each.last.year) for each in wanted]
    first, _ = bounds("year", min(first for first, _ in years))
    _, last = bounds("year", max(last for _, last in years))
    named = tuple({each.list for each in wanted})
    query = Query(MARK, branch, first, last, member=of, choices={"list": named})
    return _by_person(session, search.find(session, query))


def _marks_item(row: Record, item: Item) -> bool:
    """Tell whether a mark says that an item is done within its period."""
    within = row.day is not None and item.first <= row.day <= item.last
    return within and (row.sort, row.title, row.level) == (item.list, item.title, DONE)


def _frees_of(row: Record, item: Item) -> bool:
    """Tell whether a mark frees of a list in the year that an item's period ends in."""
    within = row.day is not None and row.day.year == item.last.year
    return within and (row.sort, row.level) == (item.list, EXEMPT)


def _linked(
    session: Session, branch: Branch, item: Item, of: int | None
) -> Mapping[int, list[date]]:
    """Return the days of what is recorded elsewhere and counts for an item."""
    name = LINKED.get(item.marked_by)
    if name is None:
        return {}
    kind = find_kind(name)
    choices = {"sort": (item.marked_by,)} if name == "service" else {}
    query = Query(kind, branch, item.first, item.last, member=of, choices=choices)
    query = replace(query, states=kind.counting)
    found = _by_person(session, search.find(session, query))
    return {who: [row.day for row in rows if row.day] for who, rows in found.items()}


def _by_person(session: Session, rows: Sequence[Record]) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {}
    people = people_of(session, rows)
    for row in rows:
        for number, _ in people[row.id].get("people", ()):
            if number:
                found.setdefault(number, []).append(row)
    return found
