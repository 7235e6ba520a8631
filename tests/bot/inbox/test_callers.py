"""Who wrote to the robot: noted by the hour, forgotten by the month, each by itself."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.inbox import callers
from bot.inbox.callers import FORGOTTEN_AFTER, NOTED_EVERY, Caller
from tests.conftest import LONG_AGO as NOW

HERE, THERE = "aibot", "official"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def two_and_a_namesake(session: Session) -> None:
    for channel, user in ((HERE, "a"), (HERE, "b"), (THERE, "a")):
        assert callers.note(session, channel, user, NOW)


def heard(session: Session) -> dict[tuple[str, str], datetime]:
    session.expire_all()
    return {
        (each.channel, each.user): each.heard_at
        for each in session.scalars(select(Caller))
    }


@pytest.mark.parametrize(
    ("after", "noted"), [(NOTED_EVERY, False), (NOTED_EVERY + SECOND, True)]
)
def test_who_writes_again_is_noted_to_the_hour(
    session: Session, after: timedelta, *, noted: bool
) -> None:
    now = NOW + after
    assert not callers.note(session, HERE, "a", now)
    assert heard(session) == {
        (HERE, "a"): now if noted else NOW,
        (HERE, "b"): NOW,
        (THERE, "a"): NOW,
    }
    assert callers.has_written(session, THERE, "a")
    assert not callers.has_written(session, THERE, "b")


def test_all_of_one_platform_are_listed_the_last_heard_first(session: Session) -> None:
    callers.note(session, HERE, "c", NOW - SECOND)
    callers.note(session, HERE, "b", NOW + timedelta(hours=2))
    found = callers.list_all(session, HERE)
    assert [each.user for each in found] == ["b", "a", "c"]
    first = callers.get(session, found[0].id)
    assert first is callers.find(session, HERE, "b")


@pytest.mark.parametrize(("before", "taken"), [(SECOND, "there"), (0 * SECOND, None)])
def test_one_answer_may_be_sent_unasked_once_and_in_time(
    session: Session, before: timedelta, taken: str | None
) -> None:
    until = NOW + timedelta(hours=1)
    callers.keep_address(session, HERE, "a", "there", until)
    for channel, user in ((HERE, "b"), (THERE, "a"), (HERE, "nobody")):
        assert callers.take_address(session, channel, user, NOW) is None
    assert callers.take_address(session, HERE, "a", until - before) == taken
    assert callers.take_address(session, HERE, "a", NOW) is None


def test_who_is_unknown_and_silent_for_a_month_is_forgotten(session: Session) -> None:
    """Neither a member, nor who wrote a second later, nor who wrote elsewhere."""
    callers.note(session, HERE, "late", NOW + SECOND)
    callers.forget_old(session, HERE, NOW + FORGOTTEN_AFTER, ["b"])
    assert len(heard(session)) == 4, "a month is not over yet"
    callers.forget_old(session, HERE, NOW + FORGOTTEN_AFTER + SECOND, ["b"])
    session.flush()
    assert heard(session).keys() == {(HERE, "b"), (HERE, "late"), (THERE, "a")}


def test_who_gave_a_name_was_asked_about(session: Session) -> None:
    one, two = callers.list_all(session, HERE)
    one.called, one.asked_at = "王芳", NOW
    session.flush()
    assert list(callers.introduced.find(session)) == []
    one.asked_at, two.asked_at = None, NOW
    session.flush()
    [told] = callers.introduced.find(session)
    assert f"第 {one.id} 号" in told
