"""A page of a long list, by its number in the address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

T = TypeVar("T")
A_PAGE = 50
MOST = 100_000


@dataclass(frozen=True)
class Paged(Generic[T]):
    """rows: of this page. number: of the page, from 1."""

    rows: Sequence[T]
    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // A_PAGE))


def turn_to(total: int, find: Callable[[int, int], Sequence[T]]) -> Paged[T]:
    """Find the rows of the page that is asked for.

    find: gives so many rows (its second argument) after so many (its first).
    """
    asked = request.args.get("page", 1, type=int)
    last = max(1, -(-total // A_PAGE))
    number = min(max(1, asked), last, MOST)
    return Paged(find((number - 1) * A_PAGE, A_PAGE), number, total)
