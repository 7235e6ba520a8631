"""Political birthdays: on the day, late but once, and never to some."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from bot.branch.birthdays import greetings
from bot.branch.people.members import Category, add_member, set_joined
from bot.branch.people.tree import find_branch
from bot.config.settings import Quiet
from scheduler.birthdays import greet_birthdays
from scheduler.job import Tick
from tests.people import BRANCH, find_member
from tests.scheduler.conftest import Tower

CARD = "〔图片〕"


def greeted(tower: Tower) -> list[str]:
    return [name for name, said in tower.queued("birthday") if said != CARD]


def test_greeted_on_the_day_with_a_card(tower: Tower) -> None:
    tower.strike("2026-03-02 07:59")
    assert tower.queued("birthday") == []
    tower.strike("2026-03-02 08:00")
    (name, said), card = tower.queued("birthday")
    assert (name, card) == ("王芳", ("王芳", CARD))
    assert "入党 15 周年" in said
    assert "党龄 14 年" in said
    assert "来晚" not in said
    tower.strike("2026-03-02 08:05")
    tower.strike("2026-03-03 08:00")
    assert greeted(tower) == ["王芳"]


def test_an_outage_over_the_hour_is_made_up_for_the_same_day(tower: Tower) -> None:
    tower.strike("2026-03-02 11:30")
    assert greeted(tower) == ["王芳"]
    assert "来晚" not in tower.queued("birthday")[0][1]
    tower.strike("2026-03-02 12:30")
    assert greeted(tower) == ["王芳"]


def test_an_outage_of_three_days_is_made_up_for_and_says_so(tower: Tower) -> None:
    tower.strike("2026-03-05 08:00")
    assert greeted(tower) == ["王芳"]
    assert "3月2日（周一），这份祝福来晚了" in tower.queued("birthday")[0][1]
    tower.strike("2026-03-06 08:00")
    tower.strike("2027-03-01 08:00")
    assert greeted(tower) == ["王芳"]
    tower.strike("2027-03-02 08:00")
    assert greeted(tower) == ["王芳", "王芳"]


@pytest.mark.parametrize(("day", "count"), [("2026-03-09", 1), ("2026-03-10", 0)])
def test_made_up_for_within_a_week(tower: Tower, day: str, count: int) -> None:
    tower.strike(f"{day} 08:00")
    assert len(greeted(tower)) == count


def test_over_new_year(tower: Tower) -> None:
    with tower.assistant.storage.write() as session:
        set_joined(find_member(session, "何雪"), date(2020, 12, 30))
    tower.strike("2027-01-02 08:00")
    tower.strike("2027-01-03 08:00")
    assert greeted(tower) == ["何雪"]
    assert "6 周年" in tower.queued("birthday")[0][1]


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2026-02-28", ["李伟"]),
        ("2028-02-28", []),
        ("2028-02-29", ["李伟"]),
    ],
)
def test_the_twenty_ninth_of_february(tower: Tower, day: str, names: list[str]) -> None:
    with tower.assistant.storage.write() as session:
        find_member(session, "李伟").greeted = True
    tower.strike(f"{day} 08:00")
    assert greeted(tower) == names


def test_the_day_of_joining_is_no_birthday(tower: Tower) -> None:
    with tower.assistant.storage.write() as session:
        set_joined(find_member(session, "王芳"), date(2026, 3, 2))
    tower.strike("2026-03-02 08:00")
    assert greeted(tower) == []


@pytest.mark.parametrize(
    ("added", "count"),
    [("2026-03-02 23:59", 1), ("2026-03-03 00:00", 0), ("2026-03-03 07:00", 0)],
)
def test_who_was_added_after_the_day_is_not_greeted(
    tower: Tower, added: str, count: int
) -> None:
    """By the branch's own day: seven in the morning is still yesterday in UTC."""
    zone = tower.assistant.config.timezone
    with tower.assistant.storage.write() as session:
        at = datetime.fromisoformat(added).replace(tzinfo=zone)
        find_member(session, "王芳").added_at = at
    tower.strike("2026-03-03 08:00")
    assert len(greeted(tower)) == count


@pytest.mark.parametrize("state", ["deceased", "left", "expelled", "suspended"])
def test_never_to_some(tower: Tower, state: str) -> None:
    with tower.assistant.storage.write() as session:
        find_member(session, "王芳").state = state
    tower.strike("2026-03-02 08:00")
    assert greeted(tower) == []


def test_never_to_who_asked_not_to_be(tower: Tower) -> None:
    with tower.assistant.storage.write() as session:
        find_member(session, "王芳").greeted = False
    tower.strike("2026-03-02 08:00")
    assert greeted(tower) == []


@pytest.mark.parametrize("category", [Category.ACTIVIST, Category.CANDIDATE, None])
def test_never_to_who_is_no_party_member(
    tower: Tower, category: Category | None
) -> None:
    with tower.assistant.storage.write() as session:
        find_member(session, "王芳").category = category
    tower.strike("2026-03-02 08:00")
    assert greeted(tower) == []


def test_a_probationary_member_has_no_party_age(tower: Tower) -> None:
    tower.strike("2026-10-10 08:00")
    assert greeted(tower) == ["何雪"]
    assert "党龄" not in tower.queued("birthday")[0][1]


def test_a_name_that_no_font_has_gets_its_card_too(tower: Tower) -> None:
    """The sign is a frame on it (see the tests of cards)."""
    with tower.assistant.storage.write() as session:
        find_member(session, "王芳").name = "王\U0003134f"
    tower.strike("2026-03-02 08:00")
    assert [said != CARD for _, said in tower.queued("birthday")] == [True, False]


def test_without_an_account_it_is_written_down_as_refused(tower: Tower) -> None:
    with tower.assistant.storage.write() as session:
        root = find_branch(session, BRANCH)
        assert root is not None
        member = add_member(session, "周未", root, tower.clock.now())
        member.category = Category.FULL
        set_joined(member, date(2001, 3, 2))
    tower.strike("2026-03-02 08:00")
    assert greeted(tower) == ["王芳", "None"]


def test_in_quiet_hours_it_waits_until_they_end(tower: Tower) -> None:
    assistant = tower.assistant
    late = Quiet(starts=time(22), ends=time(9))
    config = assistant.config.model_copy(update={"quiet": late})
    now = datetime(2026, 3, 2, 8, 0, tzinfo=config.timezone)
    greet_birthdays.run(Tick(now, now, replace(assistant, config=config)))
    assert {first for first, _ in tower.windows("birthday")} == {now.replace(hour=9)}
    assert "来晚" not in tower.queued("birthday")[0][1]


def test_at_night_it_waits_until_morning_and_says_that_it_is_late(tower: Tower) -> None:
    now = datetime(2026, 3, 2, 22, 0, tzinfo=tower.assistant.config.timezone)
    greet_birthdays.run(Tick(now, now, tower.assistant))
    (first, _), _ = tower.windows("birthday")
    assert (first.day, first.hour) == (3, 7)
    assert "来晚" in tower.queued("birthday")[0][1]


def test_greeted_twice_at_once_is_once(tower: Tower) -> None:
    now = tower.clock.now()
    with tower.assistant.storage.write() as session:
        (birthday,) = greetings.due(session, now)
        assert greetings.greet(session, birthday, None, now)
        assert not greetings.greet(session, birthday, None, now)
        assert greetings.on(session, now.date()) == [birthday]


def test_missed_over_new_year_belongs_to_the_year_it_was_in(tower: Tower) -> None:
    with tower.assistant.storage.write() as session:
        set_joined(find_member(session, "王芳"), date(2011, 12, 30))
        set_joined(find_member(session, "陈静"), date(2012, 1, 1))
    tower.strike("2027-01-02 08:00")
    (older, first), (newer, last) = [
        each for each in tower.queued("birthday") if each[1] != CARD
    ]
    assert (older, newer) == ("陈静", "王芳")
    assert "入党 15 周年" in first
    assert "入党 15 周年" in last
    assert "12月30日（周三），这份祝福来晚了" in last
    tower.strike("2027-01-03 08:00")
    assert len(greeted(tower)) == 2
