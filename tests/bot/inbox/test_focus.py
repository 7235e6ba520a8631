"""What was spoken of last: of one conversation and kind, for a while."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.inbox import focus
from bot.inbox.focus import LASTS, Focus
from tests.conftest import LONG_AGO as NOW

MINUTE = timedelta(minutes=1)


def number(session: Session, thread: str, kind: str, after: timedelta) -> object:
    return (focus.find(session, thread, kind, NOW + after) or {}).get("id")


def test_the_last_of_each_kind_and_conversation(session: Session) -> None:
    focus.note(session, "a", "notice", {"id": 1}, NOW)
    focus.note(session, "b", "notice", {"id": 2}, NOW)
    focus.note(session, "a", "reminder", {"id": 3}, NOW + MINUTE)
    focus.note(session, "a", "notice", {"id": 4}, NOW + 2 * MINUTE)
    assert number(session, "a", "notice", MINUTE) == 4
    assert number(session, "a", "reminder", MINUTE) == 3
    assert number(session, "b", "notice", MINUTE) == 2
    assert number(session, "b", "reminder", MINUTE) is None
    spoken = focus.every(session, "a", NOW + 3 * MINUTE)
    assert [(each.kind, each.age) for each in spoken] == [
        ("notice", MINUTE),
        ("reminder", 2 * MINUTE),
    ]


def test_it_is_forgotten_when_its_time_is_over(session: Session) -> None:
    focus.note(session, "a", "notice", {"id": 1}, NOW)
    focus.note(session, "a", "reminder", {"id": 2}, NOW + MINUTE)
    assert number(session, "a", "notice", LASTS - timedelta(seconds=1)) == 1
    assert number(session, "a", "notice", LASTS) is None
    assert [each.kind for each in focus.every(session, "a", NOW + LASTS)] == [
        "reminder"
    ]
    focus.forget_old(session, NOW + LASTS)
    assert session.scalars(select(Focus.kind)).all() == ["reminder"]


def test_a_conversation_is_forgotten_however_it_is_written(session: Session) -> None:
    for thread in ("wecom:LiWei", "wecom:liwei", "wecom:liweiwei"):
        focus.note(session, thread, "notice", {"id": 1}, NOW)
    focus.drop_all(session, "wecom:liwei")
    assert session.scalars(select(Focus.thread)).all() == ["wecom:liweiwei"]


def test_dropped_is_one_kind_of_one_conversation(session: Session) -> None:
    for thread in "ab":
        for kind in ("notice", "reminder"):
            focus.note(session, thread, kind, {"id": 1}, NOW)
    focus.drop(session, "a", "notice")
    left = session.execute(select(Focus.thread, Focus.kind)).all()
    assert sorted(map(tuple, left)) == [
        ("a", "reminder"),
        ("b", "notice"),
        ("b", "reminder"),
    ]
