"""A spreadsheet of records → all of them written down, or every fault by its row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import progress
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.branch.records import book
from bot.branch.records.book import Teller
from bot.branch.records.fields import (
    Day,
    Field,
    Organisation,
    People,
    Value,
    Words,
)
from bot.branch.records.kind import Kind
from bot.branch.records.organisations import Register
from bot.branch.records.values import fingerprint, fingerprints
from bot.errors import Refusal
from bot.files.roster.cells import Cell, Sheet, is_placeholder, squeeze, text_of
from bot.files.roster.faults import Fault, RosterError, Unreadable, shorten
from bot.files.roster.table import read_sheets

HEADER_DEPTH = 10
NO_HEADER = "没有找到表头：前 {depth} 行里要有一行写着：{heads}。"
NOTHING = "有表头，却一行记录也没有。"
NOBODY = "名册里没有“{name}”。"
SEVERAL = "名册里有 {count} 位“{name}”，分不清是哪一位。"
UNSAID = "没写{title}。"
TWICE = "和第 {row} 行是同一条。"
KNOWN = "这一条已经记过了（第 {number} 条）。"


@dataclass
class Sheets:
    """What was read so far: rows in order, and what is wrong."""

    kind: Kind
    people: Mapping[str, list[int]]
    register: Register
    rows: list[tuple[int, dict[str, Value]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def take_in(  # noqa: PLR0913  # a file, whose it is, and when
    session: Session,
    kind: Kind,
    content: bytes,
    filename: str,
    teller: Teller,
    now: datetime,
) -> list[int]:
    """Write all rows of a file down, or none: RosterError has every fault."""
    found = Sheets(
        kind, _roll(session, teller.branch), Register(session, teller.branch)
    )
    headed = False
    for sheet in read_sheets(content, filename):
        if header := _find_header(kind, sheet):
            headed = True
            _read_sheet(sheet, header, found, now)
    _find_twice(session, found, teller.branch)
    if found.faults:
        raise RosterError(sorted(found.faults, key=lambda fault: fault.row or 0))
    if not found.rows:
        heads = "、".join(each.title for each in kind.fields if _heads(each))
        told = NO_HEADER.format(depth=HEADER_DEPTH, heads=heads)
        raise RosterError([Fault(NOTHING if headed else told)])
    every = [values for _, values in found.rows]
    return [row.id for row in book.record_all(session, kind, every, teller, now)]


def read_form(
    session: Session,
    kind: Kind,
    branch: Branch,
    said: Mapping[str, str],
    now: datetime,
) -> dict[str, Value]:
    """Read one record from what stands in a form's fields, by their names.

    Raises Refusal with every fault.
    """
    found = Sheets(kind, _roll(session, branch), Register(session, branch))
    values: dict[str, Value] = {}
    faults: list[str] = []
    for name, text in said.items():
        if not text or (each := kind.by_name.get(name)) is None:
            continue
        try:
            values[name] = _value(each, text, found)
        except Unreadable as why:
            faults.append(f"{each.title}：{why}")
    sheet = Sheet(None, [])
    faults += [each.sentence for each in _faults_of(kind, values, 0, sheet, now)]
    if faults:
        raise Refusal("\n".join(dict.fromkeys(faults)))
    return kind.grant(values)


def _roll(session: Session, branch: Branch) -> Mapping[str, list[int]]:
    """Return everybody of a branch by name, also who has left: old rows name them."""
    found: dict[str, list[int]] = {}
    rows = (
        select(Member.name, Member.id)
        .join(Branch, Branch.id == Member.branch_id)
        .where(Branch.path.startswith(branch.path))
    )
    for name, number in session.execute(rows):
        found.setdefault(name, []).append(number)
    return found


def _heads(field: Field) -> bool:
    """Whether every list has a column for it."""
    return field.needed and not field.spared


def _find_header(kind: Kind, sheet: Sheet) -> tuple[int, dict[int, Field]] | None:
    """Find the row that names the fields: all that are needed, each in a column."""
    needed = {each.name for each in kind.fields if _heads(each)}
    by_word = {word: each for each in kind.fields for word in reversed(each.words)}
    for number, row in enumerate(sheet.rows[:HEADER_DEPTH]):
        columns = dict[int, Field]()
        for at, cell in enumerate(row):
            each = by_word.get(
                squeeze(text_of(cell)).partition("（")[0].partition("(")[0]
            )
            if each is not None and each not in columns.values():
                columns[at] = each
        if columns and needed <= {each.name for each in columns.values()}:
            return number, columns
    return None


def _read_sheet(
    sheet: Sheet, header: tuple[int, dict[int, Field]], found: Sheets, now: datetime
) -> None:
    start, columns = header
    for row in progress.each("读表格", range(start + 1, len(sheet.rows))):
        cells = {at: sheet.cell(row, at) for at in columns}
        filled = [at for at, cell in cells.items() if not is_placeholder(text_of(cell))]
        first = squeeze(text_of(sheet.cell(row, 0))) if sheet.rows[row] else ""
        if not filled or first.startswith(("合计", "备注", "说明", "制表", "总计")):
            continue
        faults = len(found.faults)
        values = {}
        for at in filled:
            try:
                values[columns[at].name] = _value(columns[at], cells[at], found)
            except Unreadable as why:
                said = shorten(text_of(cells[at]))
                fault = Fault(str(why), row + 1, columns[at].title, said, sheet.name)
                found.faults.append(fault)
        if len(found.faults) == faults:
            found.faults += _faults_of(found.kind, values, row + 1, sheet, now)
            found.rows.append((row + 1, found.kind.grant(values)))


def _value(field: Field, cell: Cell, found: Sheets) -> Value:
    lines = (" ".join(each.split()) for each in text_of(cell).splitlines())
    kept = isinstance(field, Words) and field.lines
    text = ("\n" if kept else " ").join(filter(None, lines))
    if isinstance(field, Day):
        return field.read_cell(cell)
    value = field.read(text)
    if isinstance(field, Organisation):
        return found.register.same(text) or found.register.note(text)
    if isinstance(field, People):
        return [_person(field, name, found) for _, name in value]
    return value


def _person(field: People, name: str, found: Sheets) -> list[Any]:
    """Find who a name is; outsiders keep theirs."""
    numbers = found.people.get(name, [])
    if len(numbers) == 1:
        return [numbers[0], name]
    if field.outsiders and not numbers:
        return [None, name]
    if numbers:
        raise Unreadable(SEVERAL.format(count=len(numbers), name=name))
    raise Unreadable(NOBODY.format(name=name))


def _faults_of(
    kind: Kind, values: Mapping[str, Value], row: int, sheet: Sheet, now: datetime
) -> Iterator[Fault]:
    for name in book.missing(kind, values):
        title = kind.by_name[name].title
        yield Fault(UNSAID.format(title=title), row, title, sheet=sheet.name)
    try:
        book.check(kind, values, now)
    except Refusal as why:
        yield Fault(str(why), row, sheet=sheet.name)


def _find_twice(session: Session, found: Sheets, branch: Branch) -> None:
    """Note rows that tell of one thing twice, or of one that is written down."""
    seen: dict[str, int] = {}
    known = fingerprints(session, found.kind, branch)
    for row, values in found.rows:
        mark = fingerprint(found.kind, values)
        if mark in known:
            found.faults.append(Fault(KNOWN.format(number=known[mark]), row))
        elif mark in seen:
            found.faults.append(Fault(TWICE.format(row=seen[mark]), row))
        seen.setdefault(mark, row)
