"""Which characters a pattern may begin with: only there is it worth trying.

The standard library has parsed each pattern anyway. What it makes of one is no promise
of its documentation: whatever is not known here may begin with any character, which
costs time and nothing else.
"""

from collections.abc import Iterable
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

Beginning: TypeAlias = tuple[frozenset[str], bool]
"""Characters, and whether a piece may also be empty, so that the next begins."""

DIGITS = frozenset("0123456789")
"""Of the many that \\d means: others are written so before a text is looked at."""


class _AnyCharacter(Exception):
    pass


def beginnings(pattern: str) -> frozenset[str] | None:
    """List the characters that a match may begin with; None for any."""
    try:
        found, empty = _of_all(_parser.parse(pattern))
    except _AnyCharacter:
        return None
    return None if empty else found


def _of_all(pieces: Iterable[tuple[Any, Any]]) -> Beginning:
    found = frozenset[str]()
    for op, told in pieces:
        first, empty = _of_piece(op, told)
        found |= first
        if not empty:
            return found, False
    return found, True


def _of_piece(op: Any, told: Any) -> Beginning:
    if op is ops.LITERAL:
        return frozenset(chr(told)), False
    if op is ops.IN:
        return frozenset[str]().union(*(_of_class(*each) for each in told)), False
    if op in (ops.AT, ops.ASSERT, ops.ASSERT_NOT):
        return frozenset(), True
    if op is ops.SUBPATTERN:
        return _of_all(told[-1])
    if op is ops.BRANCH:
        every = [_of_all(branch) for branch in told[1]]
        return frozenset[str]().union(*(each for each, _ in every)), any(
            empty for _, empty in every
        )
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        least, _, again = told
        found, empty = _of_all(again)
        return found, empty or not least
    raise _AnyCharacter


def _of_class(op: Any, told: Any) -> frozenset[str]:
    if op is ops.LITERAL:
        return frozenset(chr(told))
    if op is ops.RANGE:
        return frozenset(map(chr, range(told[0], told[1] + 1)))
    if op is ops.CATEGORY and told is ops.CATEGORY_DIGIT:
        return DIGITS
    raise _AnyCharacter
