"""Who may not be disturbed is set aside: in quiet hours, by wish, by a full week."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot import outbox
from bot.calendar.quiet_hours import Hours
from bot.config.settings import Quiet
from bot.message import Picture
from bot.outbox import (
    MERGED,
    MUTED,
    OWN_HOURS,
    WEEK_FULL,
    Importance,
    Plan,
    QuietWish,
    Window,
)
from bot.outbox.courtesy import leaves_room
from bot.outbox.digest_words import MOST_BYTES, write
from bot.outbox.digests import PICTURES
from bot.outbox.kinds import OFFICE
from bot.outbox.letters import Letter, Recipient
from bot.storage.database import Base, Storage
from tests.bot.outbox.post import START, Post, plan
from tests.conftest import ZONE

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
QUIET = Quiet()
NARROW = Quiet(weekly_budget=2)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    storage = Storage(f"sqlite:///{tmp_path / 'outbox.db'}")
    names = ("letter", "recipient", "batch", "way", "mute", "own_hours")
    with storage.exclusive() as connection:
        Base.metadata.create_all(
            connection, [Base.metadata.tables[name] for name in names]
        )
    post = Post(storage, MORNING)
    yield post
    assert post.disproved() == []
    storage.close()


def routine(key: str, kind: str = "reminder", days: float = 10) -> Plan:
    drawn = plan(key, opens=-86400, lasts=days * 86400)
    return replace(drawn, kind=kind)


def deliver(post: Post, quiet: Quiet = QUIET) -> list[str]:
    """Deliver all that may go now; say who got what."""
    told = []
    for _ in range(100):
        with post.storage.write() as session:
            outbox.keep_quiet(session, "wecom", quiet, post.now)
            claims = outbox.claim_singles(session, "wecom", "me", post.now, quiet)
            claim = outbox.claim_new(session, "wecom", "me", post.now, quiet)
        for each in [*claims, *([claim] if claim else [])]:
            post.settle(each)
            text = getattr(each.content, "text", "")
            told += [f"{user}:{text}" for user in each.users]
        if not claims and not claim:
            break
    return told


def wish(post: Post, number: int, kind: str = "", days: float | None = None) -> None:
    until = None if days is None else post.now + timedelta(days=days)
    with post.storage.write() as session:
        outbox.mute(session, number, QuietWish(kind, post.now, until))


def digest(post: Post, hour: str) -> list[str]:
    post.now = datetime.fromisoformat(hour).replace(tzinfo=ZONE)
    with post.storage.write() as session:
        outbox.merge(session, QUIET, post.now)
    told = deliver(post)
    with post.storage.write() as session:
        outbox.settle_merged(session, post.now)
    return told


@pytest.mark.parametrize("users", [("a",), ("a", "b", "c")])
def test_at_night_the_clock_waits_and_people_do_not(
    post: Post, users: tuple[str, ...]
) -> None:
    post.now = MORNING.replace(hour=23)
    post.put_plan(routine("k"), *users)
    notice = replace(routine("n"), importance=Importance.NOTICE)
    post.put_plan(notice, *users)
    assert deliver(post) == [f"{user}:words of n" for user in users]
    post.now = MORNING.replace(day=3, hour=7)
    assert deliver(post) == [f"{user}:words of k" for user in users]


def test_what_failed_in_the_evening_is_not_tried_again_at_night(post: Post) -> None:
    post.now = MORNING.replace(hour=21, minute=59)
    post.put_plan(routine("k"), "a")
    post.postpone(post.take())
    post.now = MORNING.replace(hour=22, minute=30)
    assert deliver(post) == []
    assert post.claim() is None
    post.now = MORNING.replace(day=3, hour=7)
    assert post.claim() is not None


@pytest.mark.parametrize("users", [("a",), ("a", "b")])
def test_a_wish_for_ever_is_a_refusal(post: Post, users: tuple[str, ...]) -> None:
    wish(post, 0, "study")
    post.put_plan(routine("k", "study"), *users)
    post.put_plan(routine("l"), *users)
    told = deliver(post)
    assert "a:words of k" not in told
    assert "a:words of l" in told
    assert post.fates(1)["a"] == ("refused", MUTED)
    assert post.figures(1) == (len(users), len(users) - 1, 1, 0)


def test_what_outlasts_a_wish_comes_in_one_digest(post: Post) -> None:
    wish(post, 0, days=2)
    for key in "klm":
        post.put_plan(routine(key), "a")
    short = routine("s", days=1)
    post.put_plan(short, "a")
    assert deliver(post) == []
    assert post.fates(4)["a"] == ("refused", MUTED)
    assert post.figures(1) == (1, 0, 0, 1)
    assert digest(post, "2026-03-03 17:30") == []
    (told,) = digest(post, "2026-03-04 17:30")
    assert [f"words of {key}" in told for key in "klm"] == [True] * 3
    for number in (1, 2, 3):
        assert post.fates(number)["a"] == ("delivered", MERGED)
        assert post.figures(number) == (1, 1, 0, 0)
    assert digest(post, "2026-03-05 17:30") == []


def test_a_call_passes_and_a_notice_waits(post: Post) -> None:
    wish(post, 0, days=2)
    call = replace(routine("c"), importance=Importance.CALL)
    notice = replace(routine("n"), importance=Importance.NOTICE)
    for each in (call, notice):
        post.put_plan(each, "a")
    assert deliver(post) == ["a:words of c"]
    post.now += timedelta(days=2)
    with post.storage.write() as session:
        assert outbox.let_go(session, post.now) == 1
    assert deliver(post) == ["a:words of n"]


@pytest.mark.parametrize(
    ("kind", "importance", "reason", "gone"),
    [
        ("notice", Importance.NOTICE, MUTED, ["a"]),
        ("deadline", Importance.ROUTINE, MUTED, ["a"]),
        ("reminder", Importance.ROUTINE, OWN_HOURS, ["a"]),
        ("reminder", Importance.ROUTINE, MUTED, []),
    ],
)
def test_let_go_is_who_waits_until_now_and_whom_no_digest_tells(
    post: Post, kind: str, importance: Importance, reason: str, gone: list[str]
) -> None:
    post.put_plan(replace(routine("n", kind), importance=importance), *"abcd")
    post.put_plan(routine("other"), "z")
    held: dict[str, dict[str, object]] = {
        "a": {"held_until": post.now},
        "b": {"held_until": post.now, "digest_id": 9},
        "c": {"held_until": post.now, "state": "refused"},
        "d": {"held_until": post.now + timedelta(seconds=1)},
    }
    with post.storage.write() as session:
        for user, values in held.items():
            mine = update(Recipient).where(Recipient.user == user)
            session.execute(mine.values(reason=reason, **values))
        mine = update(Letter).where(Letter.key == "n")
        session.execute(mine.values(unclaimed=0))
        assert outbox.let_go(session, post.now) == len(gone)
        loud = select(Recipient.user).where(Recipient.held_until.is_(None))
        assert list(session.scalars(loud)) == [*gone, "z"]
        waiting = select(Letter.unclaimed).order_by(Letter.id)
        assert list(session.scalars(waiting)) == [len(gone), 1]
        session.rollback()


@pytest.mark.parametrize("together", [True, False])
def test_a_full_week_holds_what_can_wait_and_refuses_the_rest(
    post: Post, *, together: bool
) -> None:
    users = ("a", "b") if together else ("a",)
    for number in range(9):
        post.put_plan(routine(f"k{number}", days=0.05 if number == 8 else 20), *users)
    assert len(deliver(post)) == 6 * len(users)
    assert post.fates(9)["a"] == ("refused", WEEK_FULL)
    assert post.figures(7) == (len(users), 0, 0, len(users))
    told = digest(post, "2026-03-02 17:30")
    assert len(told) == len(users)
    assert "words of k6" in told[0]
    assert "words of k7" in told[0]
    post.put_plan(routine("late", days=20), *users)
    assert deliver(post) == []
    assert digest(post, "2026-03-03 17:30") == []
    assert digest(post, "2026-03-08 17:30") == []
    assert len(digest(post, "2026-03-09 17:30")) == len(users)


def test_what_waited_too_long_is_refused_with_the_reason(post: Post) -> None:
    """What was told in time, what still makes sense and what nobody held stay."""
    for number in range(7):
        post.put_plan(routine(f"k{number}", days=2), "a")
    post.put_plan(routine("long", days=3.01), "a")
    wish(post, 1, days=9)
    notice = replace(routine("notice", "notice", days=2), importance=Importance.NOTICE)
    post.put_plan(notice, "x", "b")
    deliver(post)
    post.put_plan(routine("waits", days=2), "a")
    over = START + timedelta(days=2)
    for post.now, dropped in ((over - timedelta(seconds=1), 0), (over, 1)):
        with post.storage.write() as session:
            assert outbox.drop_held(session, post.now) == dropped
    assert post.fates(1) == {"a": ("delivered", None)}
    assert post.fates(7) == {"a": ("refused", WEEK_FULL)}
    assert post.fates(8) == {"a": ("pending", WEEK_FULL)}
    assert post.fates(9)["b"] == ("pending", MUTED), "told when the quiet is over"
    assert post.fates(10) == {"a": ("pending", None)}


def test_nothing_at_all_with_no_budget(post: Post) -> None:
    post.put_plan(routine("k"), "a")
    assert deliver(post, Quiet(weekly_budget=0)) == []
    assert post.fates(1)["a"] == ("refused", WEEK_FULL)


def test_a_full_week_holds_nothing_that_an_office_asks_for(post: Post) -> None:
    for number in range(7):
        post.put_plan(routine(f"k{number}"), "a")
    assert len(deliver(post)) == 6
    for kind in OFFICE:
        post.put_plan(routine(f"of {kind}", kind), "a")
    assert deliver(post) == [f"a:words of of {kind}" for kind in OFFICE]


def test_what_an_office_asks_for_costs_none_of_its_holders_week(post: Post) -> None:
    for number in range(9):
        post.put_plan(routine(f"d{number}", "deadline"), "a")
    post.put_plan(routine("k"), "a")
    assert len(deliver(post)) == 10


def test_at_night_and_in_quiet_an_office_waits_too(post: Post) -> None:
    post.now = MORNING.replace(hour=23)
    post.put_plan(routine("k", "deadline"), "a")
    assert deliver(post) == []
    post.now = MORNING.replace(day=3, hour=7)
    wish(post, 0, days=1)
    assert deliver(post) == []
    post.now = MORNING.replace(day=4, hour=8)
    with post.storage.write() as session:
        assert outbox.merge(session, QUIET, post.now) == 0
        assert outbox.let_go(session, post.now) == 1
    assert deliver(post) == ["a:words of k"]


def test_who_speaks_again_hears_what_was_kept(post: Post) -> None:
    wish(post, 0, days=5)
    post.put_plan(routine("k"), "a")
    assert deliver(post) == []
    with post.storage.write() as session:
        assert outbox.unmute(session, 0, None, post.now) == 1
        assert not outbox.wishes(session, 0, post.now)
    assert len(digest(post, "2026-03-02 17:30")) == 1


def test_a_digest_names_nothing_that_its_reader_wished_away_meanwhile(
    post: Post,
) -> None:
    for key, kind in (("k1", "study"), ("k2", "reminder"), ("k3", "study")):
        post.put_plan(routine(key, kind), "a")
    assert deliver(post, NARROW) == ["a:words of k1"]
    wish(post, 0, "study")
    post.now = MORNING.replace(hour=17, minute=30)
    with post.storage.write() as session:
        assert outbox.merge(session, NARROW, post.now) == 1
    assert deliver(post, NARROW) == ["a:words of k2"]


def test_who_is_no_member_is_told_in_a_digest_too(post: Post) -> None:
    for key in ("k1", "k2"):
        post.put_plan(routine(key), "a")
        with post.storage.write() as session:
            plan = routine(f"{key}:other")
            outbox.put_to(session, plan, "x", None, now=post.now)
    assert len(deliver(post, NARROW)) == 2
    post.now = MORNING.replace(hour=17, minute=30)
    with post.storage.write() as session:
        assert outbox.merge(session, NARROW, post.now) == 2
    assert deliver(post, NARROW) == ["a:words of k2", "x:words of k2:other"]


def test_a_digest_that_came_too_late_is_made_again(post: Post) -> None:
    wish(post, 0, days=0.1)
    post.put_plan(routine("k"), "a")
    deliver(post)
    post.now = MORNING.replace(hour=17, minute=30)
    with post.storage.write() as session:
        assert outbox.merge(session, QUIET, post.now) == 1
    post.now = MORNING.replace(hour=21, minute=40)
    post.drop_stale()
    with post.storage.write() as session:
        assert outbox.settle_merged(session, post.now) == 0
    assert post.figures(1) == (1, 0, 0, 1)
    (told,) = digest(post, "2026-03-03 17:30")
    assert "words of k" in told
    assert "3月2日" in told


@given(st.integers(1, 12), st.integers(0, 3))
def test_nothing_goes_over_a_week(budget: int, leaves: int) -> None:
    number = 0
    while leaves_room(leaves, budget, number):
        number += 1
    assert number == max(1, budget - leaves)
    assert not leaves_room(leaves, 0, 0)


MICROSECONDS = st.integers(0, 59_000_000)
FRIDAYS = st.lists(MICROSECONDS, min_size=15, max_size=15)


@pytest.mark.thorough
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(FRIDAYS)
def test_a_week_counts_days_however_the_seconds_fall(
    tmp_path: Path, seconds: list[int]
) -> None:
    storage = Storage(f"sqlite:///{tmp_path / str(uuid4())}.db")
    names = ("letter", "recipient", "batch", "way", "mute", "own_hours")
    with storage.exclusive() as connection:
        Base.metadata.create_all(
            connection, [Base.metadata.tables[name] for name in names]
        )
    post, told = Post(storage, MORNING), 0
    days = [day for day in range(19) if day % 7 < 5]
    for day, late in zip(days, seconds, strict=True):
        post.now = MORNING + timedelta(days=day, microseconds=late)
        lesson = replace(routine(f"k{day}", "study", days=30), leaves=2)
        post.put_plan(lesson, "a", "b")
        told += len(deliver(post))
    storage.close()
    assert told == 2 * len(days)


def test_a_lesson_goes_where_a_greeting_has_no_room(post: Post) -> None:
    for number in range(5):
        post.put_plan(routine(f"k{number}"), "a", "b")
    assert len(deliver(post)) == 10
    post.put_plan(replace(routine("greeting", "study"), leaves=2), "a", "b")
    assert deliver(post) == []
    post.put_plan(routine("lesson", "study"), "a", "b")
    assert deliver(post) == ["a:words of lesson", "b:words of lesson"]


@given(st.lists(st.text(min_size=1, max_size=900), min_size=1, max_size=20))
def test_a_digest_fits_one_message_and_names_everything(texts: list[str]) -> None:
    told = write([each.replace("\n", " ").strip() or "x" for each in texts])
    assert len(told.encode()) <= MOST_BYTES + 60
    if len(texts) > 1:
        assert told.count("\n") == len(texts)


def test_letters_of_the_clock_spend_and_pictures_do_not(post: Post) -> None:
    picture = replace(routine("k:card"), content=Picture(1))
    notice = replace(routine("n", "notice"), importance=Importance.NOTICE)
    for each, spends in ((routine("k"), True), (picture, False), (notice, False)):
        letter = post.put_plan(each, "a")
        assert isinstance(letter, Letter)
        assert letter.spends == spends, each.key


def test_two_cards_are_two_messages_of_a_week(post: Post) -> None:
    week = Quiet(weekly_budget=4)  # the last of it is left to who may use it
    for key in ("b1", "b2"):
        put_with_picture(post, key, "a")
    assert len(deliver(post, week)) == 4
    for key in ("k1", "k2"):
        post.put_plan(routine(key), "a")
    assert deliver(post, week) == ["a:words of k1"]


def test_a_full_week_keeps_no_card_whose_words_went(post: Post) -> None:
    """The words are the last that the week has room for; another's were refused."""
    put_with_picture(post, "b1", "a")
    put_with_picture(post, "b2", "a")
    post.put_plan(routine("k", "study"), "b")
    assert len(deliver(post, Quiet(weekly_budget=1))) == 3
    assert post.fates(2) == {"a": ("delivered", None)}
    assert {post.fates(each)["a"][1] for each in (3, 4)} == {WEEK_FULL}


def put_with_picture(post: Post, key: str, user: str) -> None:
    """Queue a letter with its picture, numbered one after the other."""
    post.put_plan(routine(key, "birthday"), user)
    post.put_plan(replace(routine(f"{key}:card", "birthday"), content=Picture(1)), user)


def settle_merged(post: Post) -> int:
    with post.storage.write() as session:
        return outbox.settle_merged(session, post.now)


def test_a_picture_follows_the_digest_that_names_it(post: Post) -> None:
    post.put_plan(routine("k"), "a")
    put_with_picture(post, "b", "a")
    assert deliver(post, NARROW) == ["a:words of k"]
    post.now = MORNING.replace(hour=17, minute=30)
    with post.storage.write() as session:
        assert outbox.merge(session, NARROW, post.now) == 1
    assert deliver(post, NARROW) == [f"a:words of b\n{PICTURES}"], "and no picture yet"
    assert settle_merged(post) == 1
    assert deliver(post, NARROW) == ["a:"]
    assert post.figures(2) == post.figures(3) == (1, 1, 0, 0)


def test_a_picture_waits_with_its_words_where_a_digest_came_too_late(
    post: Post,
) -> None:
    post.put_plan(routine("k"), "a")
    put_with_picture(post, "b", "a")
    deliver(post, NARROW)
    post.now = MORNING.replace(hour=17, minute=30)
    with post.storage.write() as session:
        outbox.merge(session, NARROW, post.now)
    post.now = MORNING.replace(hour=21, minute=40)
    post.drop_stale()
    assert settle_merged(post) == 0
    assert deliver(post, NARROW) == []
    assert post.figures(2) == post.figures(3) == (1, 0, 0, 1)
    post.now = MORNING.replace(day=9, hour=17, minute=30)
    with post.storage.write() as session:
        assert outbox.merge(session, NARROW, post.now) == 1
    assert deliver(post, NARROW) == [f"a:3月2日（周一）：words of b\n{PICTURES}"]
    settle_merged(post)
    assert deliver(post, NARROW) == ["a:"]


def keep_hours(post: Post, number: int, starts: int, ends: int) -> None:
    with post.storage.write() as session:
        hours = Hours(time(starts), time(ends))
        outbox.keep_hours(session, number, hours, post.now)


def look_after_held(post: Post) -> list[str]:
    with post.storage.write() as session:
        outbox.let_go(session, post.now)
    return deliver(post)


@pytest.mark.parametrize("users", [("a",), ("a", "b")])
def test_in_her_own_hours_the_clock_waits_and_others_do_not(
    post: Post, users: tuple[str, ...]
) -> None:
    keep_hours(post, 0, 8, 11)
    post.put_plan(routine("k"), *users)
    for name, importance in (("n", Importance.NOTICE), ("o", Importance.ANSWER)):
        post.put_plan(replace(routine(name), importance=importance), "a")
    nudge = replace(routine("u", "nudge"), importance=Importance.NOTICE)
    post.put_plan(nudge, "a")
    told = deliver(post)
    assert [each for each in told if each.startswith("a:")] == [
        "a:words of o",
        "a:words of n",
    ]
    assert post.fates(1)["a"] == ("pending", OWN_HOURS)
    post.now = MORNING.replace(hour=10, minute=59)
    assert look_after_held(post) == []
    post.now = MORNING.replace(hour=11)
    assert sorted(look_after_held(post)) == ["a:words of k", "a:words of u"]
    assert post.figures(1) == (len(users), len(users), 0, 0)


def test_what_does_not_outlast_her_hours_is_refused(post: Post) -> None:
    keep_hours(post, 0, 8, 11)
    window = Window(post.now, post.now.replace(hour=11))
    post.put_plan(replace(routine("k"), window=window), "a")
    assert deliver(post) == []
    assert post.fates(1)["a"] == ("refused", OWN_HOURS)


def test_her_hours_and_the_house_s_end_together(post: Post) -> None:
    keep_hours(post, 0, 20, 22)
    post.now = MORNING.replace(hour=21)
    post.put_plan(routine("k"), "a")
    assert deliver(post) == []
    post.now = MORNING.replace(hour=22)
    assert look_after_held(post) == []
    post.now = MORNING.replace(day=3, hour=7)
    assert look_after_held(post) == ["a:words of k"]


def test_given_up_hours_let_go_at_once(post: Post) -> None:
    """Given up or ended earlier; who keeps hours of his own waits for their end."""
    for number in range(3):
        keep_hours(post, number, 8, 11)
    post.put_plan(routine("k"), "a", "b", "c")
    assert deliver(post) == []
    with post.storage.write() as session:
        assert outbox.drop_hours(session, 0, post.now)
        assert not outbox.drop_hours(session, 0, post.now)
        assert list(outbox.hours_of(session, [None, 0, 1])) == [1]
    assert look_after_held(post) == ["a:words of k"]
    keep_hours(post, 2, 8, 9)
    assert look_after_held(post) == ["c:words of k"]


def test_a_digest_waits_for_the_end_of_her_hours(post: Post) -> None:
    wish(post, 0, "reminder", days=1)
    post.put_plan(routine("k"), "a")
    post.put_plan(routine("l"), "a")
    assert deliver(post) == []
    keep_hours(post, 0, 17, 9)
    assert digest(post, "2026-03-04T17:30") == []
    post.now = datetime(2026, 3, 5, 9, 0, tzinfo=ZONE)
    (told,) = deliver(post)
    assert "words of k" in told
    assert "words of l" in told
