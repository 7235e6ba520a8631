"""The school's own days: which they are, of which branch, and what takes them out."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.branch.meetings import school
from bot.branch.people.tree import Branch, find_branch
from bot.errors import Refusal
from tests.bot.branch.meetings.test_doors import NOW
from tests.people import BRANCH, OTHER_BRANCH, find_member

TODAY, DAY = NOW.date(), timedelta(days=1)


def place(session: Session, name: str = BRANCH) -> Branch:
    found = find_branch(session, name)
    assert found
    return found


def put(
    session: Session, name: str, first: date, days: int = 1, of: str = BRANCH
) -> None:
    last, by = first + (days - 1) * DAY, find_member(session, "赵敏")
    school.put(session, place(session, of), name, first, last, by, NOW)


def within(session: Session, first: date, last: date, of: str = BRANCH) -> list[str]:
    return [
        each.name for each in school.within(session, place(session, of), first, last)
    ]


def test_days_that_share_one_with_a_stretch_in_their_order(session: Session) -> None:
    put(session, "寒假", TODAY + 5 * DAY, 3)
    put(session, "考试周", TODAY, 3)
    put(session, "校庆", TODAY + 3 * DAY, of=OTHER_BRANCH)
    assert within(session, TODAY, TODAY + 9 * DAY) == ["考试周", "寒假"]
    assert within(session, TODAY + 2 * DAY, TODAY + 5 * DAY) == ["考试周", "寒假"]
    assert within(session, TODAY + 3 * DAY, TODAY + 4 * DAY) == []


def test_set_anew_it_takes_the_place_of_its_name_in_those_days(
    session: Session,
) -> None:
    put(session, "寒假", TODAY, 3)
    put(session, "寒假", TODAY + 200 * DAY)
    put(session, "考试周", TODAY)
    put(session, "寒假", TODAY + 2 * DAY, 4)
    put(session, "寒假", TODAY, of=OTHER_BRANCH)
    spans = school.within(session, place(session), date.min, date.max)
    assert [(each.name, (each.first - TODAY).days) for each in spans] == [
        ("考试周", 0),
        ("寒假", 2),
        ("寒假", 200),
    ]


def test_taken_out_is_what_is_not_over_under_that_name_here(session: Session) -> None:
    put(session, "寒假", TODAY - 360 * DAY)
    put(session, "运动会", TODAY - 1 * DAY)  # over since yesterday
    put(session, "考试周", TODAY)
    for of in (BRANCH, OTHER_BRANCH):
        put(session, "寒假", TODAY - 30 * DAY, 31, of)
    assert school.drop(session, place(session), "寒假", NOW) == 1
    assert school.drop(session, place(session), "寒假", NOW) == 0
    assert school.drop(session, place(session), "运动会", NOW) == 0
    assert within(session, date.min, date.max) == ["寒假", "运动会", "考试周"]
    assert within(session, date.min, date.max, OTHER_BRANCH) == ["寒假"]


@pytest.mark.parametrize(
    ("name", "days", "fits"),
    [
        ("寒假", 1, True),
        ("寒假", 120, True),
        ("寒假", 121, False),
        ("寒假", 0, False),
        ("长" * 20, 1, True),
        ("长" * 21, 1, False),
        ("", 1, False),
    ],
)
def test_how_long_and_how_called(
    session: Session, name: str, days: int, *, fits: bool
) -> None:
    if fits:
        put(session, name, TODAY, days)
        assert within(session, TODAY, TODAY) == [name]
        return
    with pytest.raises(Refusal, match=r"起止日期|名称"):
        put(session, name, TODAY, days)
