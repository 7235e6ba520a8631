"""五个一、七个一: what a list asks for, what of it somebody has, who lacks what.

Lists differ from school to school in number, period and words: the secretary says what
is on this branch's. What is recorded elsewhere already marks its item.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.branch.people.tree import Branch
from bot.branch.records import search
from bot.branch.records.declared import find_kind
from bot.branch.records.kinds.checklist import DONE, EXEMPT, LINKED, MARK, TASK
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import people_of

MONTHS = {"每月": 1, "每季度": 3, "每学期": 6, "每年": 12}
SPRING, AUTUMN = 2, 8


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
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    query = Query(TASK, branch, first, last, choices={"list": (name,)})
    rows = sorted(search.find(session, query), key=lambda row: row.id)
    return [_item(place, row, today) for place, row in enumerate(rows, 1)]


def lists(session: Session, branch: Branch, today: date) -> list[str]:
    """Name the lists that a branch has this year."""
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
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
    found: dict[int, list[Done]] = {each: [] for each in people}
    for item in wanted:
        marks = _marks(session, branch, item)
        linked, free = _linked(session, branch, item), _freed(session, branch, item)
        for each in people:
            own = marks.get(each, [])
            days = [row.day for row in own if row.day]
            days += linked.get(each, [])
            sure = [row for row in own if row.state == "confirmed"]
            count = len(sure) + len(linked.get(each, []))
            found[each].append(Done(item, sorted(days), count, each in free))
    return found


def _item(place: int, row: Record, today: date) -> Item:
    period = row.fields.get("period", "每年")
    first, last = _bounds(period, today)
    target = int(row.amount or 1)
    by = row.fields.get("marked_by", "")
    return Item(place, row.title or "", row.sort or "", period, target, by, first, last)


def _bounds(period: str, today: date) -> tuple[date, date]:
    """Return the first and last day of the period that a day is in."""
    if period == "每学期":
        if today.month >= AUTUMN:
            return date(today.year, AUTUMN, 1), date(today.year + 1, 1, 31)
        if today.month < SPRING:
            return date(today.year - 1, AUTUMN, 1), date(today.year, 1, 31)
        return date(today.year, SPRING, 1), date(today.year, 7, 31)
    length = MONTHS.get(period, 12)
    month = (today.month - 1) // length * length + 1
    end = month + length
    after = date(today.year + 1, 1, 1) if end > 12 else date(today.year, end, 1)
    return date(today.year, month, 1), date.fromordinal(after.toordinal() - 1)


def _marks(
    session: Session, branch: Branch, item: Item
) -> Mapping[int, Sequence[Record]]:
    query = Query(
        MARK,
        branch,
        item.first,
        item.last,
        choices={"list": (item.list,), "how": (DONE,)},
    )
    rows = [row for row in search.find(session, query) if row.title == item.title]
    return _by_person(session, rows)


def _linked(
    session: Session, branch: Branch, item: Item
) -> Mapping[int, Sequence[date]]:
    """Return the days of what is recorded elsewhere and counts for an item."""
    kind = LINKED.get(item.marked_by)
    if kind is None:
        return {}
    choices = {"sort": (item.marked_by,)} if kind == "service" else {}
    states = ("confirmed",) if kind == "talk" else ()
    query = Query(
        find_kind(kind), branch, item.first, item.last, choices=choices, states=states
    )
    found = _by_person(session, search.find(session, query))
    return {who: [row.day for row in rows if row.day] for who, rows in found.items()}


def _freed(session: Session, branch: Branch, item: Item) -> set[int]:
    """Return who is freed of a list in the year that the item's period ends in."""
    first, last = date(item.last.year, 1, 1), date(item.last.year, 12, 31)
    choices = {"list": (item.list,), "how": (EXEMPT,)}
    query = Query(MARK, branch, first, last, choices=choices)
    return set(_by_person(session, search.find(session, query)))


def _by_person(session: Session, rows: Sequence[Record]) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {}
    people = people_of(session, rows)
    for row in rows:
        for number, _ in people[row.id].get("people", ()):
            if number:
                found.setdefault(number, []).append(row)
    return found
