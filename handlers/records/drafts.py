"""What is known so far of a record that somebody tells of, until it is written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.branch.records import book
from bot.branch.records.declared import find_kind
from bot.branch.records.fields import Field, Value
from bot.branch.records.kind import Kind

DRAFT = "records.draft"
ANYTHING = "*"
"""What is asked for where any field may be told."""


@dataclass(frozen=True)
class Draft:
    """of: the record that is corrected. asked: the field that is waited for.

    twin: a record that seems to tell of the same; apart: it was said that it does not.
    alias: what the organisation was called. unsure: of a field, what to ask.
    """

    kind: Kind
    values: dict[str, Value] = field(default_factory=dict)
    of: int | None = None
    asked: str = ""
    twin: int | None = None
    apart: bool = False
    alias: str = ""
    unsure: dict[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> Field | None:
        """The next field that must be asked for."""
        lacking = [*self.unsure, *book.missing(self.kind, self.values)]
        known = [each for each in self.kind.fields if each.name in lacking]
        return known[0] if known else None

    def pack(self) -> dict[str, Any]:
        return {**vars(self), "kind": self.kind.name}

    @classmethod
    def unpack(cls, kept: Mapping[str, Any]) -> "Draft":
        return cls(**{**kept, "kind": find_kind(kept["kind"])})
