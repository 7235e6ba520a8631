"""The kinds that there are: every file in kinds/ declares some."""

from collections.abc import Sequence
from functools import cache

from bot.branch.records import kinds
from bot.branch.records.kind import Kind
from bot.discover import collect
from bot.errors import Refusal


@cache
def every_kind() -> Sequence[Kind]:
    found = tuple(collect(kinds, Kind))
    names = [each.name for each in found]
    if len(set(names)) < len(names):
        raise ValueError(f"two kinds of records have one name: {sorted(names)}")
    return found


def kinds_of(intent: str) -> Sequence[Kind]:
    return [each for each in every_kind() if each.intent == intent]


def find_kind(name: str) -> Kind:
    """Return the kind of that name. Raises Refusal if there is none."""
    for each in every_kind():
        if each.name == name:
            return each
    names = "、".join(f"{each.name}（{each.title}）" for each in every_kind())
    raise Refusal(f"没有“{name}”这种记录。现有：{names}。")
