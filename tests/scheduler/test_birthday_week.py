"""The week ahead and the collective offer: to the secretary, once, also late."""

from datetime import date

import pytest

from bot.branch.birthdays import (
    card_looks,
    collective_offers,
    collectives,
    greetings,
    notes,
    plans,
)
from bot.branch.birthdays.card_looks import Look
from bot.branch.people.members import Category, set_joined
from bot.branch.people.tree import find_branch
from bot.calendar.party_age import LeapDay
from bot.errors import Refusal
from bot.storage.database import Storage
from scheduler.runner import Runner
from server.setup.wiring import all_jobs
from tests.people import BRANCH, find_member
from tests.scheduler.conftest import Tower

FRIDAY = "2026-02-27 16:00"


def told(tower: Tower) -> list[tuple[str, str]]:
    return [each for each in tower.queued("report") if "政治生日" in each[1]]


def test_on_friday_for_the_seven_days_to_come(tower: Tower) -> None:
    tower.strike(FRIDAY)
    ((who, said),) = told(tower)
    assert who == "赵敏"
    assert "3月2日（周一） 王芳：入党 15 周年" in said
    assert "李伟" not in said  # asked not to be greeted
    ((first, last),) = tower.windows("report")
    assert f"{first:%m-%d %H:%M} {last:%m-%d %H:%M}" == "02-27 16:00 03-01 16:00"
    tower.strike("2026-02-28 10:00")
    assert len(told(tower)) == 1


def test_two_schedulers_tell_it_once(tower: Tower) -> None:
    second = Runner(all_jobs(), tower.assistant)
    tower.strike(FRIDAY)
    second.strike()
    assert len(told(tower)) == 1


def test_late_on_sunday_it_is_still_told(tower: Tower) -> None:
    tower.strike("2026-03-01 10:00")
    assert len(told(tower)) == 1
    tower.strike("2026-03-06 16:00")
    assert len(told(tower)) == 1  # nobody has one in that week


def test_stopped_is_not_greeted_and_resumed_is_late_but_once(tower: Tower) -> None:
    assistant = tower.assistant
    with assistant.storage.write() as session:
        member, secretary = find_member(session, "王芳"), find_member(session, "赵敏")
        to = (member.id, 2026)
        plans.stop(session, to, secretary, tower.clock.now())
    tower.strike("2026-03-02 08:00")
    assert tower.queued("birthday") == []
    with assistant.storage.write() as session:
        secretary = find_member(session, "赵敏")
        plans.resume(session, to, secretary, tower.clock.now())
    tower.strike("2026-03-03 12:00")
    tower.strike("2026-03-03 16:00")
    assert len(tower.queued("birthday")) == 2
    assert "来晚" in tower.queued("birthday")[0][1]


@pytest.mark.parametrize(("length", "fits"), [(120, True), (121, False)])
def test_words_that_fit_no_card_are_refused(length: int, *, fits: bool) -> None:
    words = "贺" * length
    if fits:
        assert plans.check_words(f" {words}\n") == words
    else:
        with pytest.raises(Refusal, match=r"寄语有 121 字，.*120 字以内"):
            plans.check_words(words)


def test_a_plan_is_for_one_and_one_year(tower: Tower) -> None:
    """王芳's of next year, another's of this one, and words that stop nothing."""
    now = tower.clock.now()
    with tower.assistant.storage.write() as session:
        by = find_member(session, "赵敏")
        wang, chen = find_member(session, "王芳").id, find_member(session, "陈静").id
        plans.stop(session, (wang, 2027), by, now)
        plans.stop(session, (chen, 2026), by, now)
        plans.reword(session, (wang, 2026), "感谢您。", by, now)
        for to, stopped in (
            ((wang, 2026), False),
            ((wang, 2027), True),
            ((chen, 2026), True),
            ((chen, 2027), False),
        ):
            assert plans.is_stopped(session, *to) == stopped
        (plan,) = plans.of(session, [wang], 2026)
        assert (plan.member_id, plan.year, plan.words) == (wang, 2026, "感谢您。")
        assert len(plans.of(session, [wang, chen], 2026)) == 2
        plans.reword(session, (wang, 2026), None, by, now)
        assert plan.words is None


def test_stopped_between_the_look_and_the_letter(tower: Tower) -> None:
    now = tower.clock.now()
    with tower.assistant.storage.write() as session:
        (birthday,) = greetings.due(session, now)
        plans.stop(session, birthday.to, find_member(session, "赵敏"), now)
        assert not greetings.greet(session, birthday, None, now)


def test_words_and_notes_are_in_the_greeting(tower: Tower) -> None:
    now = tower.clock.now()
    with tower.assistant.storage.write() as session:
        member, author = find_member(session, "王芳"), find_member(session, "李伟")
        to = (member.id, 2026)
        assert notes.write(session, to, author, "一路同行", now)
        assert not notes.write(session, to, author, "一路 同行！", now)
        other = find_member(session, "陈静")
        notes.write(session, to, other, "不送", now)
        dropped = notes.listed(session, to)[1]
        notes.drop(session, dropped.id, dropped=True)
        secretary = find_member(session, "赵敏")
        plans.reword(session, to, "感谢您。", secretary, now)
    tower.strike("2026-03-02 08:00")
    said = tower.queued("birthday")[0][1]
    assert "感谢您。" in said
    assert "李伟：一路 同行！" in said
    assert "不送" not in said


def test_midnight_passes_before_the_clock_strikes_again(tower: Tower) -> None:
    with tower.assistant.storage.write() as session:
        set_joined(find_member(session, "陈静"), date(2010, 3, 1))
        find_member(session, "王芳").greeted = False
    tower.strike("2026-03-02 00:30")
    ((who, said), _card) = tower.queued("birthday")
    assert who == "陈静"
    assert "3月1日（周日），这份祝福来晚了" in said
    assert {first.hour for first, _ in tower.windows("birthday")} == {7}
    tower.strike("2026-03-02 08:00")
    assert len(tower.queued("birthday")) == 2


@pytest.mark.parametrize(
    ("choice", "day", "names"),
    [
        ("03-01", "2026-02-28", []),
        ("03-01", "2026-03-01", ["李伟"]),
        ("03-01", "2028-02-29", ["李伟"]),
        ("02-28", "2026-03-01", []),
    ],
)
def test_the_branch_chooses_the_leap_day(
    storage: Storage, choice: LeapDay, day: str, names: list[str]
) -> None:
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        card_looks.choose(session, branch.id, Look(leap_day=choice))
        found = greetings.on(session, date.fromisoformat(day))
        assert [each.name for each in found] == names


@pytest.mark.parametrize("state", ["left", "deceased", "expelled", "suspended"])
def test_nothing_is_shown_of_who_is_no_longer_here(tower: Tower, state: str) -> None:
    with tower.assistant.storage.write() as session:
        find_member(session, "王芳").state = state
    tower.strike(FRIDAY)
    assert told(tower) == []


def test_fifty_years_are_honoured_when_they_are_reached(
    storage: Storage,
) -> None:
    with storage.write() as session:
        member = find_member(session, "孙丽")
        set_joined(member, date(1975, 9, 9))
        for year, honoured in ((2025, False), (2026, True), (2027, False)):
            (found,) = greetings.on(session, date(year, 9, 9))
            assert found.honoured is honoured
            assert ("光荣在党50年" in greetings.say(found, found.day)) is honoured


def test_a_quarter_is_offered_when_it_begins(tower: Tower) -> None:
    with tower.assistant.storage.write() as session:
        set_joined(find_member(session, "王芳"), date(2011, 5, 2))
    tower.strike("2026-04-01 09:00")
    ((who, said),) = tower.queued("collective_birthday")
    assert who == "赵敏"
    assert "第二季度有两位同志过政治生日：王芳、赵敏" in said
    tower.strike("2026-04-03 09:00")
    tower.strike("2026-05-01 09:00")
    assert len(tower.queued("collective_birthday")) == 1


@pytest.mark.parametrize(("often", "offers"), [("month", 1), ("off", 0)])
def test_offered_as_often_as_wanted(
    tower: Tower, often: card_looks.Period, offers: int
) -> None:
    with tower.assistant.storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        card_looks.choose(session, branch.id, Look(collective=often))
        set_joined(find_member(session, "王芳"), date(2011, 6, 2))
    tower.strike("2026-04-01 09:00")
    tower.strike("2026-06-01 09:00")
    assert len(tower.queued("collective_birthday")) == offers


@pytest.mark.parametrize(
    ("day", "words"), [("2026-12-01", "十二月"), ("2026-10-01", "十月")]
)
def test_months_are_named(day: str, words: str) -> None:
    assert collective_offers.month_of(date.fromisoformat(day)).words == words
    assert collective_offers.quarter_of(date.fromisoformat(day)).words == "第四季度"


def test_nobody_is_written_on_the_collective_card_who_asked_not_to(
    storage: Storage,
) -> None:
    span = collectives.Span(date(2026, 1, 1), 3, "第一季度")
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        find_member(session, "李伟").greeted = False
        find_member(session, "王芳").category = Category.FULL
        found = collectives.celebrants(session, branch, span)
        assert [each.name for each in found] == ["王芳"]


def test_the_quarter_ends_where_the_next_begins() -> None:
    assert collectives.Span(date(2026, 10, 1), 3, "").last == date(2026, 12, 31)
