"""What a kind of record is: a declaration, and nothing that acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

from bot.branch.people.members import Role
from bot.branch.records.fields import (
    Amount,
    Choice,
    Day,
    Field,
    Organisation,
    People,
    Value,
)

F = TypeVar("F", bound=Field)
WITHDRAWN = "withdrawn"

Counted: TypeAlias = Literal["records", "heads", "total", "organisations"]


class Sees(Enum):
    """Who sees a record besides whoever it is about."""

    BRANCH = "the branch"
    PARTIES = "the secretary"
    ALONE = "nobody"


@dataclass(frozen=True)
class Sum:
    """What is counted of many, in its own unit; units are never mixed."""

    unit: str
    of: Counted


@dataclass(frozen=True)
class State:
    """counts: what is in it is summed; not what is only expected or came to nothing.

    returned: it was given back to whoever told it, who may change it; changed, it is
    as new.
    """

    name: str
    title: str
    counts: bool = True
    returned: bool = False


@dataclass(frozen=True)
class Move:
    """How a record comes from one state into another, and who may bring it there.

    called: what people say to do it; evidence: a picture or file does it by itself.
    """

    to: str
    come_from: tuple[str, ...]
    called: tuple[str, ...] = ()
    by: Role = Role.SECRETARY
    evidence: bool = False


@dataclass(frozen=True)
class Kind:
    """name: the contract's word for it. title: how it is called. beside: its file.

    fields: the first day, organisation, amount, words and two choices are its columns.
    columns: of its paper, by the names of fields and of what every record has (no,
    people, heads, total, state, evidence, by, at). said: words that tell it from others
    of its intent, where several share one; together: words that name all of them at
    once. same: fields by which two are of the same
    thing. apart: a choice whose values are summed each for itself. one: how one of
    them is counted. word: how it is called in short. example: how one is
    told. evidence: what is asked for afterwards. small: words before its content that
    say nothing of it. tells, lists: the parts of its intent that tell
    one, and list them. seen_by: posts
    whose holders see all of them, besides the secretary. few: a branch has dozens, so
    that a question finds them by any of their words. own_commands: none are made of
    its sentences; they are written out. handed_out: its ledger may be had as a file by
    chat; not of what is told in confidence.
    """

    name: str
    title: str
    intent: str
    beside: Path
    fields: tuple[Field, ...]
    columns: tuple[str, ...]
    sums: tuple[Sum, ...] = (Sum("条", "records"),)
    states: tuple[State, ...] = (State("told", "已记"),)
    moves: tuple[Move, ...] = ()
    sees: Sees = Sees.BRANCH
    said: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    apart: str = ""
    one: str = "一条"
    told_by: Role = Role.MEMBER
    example: str = ""
    evidence: str = ""
    small: tuple[str, ...] = ()
    word: str = ""
    tells: str = ""
    lists: str = "list"
    seen_by: tuple[str, ...] = ()
    few: bool = False
    own_commands: bool = False
    handed_out: bool = True

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {each.name: each for each in self.fields}

    def first(self, kind: type[F], at: int = 0) -> F | None:
        """Return a field of that sort: those of a record's columns are the first."""
        found = self.all(kind)
        return found[at] if at < len(found) else None

    def all(self, kind: type[F]) -> list[F]:
        return [each for each in self.fields if isinstance(each, kind)]

    @property
    def day(self) -> Day | None:
        return self.first(Day)

    @property
    def people(self) -> Sequence[People]:
        return self.all(People)

    @property
    def organisation(self) -> Organisation | None:
        return self.first(Organisation)

    @property
    def amount(self) -> Amount | None:
        return self.first(Amount)

    @property
    def choices(self) -> Sequence[Choice]:
        return self.all(Choice)

    @property
    def short(self) -> str:
        """The word by which one of them is named with its number: 更正服务 12."""
        return self.word or self.title

    @cached_property
    def counting(self) -> tuple[str, ...]:
        """The states in which a record is summed."""
        return tuple(each.name for each in self.states if each.counts)

    def grant(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Add what is taken for granted where nothing else is told."""
        granted = {each.name: each.default for each in self.choices if each.default}
        told = {name: value for name, value in values.items() if value}
        return {**granted, **told}

    def is_returned(self, state: str) -> bool:
        """Tell whether a state leaves a record to whoever told it."""
        return any(each.returned for each in self.states if each.name == state)

    def state_title(self, name: str) -> str:
        if name == WITHDRAWN:
            return "已撤销"
        return next((each.title for each in self.states if each.name == name), name)

    def move_to(self, state: str, now_in: str) -> Move | None:
        return next(
            (
                each
                for each in self.moves
                if each.to == state and now_in in each.come_from
            ),
            None,
        )
