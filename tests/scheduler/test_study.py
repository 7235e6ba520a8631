"""The study reminder: on working mornings, to who may like it, and never too much."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from bot import outbox
from bot.branch import checkins, study
from bot.branch.checkins import Study
from bot.branch.members import add_member
from bot.branch.tree import find_branch
from bot.config import Quiet
from bot.outbox import Outcome
from scheduler.job import Tick
from scheduler.study import remind_of_study
from tests.people import BRANCH, find_member
from tests.scheduler.conftest import Tower

EVERYBODY = ["赵敏", "陈静", "刘洋", "李伟", "何雪", "孙丽"]


def reminded(tower: Tower) -> list[str]:
    return [name for name, _ in tower.queued("study")]


def tick(tower: Tower, quiet: Quiet) -> Tick:
    config = tower.assistant.config.model_copy(update={"quiet": quiet})
    now = tower.clock.now()
    return Tick(now, now, replace(tower.assistant, config=config))


def test_on_a_working_morning_but_not_to_who_is_greeted(tower: Tower) -> None:
    tower.strike("2026-03-02 08:00")
    assert reminded(tower) == EVERYBODY
    tower.strike("2026-03-02 09:00")
    assert reminded(tower) == EVERYBODY


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-03-06", True),  # a Friday
        ("2026-03-07", False),  # a Saturday
        ("2026-02-14", True),  # a Saturday worked for the Spring Festival (调休)
        ("2026-02-17", False),  # the Spring Festival, a Tuesday
        ("2026-05-01", False),
        ("2026-05-09", True),  # a Saturday worked for 1 May (调休)
    ],
)
def test_on_working_days_only(tower: Tower, day: str, *, worked: bool) -> None:
    tower.strike(f"{day} 08:00")
    assert bool(reminded(tower)) is worked


def test_not_to_who_checked_in(tower: Tower) -> None:
    when = datetime(2026, 3, 3, 7, 30, tzinfo=tower.assistant.config.timezone)
    with tower.assistant.storage.write() as session:
        for name in ("赵敏", "李伟"):
            member = find_member(session, name)
            checkins.check_in(session, member, Study("", None, None), when)
        checkins.undo(session, member, when)
    tower.strike("2026-03-03 08:00")
    assert "赵敏" not in reminded(tower)
    assert "李伟" in reminded(tower)


@pytest.mark.parametrize("state", ["left", "deceased", "suspended"])
def test_not_to_who_has_left_nor_to_who_has_no_account(
    tower: Tower, state: str
) -> None:
    with tower.assistant.storage.write() as session:
        find_member(session, "李伟").state = state
        root = find_branch(session, BRANCH)
        assert root is not None
        add_member(session, "周未", root, tower.clock.now())
    tower.strike("2026-03-03 08:00")
    assert reminded(tower) == ["赵敏", "陈静", "刘洋", "何雪", "孙丽"]


@pytest.mark.parametrize(("budget", "count"), [(0, 0), (2, 2), (7, 4)])
def test_the_weekly_budget(tower: Tower, budget: int, count: int) -> None:
    storage, zone = tower.assistant.storage, tower.assistant.config.timezone
    given = 0
    for day in range(3, 7):
        due = datetime(2026, 3, day, 8, 0, tzinfo=zone)
        with storage.write() as session:
            given += bool(study.remind(session, due, due, budget))
            while claim := outbox.claim_batch(session, "wecom", "me", due):
                outbox.settle_batch(session, claim, Outcome(), due)
    assert given == count
    assert reminded(tower).count("赵敏") == count


def test_what_was_not_delivered_costs_nothing(tower: Tower) -> None:
    storage, zone = tower.assistant.storage, tower.assistant.config.timezone
    due = datetime(2026, 3, 3, 8, 0, tzinfo=zone)
    with storage.write() as session:
        assert study.remind(session, due, due, 1) == 7
        assert outbox.drop_stale(session, due + timedelta(hours=4)) == 7
        later = due + timedelta(days=1)
        assert study.remind(session, later, later, 1) == 7


def test_a_week_later_the_budget_is_new(tower: Tower) -> None:
    storage, zone = tower.assistant.storage, tower.assistant.config.timezone
    due = datetime(2026, 3, 3, 8, 0, tzinfo=zone)
    with storage.write() as session:
        assert study.remind(session, due, due, 1) == 7
        day, week = due + timedelta(days=1), due + timedelta(days=7)
        assert study.remind(session, day, day, 1) == 0
        assert study.remind(session, week, week, 1) == 7


def test_a_morning_later_it_is_stale(tower: Tower) -> None:
    tower.strike("2026-03-03 10:59")
    (window,) = tower.windows("study")
    assert window[1].hour == 12
    tower.strike("2026-03-03 12:00")
    with tower.assistant.storage.read() as session:
        figures = outbox.tally_kinds(session)
    assert figures["study", "refused"] == 6


def test_past_its_grace_nobody_is_reminded(tower: Tower) -> None:
    tower.strike("2026-03-03 11:01")
    assert reminded(tower) == []


def test_not_in_quiet_hours(tower: Tower) -> None:
    remind_of_study.run(tick(tower, Quiet(starts=time(22), ends=time(8, 30))))
    ((first, _),) = tower.windows("study")
    assert (first.hour, first.minute) == (8, 30)


def test_not_after_quiet_hours_that_end_too_late(tower: Tower) -> None:
    remind_of_study.run(tick(tower, Quiet(starts=time(22), ends=time(13))))
    assert reminded(tower) == []
