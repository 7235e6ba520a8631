"""Courses side by side: each gets its own outcome, round after round."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from bot.storage.group_commit import Done, Steps, do_together

NOBODY = cast("Session", None)


class Desk:
    """Does the works without a database, and notes how many came at once."""

    def __init__(self) -> None:
        self.rounds: list[int] = []

    def share(self, works: Sequence[Callable[[Session], Any]]) -> Sequence[Done]:
        self.rounds.append(len(works))
        return [Done.of(work, _nothing) for work in works]


class _nothing:  # noqa: N801  # opened like a function
    def __enter__(self) -> Session:
        return NOBODY

    def __exit__(self, *_: object) -> None:
        pass


def counting(last: int) -> Steps[list[int]]:
    told = []
    for number in range(last):
        told.append((yield partial(_say, number)))
    return told


def _say(number: int, _: Session) -> int:
    return number


def failing(error: Exception) -> Steps[str]:
    def work(_: Session) -> None:
        raise error

    try:
        yield work
    except ValueError as caught:
        return f"caught {caught}"
    return "not reached"


def test_nothing_to_do() -> None:
    desk = Desk()
    assert do_together([], desk.share) == []
    assert desk.rounds == []


def test_each_is_given_its_own_results_in_the_order_of_the_courses() -> None:
    desk = Desk()
    told = do_together([counting(1), counting(3), counting(0)], desk.share)
    assert told == [[0], [0, 1, 2], []]
    assert desk.rounds == [2, 1, 1]


def test_what_work_raises_is_raised_in_its_course_alone() -> None:
    desk = Desk()
    told = do_together([failing(ValueError("no")), counting(2)], desk.share)
    assert told == ["caught no", [0, 1]]


def test_what_a_course_does_not_catch_is_raised() -> None:
    with pytest.raises(KeyError):
        do_together([failing(KeyError("k"))], Desk().share)
