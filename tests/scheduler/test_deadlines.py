"""Deadlines: ahead of time, each stage once, by calendar months, with their rule."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.branch.duties import deadlines, milestones
from bot.branch.duties.deadlines import Ahead
from bot.branch.duties.milestones import Fact, Step
from bot.branch.people.members import Category, set_joined
from bot.branch.people.tree import Branch, find_branch
from scheduler.runner import Runner
from server.setup.wiring import all_jobs
from tests.people import BRANCH, find_member
from tests.scheduler.conftest import Tower


def here(session: Session) -> Branch:
    branch = find_branch(session, BRANCH)
    assert branch is not None
    return branch


def note(tower: Tower, step: Step, day: str, name: str = "", years: int = 0) -> None:
    with tower.assistant.storage.write() as session:
        member = find_member(session, name) if name in ("王芳", "何雪") else None
        number = member.id if member else None
        fact = Fact(step, date.fromisoformat(day), name, number, years or None)
        by = find_member(session, "赵敏")
        milestones.note(session, here(session), fact, by, tower.clock.now())


def days(tower: Tower, today: str, kind: str) -> list[str]:
    with tower.assistant.storage.read() as session:
        found = deadlines.survey(session, date.fromisoformat(today), here(session))
        return [each.day.isoformat() for each in found.deadlines if each.kind == kind]


def warned(tower: Tower) -> list[str]:
    return [said for who, said in tower.queued("deadline") if who == "赵敏"]


def make_activist(tower: Tower, since: str) -> None:
    with tower.assistant.storage.write() as session:
        member = find_member(session, "王芳")
        member.category = Category.ACTIVIST
        set_joined(member, None)
    note(tower, Step.ACTIVIST, since, "王芳")


@pytest.mark.parametrize(
    ("since", "review"),
    [("2025-08-31", "2026-02-28"), ("2025-09-30", "2026-03-30")],
)
def test_half_a_year_is_six_calendar_months(
    tower: Tower, since: str, review: str
) -> None:
    make_activist(tower, since)
    assert days(tower, "2026-02-01", "review") == [review]
    note(tower, Step.REVIEWED, "2026-01-15", "王芳")
    assert days(tower, "2026-02-01", "review") == ["2026-07-15"]


def test_a_month_from_the_end_of_january_ends_in_february(tower: Tower) -> None:
    note(tower, Step.APPLIED, "2026-01-31", "周平")
    assert days(tower, "2026-02-01", "talk") == ["2026-02-28"]
    note(tower, Step.MET_APPLICANT, "2026-02-03", "周平")
    assert days(tower, "2026-02-04", "talk") == []


@pytest.mark.parametrize(
    ("joined", "ends"), [("2024-02-29", "2025-02-28"), ("2025-10-10", "2026-10-10")]
)
def test_probation_is_a_calendar_year(tower: Tower, joined: str, ends: str) -> None:
    with tower.assistant.storage.write() as session:
        set_joined(find_member(session, "何雪"), date.fromisoformat(joined))
    assert days(tower, "2026-03-02", "probation") == [ends]


def test_after_the_vote_the_approval_counts_and_then_nothing(tower: Tower) -> None:
    note(tower, Step.VOTED, "2026-11-30", "何雪")
    assert days(tower, "2026-12-01", "probation") == []
    assert days(tower, "2026-12-01", "approval") == ["2027-02-28"]
    with tower.assistant.storage.write() as session:
        milestones.become_full(session, find_member(session, "何雪"), date(2026, 12, 9))
    assert days(tower, "2026-12-10", "approval") == []


@pytest.mark.parametrize(("years", "ends"), [(0, "2026-04-20"), (5, "2028-04-20")])
def test_a_term_of_three_or_five_years(tower: Tower, years: int, ends: str) -> None:
    note(tower, Step.ELECTED, "2023-04-20", years=years)
    assert days(tower, "2026-01-05", "term") == [ends]


def test_what_is_unknown_is_said(tower: Tower) -> None:
    with tower.assistant.storage.write() as session:
        find_member(session, "王芳").category = Category.CANDIDATE
        set_joined(find_member(session, "何雪"), None)
    with tower.assistant.storage.read() as session:
        branch = here(session)
        found = deadlines.survey(session, date(2026, 3, 2), branch)
        assert sorted(found.unknown[branch.id]) == [
            "上次换届选举的日期",
            "何雪的入党日期（算不出预备期）",
            "王芳确定为入党积极分子的日期",
        ]


def test_six_months_ahead_then_three_then_one(tower: Tower) -> None:
    note(tower, Step.ELECTED, "2023-09-14")
    for day in ("03-09", "03-16", "03-23", "06-08", "06-15", "08-10", "08-17"):
        tower.strike(f"2026-{day} 08:30")
    told = [said for said in warned(tower) if "换届" in said]
    assert len(told) == 3
    assert "2026年9月14日（还有 182 天）" in told[0]
    assert "依据：《关于党的基层组织任期的意见》（2018年7月）" in told[0]


def test_second_hand_rules_say_so(tower: Tower) -> None:
    tower.strike("2026-09-14 08:30")
    (said,) = warned(tower)
    assert "何雪预备期满：2026年10月10日（还有 26 天）" in said
    assert "请以正式文件为准" in said


def test_an_outage_of_three_days_then_once(tower: Tower) -> None:
    tower.strike("2026-09-17 08:00")  # Monday's stroke was missed
    assert len(warned(tower)) == 1
    tower.strike("2026-09-17 09:00")
    tower.strike("2026-09-21 08:30")
    assert len(warned(tower)) == 1


def test_two_schedulers_warn_once(tower: Tower) -> None:
    second = Runner(all_jobs(), tower.assistant)
    tower.strike("2026-09-14 08:30")
    second.strike()
    assert len(warned(tower)) == 1


def test_after_a_long_outage_only_the_latest_stage(tower: Tower) -> None:
    note(tower, Step.ELECTED, "2023-04-20")
    tower.strike("2026-04-06 08:30")
    told = [said for said in warned(tower) if "换届" in said]
    assert len(told) == 1


def test_in_the_quiet_hours_it_waits(tower: Tower) -> None:
    tower.strike("2026-09-14 23:00")
    told = tower.windows("deadline")  # to the secretary, and to whom it is about
    assert {(first.day, first.hour) for first, _ in told} == {(15, 7)}


def test_the_other_branch_is_told_nothing_without_a_secretary(tower: Tower) -> None:
    with tower.assistant.storage.write() as session:
        member = find_member(session, "孙丽")
        member.category = Category.PROBATIONARY
        set_joined(member, date(2025, 10, 1))
    tower.strike("2026-09-14 08:30")
    assert "孙丽" not in "".join(warned(tower))


def test_fifty_years_are_told_two_months_before_july(tower: Tower) -> None:
    with tower.assistant.storage.write() as session:
        set_joined(find_member(session, "王芳"), date(1976, 3, 2))
    tower.strike("2026-05-04 08:30")
    (said,) = [said for said in warned(tower) if "光荣" in said]
    assert "王芳光荣在党50年：2026年7月1日" in said
    assert days(tower, "2027-05-03", "honour") == []
    assert days(tower, "2026-07-02", "honour") == []


def test_many_are_one_letter_of_one_screen(tower: Tower) -> None:
    for number in range(9):
        note(tower, Step.APPLIED, "2026-03-01", f"申请人{'甲乙丙丁戊己庚辛壬'[number]}")
    tower.strike("2026-03-30 08:30")
    (said,) = warned(tower)
    assert "还有 3 项，发“近期到期”" in said
    assert len(said.encode()) < 2048


def test_a_year_that_is_done_is_not_asked_for(tower: Tower) -> None:
    note(tower, Step.TALKS, "2026-05-08")
    assert days(tower, "2026-06-01", "talks") == []
    assert days(tower, "2027-01-04", "talks") == ["2027-12-31"]


def test_noted_twice_is_once_and_a_candidate_is_one(tower: Tower) -> None:
    make_activist(tower, "2025-01-06")
    with tower.assistant.storage.write() as session:
        member, by = find_member(session, "王芳"), find_member(session, "赵敏")
        fact = Fact(Step.CANDIDATE, date(2026, 2, 2), "王芳", member.id)
        now = tower.clock.now()
        assert milestones.note(session, here(session), fact, by, now)
        assert not milestones.note(session, here(session), fact, by, now)
        later = replace(fact, day=date(2026, 2, 3))
        assert milestones.note(session, here(session), later, by, now)
        assert member.category == Category.CANDIDATE


def test_months_ahead_are_calendar_months() -> None:
    assert Ahead(months=1).before(date(2026, 3, 31)) == date(2026, 2, 28)
    assert Ahead(months=6, days=1).before(date(2026, 8, 31)) == date(2026, 2, 27)


@pytest.mark.parametrize(
    ("since", "category", "today", "named"),
    [
        ("1976-07-01", Category.FULL, "2026-06-20", True),
        ("1976-07-01", Category.FULL, "2026-07-01", True),  # the day itself
        ("1976-07-01", Category.FULL, "2026-07-02", False),
        ("1976-07-02", Category.FULL, "2026-06-20", False),  # next year
        ("1975-06-30", Category.FULL, "2026-06-20", False),  # last year
        ("1976-07-01", Category.ACTIVIST, "2026-06-20", False),
    ],
)
def test_fifty_years_are_named_in_their_year_and_to_its_day(
    tower: Tower, since: str, category: Category, today: str, *, named: bool
) -> None:
    """孙丽 is of another branch, 邵棠 left. In those years nobody was on trial."""
    with tower.assistant.storage.write() as session:
        for name in ("李伟", "孙丽", "邵棠"):
            member = find_member(session, name)
            member.category = category
            member.full_member_since = date.fromisoformat(since)
            set_joined(member, member.full_member_since)
    assert days(tower, today, "honour") == (["2026-07-01"] if named else [])
