"""What must be true of the books at every moment, said beside the book it is about.

A book adds its own: `@proof("每封信…")` on a function that yields each fault in words.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

Find = Callable[[Session], Iterable[str]]


@dataclass(frozen=True)
class Proof:
    """claim: what must be true. find: yields what is not, a line each."""

    claim: str
    find: Find


def proof(claim: str) -> Callable[[Find], Proof]:
    return lambda find: Proof(claim, find)
