"""The week ahead as its secretary reads it: ten are named, all are counted."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.branch.birthdays import weeks
from bot.branch.birthdays.greetings import Birthday
from bot.branch.birthdays.notes import Note
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


PLAIN = "· 3月5日（周四） 某1：入党 16 周年"


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, f"{PLAIN}，党龄 15 年"),
        ({"party_age": None}, PLAIN),
        ({"stopped": True}, f"{PLAIN}，党龄 15 年（已停发）"),
        ({"words": "您好"}, f"{PLAIN}，党龄 15 年（用您改的话）"),
        ({"notes": (Note(1, "某2", "好"),) * 2}, f"{PLAIN}，党龄 15 年（寄语 2 条）"),
        (
            {"stopped": True, "honoured": True},
            f"{PLAIN}，党龄 15 年（已停发，党龄今年满 50 年）",
        ),
    ],
)
def test_what_is_said_of_one(
    session: Session, more: dict[str, object], line: str
) -> None:
    branch = find_branch(session, BRANCH)
    assert branch
    one = replace(born(1), **more)  # type: ignore[arg-type]
    assert line in weeks.describe([one], branch).splitlines()
