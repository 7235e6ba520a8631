"""The study reminder: on working mornings, to who may like it, and never too much."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bot import outbox
from bot.branch.people.audience import Audience
from bot.branch.people.members import add_member
from bot.branch.people.tree import find_branch
from bot.branch.reminders import reminders
from bot.branch.reminders.draft import ReminderDraft
from bot.branch.study import checkins, leave, plans, reminder
from bot.branch.study.checkins import Study
from bot.config.settings import Quiet
from bot.outbox import Outcome
from scheduler.job import Tick
from scheduler.reminders import send_reminders
from scheduler.study import remind_of_study
from tests.people import BRANCH, GROUP, OTHER_BRANCH, find_member
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


@pytest.mark.parametrize(("budget", "count"), [(0, 0), (3, 2), (5, 4)])
def test_a_full_week_is_spared_by_the_outbox(
    tower: Tower, budget: int, count: int
) -> None:
    storage, zone = tower.assistant.storage, tower.assistant.config.timezone
    quiet, told = Quiet(weekly_budget=budget), []
    for day in (*range(3, 7), 9, 10):
        due = datetime(2026, 3, day, 8, 0, tzinfo=zone)
        with storage.write() as session:
            assert reminder.remind(session, due, due) >= 6
            while claim := outbox.claim_new(session, "wecom", "me", due, quiet):
                told += list(claim.users)
                outbox.settle_batch(session, claim, Outcome(), due)
    assert told.count("zhaomin") == count


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


def plan(tower: Tower, branch: str, days: dict[str, str]) -> None:
    """Write a plan; 王芳's birthday, made up for, is not to be in the way."""
    with tower.assistant.storage.write() as session:
        find_member(session, "王芳").greeted = False
        place = find_branch(session, branch)
        assert place is not None
        written: dict[date, str | None] = {
            date.fromisoformat(day): words for day, words in days.items()
        }
        plans.write(session, None, place, written, tower.clock.now())


def told(tower: Tower) -> dict[str, str]:
    return {name: text.split("\n")[0] for name, text in tower.queued("study")}


def test_the_days_own_study_goes_to_the_branch_that_planned_it(tower: Tower) -> None:
    plan(tower, BRANCH, {"2026-03-03": "党章第一章"})
    plan(tower, GROUP, {"2026-03-03": "小组讨论"})
    tower.strike("2026-03-03 08:00")
    assert told(tower) == {
        "赵敏": "党章第一章",
        "陈静": "党章第一章",
        "李伟": "党章第一章",
        "何雪": "党章第一章",
        "刘洋": "小组讨论",
        "王芳": "小组讨论",
        "孙丽": reminder.greet(date(2026, 3, 3)).split("\n")[0],
    }
    assert len(tower.queued("study")) == 7


def test_a_branch_that_plans_its_week_is_left_in_peace_on_other_days(
    tower: Tower,
) -> None:
    plan(tower, BRANCH, {"2026-03-08": "党章"})
    plan(tower, OTHER_BRANCH, {"2026-03-01": "条例", "2026-03-16": "条例"})
    tower.strike("2026-03-03 08:00")
    assert reminded(tower) == ["孙丽"]
    tower.strike("2026-03-09 08:00")  # the week after: nothing is planned
    assert len(reminded(tower)) == 8


def test_what_is_planned_for_a_day_of_rest_is_told(tower: Tower) -> None:
    plan(tower, BRANCH, {"2026-03-07": "观看纪录片"})
    tower.strike("2026-03-07 08:00")
    assert set(reminded(tower)) == {"赵敏", "陈静", "刘洋", "王芳", "李伟", "何雪"}


def test_not_to_who_is_on_leave(tower: Tower) -> None:
    with tower.assistant.storage.write() as session:
        member, now = find_member(session, "李伟"), tower.clock.now()
        leave.begin(session, member, date(2026, 3, 4), now)
    for day, away in (("2026-03-04", True), ("2026-03-05", False)):
        tower.strike(f"{day} 08:00")
        assert ("李伟" not in reminded(tower)) is away


def test_who_reads_plainly_gets_words(tower: Tower) -> None:
    plan(tower, BRANCH, {"2026-03-03": "党章"})
    with tower.assistant.storage.write() as session:
        find_member(session, "李伟").plain = True
    tower.strike("2026-03-03 08:00")
    assert told(tower)["李伟"] == "【今天学习】党章"


def test_a_plan_written_between_two_runs_of_a_morning_asks_nobody_twice(
    tower: Tower,
) -> None:
    tick_now = tick(tower, tower.assistant.config.quiet)
    remind_of_study.run(tick_now)
    plan(tower, BRANCH, {"2026-03-02": "党章"})
    remind_of_study.run(tick_now)
    names = reminded(tower)
    assert len(names) == len(set(names))


def test_no_word_comes_twice_in_two_weeks() -> None:
    days = [date(2026, 3, 2) + timedelta(days=each) for each in range(400)]
    for at in range(len(days) - 10):
        firsts = [reminder.greet(day).split("\n")[0] for day in days[at : at + 11]]
        assert len(set(firsts)) == len(firsts)


def set_reminder(
    tower: Tower,
    words: str,
    at: str,
    branch: str = BRANCH,
    *,
    own: str = "",
    by: str = "赵敏",
) -> None:
    with tower.assistant.storage.write() as session:
        zone = tower.assistant.config.timezone
        place = find_branch(session, branch)
        assert place is not None
        wish = ReminderDraft(
            words,
            None if own else Audience(scope=place.id),
            once_at=datetime.fromisoformat(at).replace(tzinfo=zone),
        )
        author = find_member(session, own or by)
        reminders.keep(session, author, place, wish, tower.clock.now())


@pytest.mark.parametrize("first", ["study", "reminders"])
def test_a_reminder_of_studying_in_the_same_minute_is_the_one(
    tower: Tower, first: str
) -> None:
    set_reminder(tower, "学习", "2026-03-03 08:00")
    tower.clock.set(datetime(2026, 3, 3, 8, 0, 3, tzinfo=tower.clock.now().tzinfo))
    due = tower.clock.now().replace(second=0)
    now = tick(tower, tower.assistant.config.quiet)
    jobs = [remind_of_study, send_reminders]
    for job in jobs if first == "study" else jobs[::-1]:
        job.run(replace(now, due=due))
    assert reminded(tower) == ["孙丽"]  # of another branch
    assert {name for name, _ in tower.queued("reminder")} >= set(EVERYBODY) - {"孙丽"}


@pytest.mark.parametrize(
    ("words", "at", "own"),
    [
        ("交党费", "2026-03-03 08:00", ""),
        ("学习", "2026-03-03 08:01", ""),
        ("学习", "2026-03-03 08:00", "何雪"),
    ],
)
def test_another_matter_another_minute_or_another_reader_is_another_message(
    tower: Tower, words: str, at: str, own: str
) -> None:
    set_reminder(tower, words, at, own=own)
    tower.strike("2026-03-03 08:00")
    assert reminded(tower) == [name for name in EVERYBODY if name != own]


def test_the_one_message_carries_the_plan(tower: Tower) -> None:
    plan(tower, BRANCH, {"2026-03-03": "党章第一章"})
    plan(tower, GROUP, {"2026-03-03": "小组讨论"})
    set_reminder(tower, "集中学习", "2026-03-03 08:00")
    tower.strike("2026-03-03 08:00")
    assert {name for name, _ in tower.queued("study")} == {"刘洋", "王芳", "孙丽"}
    (text,) = {text for _, text in tower.queued("reminder")}
    assert text.split("\n")[:2] == ["提醒：集中学习", "今天学：党章第一章"]


def test_two_reminders_of_one_minute_and_one_text_are_one(tower: Tower) -> None:
    for words, by in (
        ("交思想汇报", "赵敏"),
        ("交思想汇报", "陈静"),
        ("交党费", "赵敏"),
    ):
        set_reminder(tower, words, "2026-03-03 15:00", by=by)
    tower.strike("2026-03-03 15:00")
    names = [name for name, text in tower.queued("reminder") if "思想" in text]
    assert len(names) == len(set(names)) > 5
    assert len(tower.queued("reminder")) == 2 * len(names)


def test_the_secretary_is_told_once_what_a_full_week_kept_back(tower: Tower) -> None:
    storage, zone = tower.assistant.storage, tower.assistant.config.timezone
    for day in range(3, 7):
        due = datetime(2026, 3, day, 8, 0, tzinfo=zone)
        with storage.write() as session:
            reminder.remind(session, due, due)
            while claim := outbox.claim_new(
                session, "wecom", "me", due, Quiet(weekly_budget=5)
            ):
                outbox.settle_batch(session, claim, Outcome(), due)
    tower.strike("2026-03-06 17:20")
    tower.strike("2026-03-06 17:26")
    ((name, text),) = [each for each in tower.queued("report") if "已满" in each[1]]
    assert name == "赵敏"
    assert "学习提醒：赵敏、陈静、李伟、何雪、刘洋等 6 位" in text
    assert "不再补发" in text
    tower.strike("2026-03-07 17:20")
    assert len([each for each in tower.queued("report") if "已满" in each[1]]) == 1
