"""What a record can say of itself: its fields, how a value is told and read.

A value is plain JSON: a day is an ISO date, people are [[number or null, name], …], an
organisation is its name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from bot.calendar.say import say_date
from bot.files.roster.cells import Cell, squeeze
from bot.files.roster.dates import read_date
from bot.files.roster.faults import Unreadable
from bot.files.xlsx import Month

Value: TypeAlias = Any
LONGEST = 200
DECEMBER = 12
MONTH = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})(?:月份?)?|(\d{4})(0[1-9]|1[0-2])")
"""A whole month as a column of months has it: 2026年3月, 2026-03, 202603."""


@dataclass(frozen=True)
class Field:
    """One thing that a record says.

    title: how it is called, also as a column's head; also: other heads of a file, and
    other words for it. needed: without it nothing is recorded. ask: how it is asked
    for. private: kept sealed, and for so many days only. spared: another field, and
    what that says where this one is not needed.
    """

    name: str
    title: str
    needed: bool = False
    ask: str = ""
    also: tuple[str, ...] = ()
    private: int = 0
    spared: tuple[str, str] | None = None

    def is_needed(self, values: Mapping[str, Value]) -> bool:
        """Whether nothing is recorded without it, beside what else is told."""
        if self.spared is None:
            return self.needed
        name, value = self.spared
        return self.needed and values.get(name) != value

    @property
    def is_always_needed(self) -> bool:
        return self.needed and self.spared is None

    @property
    def question(self) -> str:
        return self.ask or f"{self.title}是什么？"

    @property
    def words(self) -> tuple[str, ...]:
        return (self.title, *self.also)

    def say(self, value: Value) -> str:
        """Tell a value to a member."""
        return str(value)

    def write(self, value: Value) -> str:
        """Write a value as text."""
        return self.say(value)

    def cell(self, value: Value) -> object:
        """Give a value as a sheet's cell holds it: a day, a number, or text."""
        return self.write(value)

    def read(self, text: str) -> Value:
        """Read a cell that is not empty. Raises Unreadable."""
        if len(text) > LONGEST:
            raise Unreadable(f"最多 {LONGEST} 字，这里有 {len(text)} 字。")
        return text


@dataclass(frozen=True)
class Day(Field):
    """ahead: it may be a day to come; today: it is today where none is said.

    due: the day by which something is to be done. Nobody sets it for what is over, so
    that it lies ahead, but where the year is said.
    month: a whole month, kept as its first day. ends: the name of the field whose
    stretch it ends: of 第一季度 that is January, and this is March.
    """

    ahead: bool = False
    due: bool = False
    today: bool = False
    month: bool = False
    ends: str = ""

    def say(self, value: Value) -> str:
        day = date.fromisoformat(value)
        return f"{day.year}年{day.month}月" if self.month else say_date(day)

    def write(self, value: Value) -> str:
        return str(value)

    def cell(self, value: Value) -> object:
        kind = Month if self.month else date
        return kind.fromisoformat(str(value))

    def read(self, text: str) -> Value:
        return self.read_cell(text)

    def read_cell(self, cell: Cell) -> Value:
        """Read a filled cell; of a month its first day. Raises Unreadable."""
        if self.month and isinstance(cell, str) and (of := _month(cell)):
            return of.isoformat()
        day = read_date(cell)
        return (day.replace(day=1) if self.month else day).isoformat()


@dataclass(frozen=True)
class People(Field):
    """Who it is about, in their order.

    speaker: whoever tells of it is one of them, unless others are named as the doers.
    outsiders: may also be people whom the roster does not know. most: how many.
    least: where fewer are named, whoever tells of it is one of them.
    counted: each counts once in 人次.
    """

    speaker: bool = False
    outsiders: bool = False
    most: int = 50
    least: int = 1
    counted: bool = True

    def say(self, value: Value) -> str:
        return "、".join(name for _, name in value)

    def read(self, text: str) -> Value:
        """Read names; who of the roster they are is found by whoever knows it."""
        for mark in "，,;；/ \n":
            text = text.replace(mark, "、")
        names = [name.strip() for name in text.split("、") if name.strip()]
        return [[None, name] for name in dict.fromkeys(names)]


@dataclass(frozen=True)
class Organisation(Field):
    """A company, a school: one thing, by whatever name it is told.

    bodies: what such a name may end in, besides 公司 and what else always may.
    """

    bodies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Amount(Field):
    """A number of something. unit: what it is summed in; units: how many of it each is.

    each: told for each of the people, and counts once for each.
    """

    unit: str = ""
    units: Mapping[str, float] | None = None
    each: bool = False
    most: float = 100_000

    def say(self, value: Value) -> str:
        return f"{'每人 ' if self.each else ''}{value:g} {self.unit}"

    def write(self, value: Value) -> str:
        return f"{value:g}"

    def cell(self, value: Value) -> object:
        return value

    def read(self, text: str) -> Value:
        bare = text.removesuffix(self.unit).strip()
        try:
            number = float(bare)
        except ValueError:
            raise Unreadable(f"要一个数（{self.unit}）。") from None
        if not 0 < number <= self.most:
            raise Unreadable(f"要大于 0、最多 {self.most:g}。")
        return number


@dataclass(frozen=True)
class Option:
    """One of a choice, and words that tell it."""

    value: str
    said: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return (self.value, *self.said)


@dataclass(frozen=True)
class Choice(Field):
    """One of some words. ordered: the highest comes first, for 省级以上."""

    options: tuple[Option, ...] = ()
    default: str = ""
    ordered: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(each.value for each in self.options)

    def find(self, text: str) -> str | None:
        """Find which one a text tells: the longest word counts, then the first."""
        hits = [
            (text.find(word), each.value, word)
            for each in self.options
            for word in each.words
            if word in text
        ]
        best = max(hits, key=lambda hit: (len(hit[2]), -hit[0]), default=None)
        return best[1] if best else None

    def from_up(self, value: str) -> tuple[str, ...]:
        """List a value and those above it."""
        return self.values[: self.values.index(value) + 1]

    def read(self, text: str) -> Value:
        if text in self.values:
            return text
        if (found := self.find(text)) is None:
            raise Unreadable(f"要填其中一个：{'、'.join(self.values)}。")
        return found


@dataclass(frozen=True)
class Words(Field):
    """Free words. vague: what says too little to be taken for it.

    longest: characters. lines: a form keeps the lines that it is written in. rest:
    what no other field takes of a sentence may be it.
    """

    rest: bool = True
    vague: tuple[str, ...] = ()
    longest: int = LONGEST
    lines: bool = False

    def read(self, text: str) -> Value:
        if len(text) > self.longest:
            raise Unreadable(f"最多 {self.longest} 字，这里有 {len(text)} 字。")
        return text


@dataclass(frozen=True)
class Number(Field):
    """The number that a paper bears: 苏教发〔2026〕3号."""


@dataclass(frozen=True)
class Phone(Field):
    """A number to call, of somebody who is not on the roster."""


@dataclass(frozen=True)
class Link(Field):
    """An address in the net."""


def options(*rows: str) -> tuple[Option, ...]:
    """Read options: "志愿服务 志愿 义务" is a value and words that tell it."""
    return tuple(Option(value, tuple(said)) for value, *said in map(str.split, rows))


def _month(text: str) -> date | None:
    hit = MONTH.fullmatch(squeeze(text))
    if hit is None:
        return None
    year, month = int(hit[1] or hit[3]), int(hit[2] or hit[4])
    return date(year, month, 1) if 1 <= month <= DECEMBER else None
