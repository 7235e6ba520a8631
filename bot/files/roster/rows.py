"""The rows of one sheet below its header → people, each remark with its place."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from bot import progress
from bot.files.roster.cells import (
    Cell,
    Partial,
    Sheet,
    is_excel_error,
    is_formula,
    is_placeholder,
    text_of,
)
from bot.files.roster.columns import Field, Header, header_at
from bot.files.roster.dates import read_day
from bot.files.roster.entry import Column, Entry, Ignored
from bot.files.roster.faults import Fault, Unreadable, shorten
from bot.files.roster.lines import BLANK, REPEATED_HEADER, why_ignored
from bot.files.roster.marks import read_marked
from bot.files.roster.rules import doubtful, impossible
from bot.files.roster.terms import read_term
from bot.files.roster.words import (
    read_category,
    read_phone,
    read_state,
    read_userid,
    read_words,
)

T = TypeVar("T")
HIDDEN_COLUMN = "这一列是隐藏的，也读了。"
DATED: tuple[Field, ...] = (
    "joined", "full_member_since", "activist_since", "candidate_since", "elected",
)  # fmt: skip


@dataclass
class Findings:
    """What the sheets have given so far, faulty people included.

    phones: whether the column of phone numbers is read. hidden, struck: people in rows
    that are not shown, or whose words are crossed out.
    """

    phones: bool = False
    entries: list[Entry] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    hidden: list[Entry] = field(default_factory=list)
    struck: list[Entry] = field(default_factory=list)


def read_rows(sheet: Sheet, header: Header, today: date, found: Findings) -> None:
    """Add what this sheet holds; a header met again on the way replaces the last."""
    header = header if found.phones else header.without_phones()
    take_header(sheet, header, found)
    row = header.end
    while row < len(sheet.rows):
        progress.tell("读名册", row, len(sheet.rows))
        why = why_ignored(sheet, row, header)
        if why is None:
            take_person(PersonRow(sheet, row, header), today, found)
        elif why != BLANK:
            found.ignored.append(Ignored(row + 1, why, sheet.name))
        row += 1
        if why == REPEATED_HEADER and (again := header_at(sheet.rows, row - 1)):
            header = again if found.phones else again.without_phones()
            row = again.end
            take_header(sheet, header, found)
    progress.tell("读名册", len(sheet.rows), len(sheet.rows))


def take_header(sheet: Sheet, header: Header, found: Findings) -> None:
    for title, use in header.uses():
        column = Column(title, use, sheet.name)
        if column not in found.columns:
            found.columns.append(column)
    found.warnings += [
        Fault(HIDDEN_COLUMN, column=title, sheet=sheet.name)
        for title, at in header.used()
        if at in sheet.hidden_columns
    ]
    for title, first, second in header.doubled:
        sentence = (
            f"这一列出现了两次（{letters(first)} 列和 {letters(second)} 列）："
            "请只留一列；左右并排的两半请接成一张表。"
        )
        row = header.first_row + header.height
        found.faults.append(Fault(sentence, row, title, sheet=sheet.name))


def take_person(person: "PersonRow", today: date, found: Findings) -> None:
    entry = person.entry()
    found.faults += person.faults
    found.warnings += person.warnings
    found.faults += [person.remark(*said) for said in impossible(entry, today)]
    found.warnings += [
        person.remark(where, sentence)
        for where, sentence in doubtful(entry, today)
        if where in person.header.places
    ]
    if entry.full_member_since and entry.full_member_since > today:
        entry = replace(entry, full_member_since=None)
    found.entries.append(entry)
    if person.row in person.sheet.hidden_rows:
        found.hidden.append(entry)
    if person.is_struck():
        found.struck.append(entry)


class PersonRow:
    """The cells of one row; a fault in one does not keep the others from being read."""

    def __init__(self, sheet: Sheet, row: int, header: Header) -> None:
        self.sheet, self.row, self.header = sheet, row, header
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []

    def entry(self) -> Entry:
        name, mark = self.name()
        return Entry(
            row=self.row + 1,
            name=name,
            mark=mark,
            userid=self.read("userid", read_userid),
            branch=self.read("branch", read_words),
            group=self.read("group", read_words),
            category=self.read("category", read_category),
            joined=self.day("joined"),
            full_member_since=self.day("full_member_since"),
            activist_since=self.day("activist_since"),
            candidate_since=self.day("candidate_since"),
            elected=self.day("elected"),
            term=self.read("term", read_term),
            position=self.position(),
            state=self.read("state", read_state),
            phone=self.read("phone", read_phone),
            sheet=self.sheet.name,
        )

    def position(self) -> str | None:
        """Tell "" where there is the column and nothing in it: no post is held."""
        post = self.read("position", read_words)
        return "" if post is None and "position" in self.header.places else post

    def name(self) -> tuple[str, str]:
        name = self.read("name", read_marked)
        if name is None and not self.faults:
            self.faults.append(self.remark("name", "这一行有内容，却没有姓名。"))
        return name or ("", "")

    def day(self, use: Field) -> date | None:
        read = self.read(use, read_day)
        if read is not None and read.remark:
            self.warnings.append(self.remark(use, read.remark))
        return read.day if read else None

    def read(self, use: Field, understand: Callable[[Cell], T]) -> T | None:
        """None for an empty cell, and for one that cannot be understood: a fault."""
        cell = self.cell(use)
        text = text_of(cell)
        if is_placeholder(text):
            return None
        try:
            if is_excel_error(text):
                raise Unreadable("是 Excel 的出错值，请在表格里改正。")
            if is_formula(text):
                raise Unreadable(
                    "是没有算出结果的公式：请用 Excel 打开、保存一次，再导入。"
                )
            if use not in DATED and isinstance(cell, date | Partial):
                raise Unreadable("被表格变成了日期或数字：请把这一格改成文本，重新填。")
            return understand(cell)
        except Unreadable as why:
            self.faults.append(self.remark(use, str(why)))
            return None

    def remark(self, use: Field, sentence: str) -> Fault:
        title = self.header.title(use)
        value = shorten(text_of(self.cell(use)))
        return Fault(sentence, self.row + 1, title, value, self.sheet.name)

    def is_struck(self) -> bool:
        """Whether a cell that is read, and says something, is crossed out."""
        return any(
            (self.row, column) in self.sheet.struck
            and not is_placeholder(text_of(self.sheet.cell(self.row, column)))
            for column in self.header.places.values()
        )

    def cell(self, use: Field) -> Cell:
        column = self.header.places.get(use)
        return "" if column is None else self.sheet.cell(self.row, column)


def letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA: the column as the spreadsheet heads it."""
    text = ""
    while column >= 0:
        text = chr(ord("A") + column % 26) + text
        column = column // 26 - 1
    return text
