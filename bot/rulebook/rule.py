"""A rule: one value of one edition of one text, with where and since when it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

Scalar: TypeAlias = bool | int | Decimal | str | date
Step: TypeAlias = tuple[Decimal, Decimal]
"""Up to this sum, included → percent of the whole."""
Value: TypeAlias = Scalar | tuple[str, ...] | tuple[Step, ...]
Confidence: TypeAlias = Literal["A", "A*", "B", "C"]

COPIED = "（据公开转载的全文，请以正式文件为准）"
SECOND_HAND = "（二手资料，请以正式文件为准）"
DOUBTS: Mapping[Confidence, str] = {
    "A": "",
    "A*": COPIED,
    "B": SECOND_HAND,
    "C": SECOND_HAND,
}
NO_TEXT = "没有查到可引用的正式条文，请以上级党组织的答复为准。"


@dataclass(frozen=True)
class Rule:
    """One rule as one edition of a text puts it.

    id: the same in every edition. forms: ways of asking for it. about: what a question
    must be about, as alternatives of words that all occur. value: by name, numbers
    typed. edition: the text's full name, empty where none was found. dated: how its
    date reads. in_force_from: None where the date is not on file. article: only where
    it is known. confidence: A read on a page quoting the article, A* in a public copy
    of the full text, B second-hand, C from memory and switched off. before: the edition
    that this one took the place of. template: the answer, with value names in braces.
    """

    id: str
    topic: str
    forms: tuple[str, ...]
    about: tuple[tuple[str, ...], ...]
    value: Mapping[str, Value]
    edition: str
    dated: str
    in_force_from: date | None
    in_force_to: date | None
    article: str | None
    source: str
    scope: str
    confidence: Confidence
    template: str
    enabled: bool = True
    before: str = ""

    @property
    def text(self) -> str:
        """The answer in a short sentence."""
        shown = dict(self.value)
        if self.steps:
            shown["table"] = _describe(self.steps, self.decimal("above"))
        return self.template.format_map(shown)

    @property
    def place(self) -> str:
        """Which text it is, and where in it."""
        return f"{self.edition}{self.article or ''}"

    @property
    def citation(self) -> str:
        """The line that tells where the answer stands written."""
        if not self.edition:
            return NO_TEXT
        dated = f"（{self.dated}）" if self.dated else ""
        return f"依据：{self.place}{dated}{DOUBTS[self.confidence]}"

    @property
    def steps(self) -> tuple[Step, ...]:
        """The rising steps of a rate; empty where the rule has none."""
        found = self.value.get("steps")
        every = found if isinstance(found, tuple) else ()
        return tuple(each for each in every if not isinstance(each, str))

    def decimal(self, name: str) -> Decimal:
        """Read a number of the value; KeyError or TypeError if it is none."""
        number = self.value[name]
        if isinstance(number, bool) or not isinstance(number, int | Decimal):
            raise TypeError(f"{self.id}: {name} is no number")
        return Decimal(number)

    def holds_on(self, day: date) -> bool:
        begun = self.in_force_from is None or self.in_force_from <= day
        return begun and (self.in_force_to is None or day <= self.in_force_to)


def _describe(steps: tuple[Step, ...], above: Decimal) -> str:
    """Write the steps of a rate in words."""
    lower: Decimal | None = None
    parts = []
    for upper, percent in steps:
        span = f"{upper}元及以下" if lower is None else f"{lower}元以上至{upper}元"
        parts.append(f"{span} {percent}%")
        lower = upper
    return "，".join([*parts, f"{lower}元以上 {above}%"])
