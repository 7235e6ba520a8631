"""The week ahead as its secretary reads it: ten are named, all are counted."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.branch.birthdays import weeks
from bot.branch.birthdays.greetings import Birthday
from bot.branch.people.tree import find_branch
from tests.people import BRANCH


def born(number: int) -> Birthday:
    joined, day = date(2010, 3, 5), date(2026, 3, 5)
    return Birthday(
        *(number, None, f"某{number}", f"某{number}", joined, day, 16, 15),
        *(BRANCH, 1),
    )


@pytest.mark.parametrize(("number", "more"), [(1, ""), (10, ""), (11, "还有 1 位")])
def test_ten_are_named_and_the_rest_counted(
    session: Session, number: int, more: str
) -> None:
    branch = find_branch(session, BRANCH)
    assert branch
    told = weeks.describe([born(each) for each in range(number)], branch)
    assert told.count("· ") == min(number, 10)
    assert ("还有" in told) is bool(more)
    assert more in told
