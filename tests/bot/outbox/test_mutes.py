"""Who wants to hear nothing, of two people, two kinds and three times."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.people.members import Member
from bot.outbox import QuietWish
from bot.outbox.mutes import EVERYTHING, in_force
from tests.conftest import LONG_AGO as NOW
from tests.people import find_member

HOUR = timedelta(hours=1)


def ids(session: Session, *names: str) -> list[int]:
    return [find_member(session, each).id for each in names]


@pytest.fixture
def wished(session: Session) -> tuple[int, int, int]:
    """王芳: of two kinds, one of which ends; 李伟: from later on; 何雪: for ever."""
    wang, li, he = ids(session, "王芳", "李伟", "何雪")
    for member, kind, since, until in (
        (wang, "study", NOW, NOW + 2 * HOUR),
        (wang, "birthday", NOW, NOW + 4 * HOUR),
        (li, EVERYTHING, NOW + 3 * HOUR, NOW + 5 * HOUR),
        (he, EVERYTHING, NOW, None),
    ):
        outbox.mute(session, member, QuietWish(kind, since, until))
    session.flush()
    return wang, li, he


def kinds(session: Session, member: int, now: datetime) -> list[str]:
    return [each.kind for each in outbox.wishes(session, member, now)]


@pytest.mark.parametrize(
    ("hours", "active", "coming"),
    [
        (0, ([2, 0, 1], 2), ([2, 1, 1])),
        (1.99, ([2, 0, 1], 2), ([2, 1, 1])),
        (2, ([1, 0, 1], 2), ([1, 1, 1])),
        (3, ([1, 1, 1], 3), ([1, 1, 1])),
        (4, ([0, 1, 1], 2), ([0, 1, 1])),
        (5, ([0, 0, 1], 1), ([0, 0, 1])),
    ],
)
def test_a_wish_holds_from_its_first_moment_to_its_last(
    session: Session,
    wished: tuple[int, int, int],
    hours: float,
    active: tuple[list[int], int],
    coming: list[int],
) -> None:
    now = NOW + hours * HOUR
    found = in_force(session, [*wished, None], now)
    assert [len(found.get(each, ())) for each in wished] == active[0]
    assert outbox.muted(session, select(Member.id), now) == active[1]
    assert [len(kinds(session, each, now)) for each in wished] == coming


def test_some_are_counted_and_named(
    session: Session, wished: tuple[int, int, int]
) -> None:
    wang, li, _ = wished
    only = select(Member.id).where(Member.id.in_((wang, li)))
    assert outbox.muted(session, only, NOW) == 1
    assert set(in_force(session, [wang], NOW)) == {wang}


def test_one_ends_what_she_wished_and_nobody_else_s(
    session: Session, wished: tuple[int, int, int]
) -> None:
    wang, _, he = wished
    assert outbox.unmute(session, wang, ("study", "notice"), NOW) == 1
    assert kinds(session, wang, NOW) == ["birthday"]
    assert outbox.unmute(session, wang, None, NOW) == 1
    assert (kinds(session, wang, NOW), kinds(session, he, NOW)) == ([], [EVERYTHING])


def wish(since: float, until: float | None) -> QuietWish:
    ends = None if until is None else NOW + until * HOUR
    return QuietWish("study", NOW + since * HOUR, ends)


@pytest.mark.parametrize(
    ("one", "other", "outlasts", "takes_in"),
    [
        ((-2, 2), (-1, 1), True, True),
        ((-1, 2), (-1, 1), True, True),
        ((-1, 1), (-1, 1), False, True),
        ((-1, 0.5), (-1, 1), False, False),
        ((0, 2), (-1, 1), False, True),  # what is over need not be held
        ((1, 3), (0, 2), False, False),
        ((1, 3), (1, 2), True, True),
        ((-1, None), (-1, 1), True, True),
        ((-1, None), (-1, None), False, True),
        ((-1, 9), (-1, None), False, False),
    ],
)
def test_which_wish_holds_all_of_another_s_time(
    one: tuple[float, float | None],
    other: tuple[float, float | None],
    *,
    outlasts: bool,
    takes_in: bool,
) -> None:
    assert wish(*one).outlasts(wish(*other)) is outlasts
    assert wish(*one).takes_in(wish(*other), NOW) is takes_in
