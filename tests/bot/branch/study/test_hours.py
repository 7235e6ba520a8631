"""The ledger of hours: what is converted, capped, corrected, and who sees what."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch.people.audience import Audience, select_people
from bot.branch.people.members import Role, add_member, grant
from bot.branch.people.tree import Branch, find_branch
from bot.branch.study import checkins, hours, trainings
from bot.branch.study.checkins import Amount, Study
from bot.branch.study.hours import Conversion, Lesson, StudyHours
from bot.branch.study.trainings import Recorder
from bot.config.settings import Study as Settings
from bot.errors import Refusal
from bot.rulebook.load import find_rule
from tests.conftest import ZONE
from tests.people import BRANCH, OTHER_BRANCH, find_member

NOW = datetime(2026, 11, 25, 12, tzinfo=ZONE)
USUAL = Conversion(8, 60)


def place(session: Session, name: str = BRANCH) -> Branch:
    found = find_branch(session, name)
    assert found is not None
    return found


def hold_training(session: Session, held: Lesson) -> trainings.Training:
    branch = place(session)
    recorder = Recorder(find_member(session, "赵敏"), branch)
    people = select_people(session, Audience(branch.id))
    return trainings.record(session, recorder, held, people, NOW)


def test_the_usual_conversion_is_the_rule_books() -> None:
    rule = find_rule("study.conversion", NOW.date())
    usual = Settings()
    assert usual.hours_per_day == rule.decimal("day")
    assert usual.hours_per_day / 2 == rule.decimal("half_day")


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        (1, "天", 8),
        (0.5, "天", 4),
        (90, "分钟", 1.5),
        (2, "小时", 2),
        (3, "学时", 3),
        (42, "分", 0),
        (30, "页", 0),
    ],
)
def test_conversion(number: float, unit: str, expected: float) -> None:
    assert USUAL.hours(number, unit) == expected


def test_a_branch_may_count_forty_five_minutes() -> None:
    assert Conversion(8, 45).hours(90, "分钟") == 2
    assert Conversion(8, 45).hours(3, "小时") == 4


def test_check_ins_count_at_most_a_day_each_day_and_not_once_undone(
    session: Session,
) -> None:
    member = find_member(session, "王芳")
    for day, amount in ((23, Amount(300, "天")), (24, Amount(90, "分钟"))):
        at = NOW.replace(day=day)
        checkins.check_in(session, member, Study("读", None, amount), at)
    checkins.check_in(session, member, Study("读", None, Amount(1, "天")), NOW)
    checkins.undo(session, member, NOW)
    found = hours.year_of(session, member, 2026, USUAL)
    assert (found.checkins, found.total) == (9.5, 9.5)
    assert hours.year_of(session, member, 2025, USUAL).total == 0


def test_a_training_counts_for_all_who_were_there_until_it_is_undone(
    session: Session,
) -> None:
    training = hold_training(session, Lesson("党史", date(2026, 11, 20), 8))
    member = find_member(session, "何雪")
    assert hours.year_of(session, member, 2026, USUAL).trainings == 8
    other = find_member(session, "孙丽")
    assert hours.year_of(session, other, 2026, USUAL).total == 0
    assert trainings.undo(session, training, NOW) == 6
    assert hours.year_of(session, member, 2026, USUAL).total == 0
    assert session.scalar(select(func.count(StudyHours.id))) == 6  # the trace
    with pytest.raises(Refusal, match="已经撤销过"):
        trainings.undo(session, training, NOW)


def test_a_training_is_recorded_once_and_anew_after_it_was_undone(
    session: Session,
) -> None:
    held = Lesson("党史", date(2026, 11, 20), 8)
    training = hold_training(session, held)
    with pytest.raises(Refusal, match="已经登记过"):
        hold_training(session, held)
    trainings.undo(session, training, NOW)
    assert hold_training(session, held).id != training.id


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (Lesson("党史", date(2026, 11, 26), 4), "还没到"),
        (Lesson("党史", date(2024, 12, 31), 4), "今年和去年"),
        (Lesson("党史", date(2026, 11, 20), 0), "学时要大于 0"),
        (Lesson("党史", date(2026, 11, 20), 201), "不超过 200"),
        (Lesson("", date(2026, 11, 20), 4), "学了什么"),
        (Lesson("长" * 61, date(2026, 11, 20), 4), "最多 60 字"),
    ],
)
def test_what_cannot_be(session: Session, held: Lesson, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        hours.record_own(session, find_member(session, "王芳"), held, NOW)


@pytest.mark.parametrize(
    "held",
    [
        Lesson("党史", NOW.date(), 200),
        Lesson("长" * 60, date(2025, 1, 1), 0.5),
    ],
)
def test_what_can_just_be(session: Session, held: Lesson) -> None:
    member = find_member(session, "王芳")
    hours.record_own(session, member, held, NOW)
    assert hours.year_of(session, member, held.day.year, USUAL).own == held.hours


def test_ones_own_word_counts_once(session: Session) -> None:
    member, held = find_member(session, "王芳"), Lesson("党史", date(2026, 11, 20), 4)
    hours.record_own(session, member, held, NOW)
    with pytest.raises(Refusal, match="已经记过"):
        hours.record_own(session, member, held, NOW)
    hours.undo_own(session, member, NOW)
    hours.record_own(session, member, held, NOW)
    assert hours.year_of(session, member, 2026, USUAL).own == 4


def test_totals_name_nobody_and_know_who_needs_more(session: Session) -> None:
    hold_training(session, Lesson("轮训", date(2026, 11, 2), 40))
    member = find_member(session, "王芳")
    study = Study("读", None, Amount(2, "小时"))
    checkins.check_in(session, member, study, NOW)
    found = hours.totals(session, place(session), 2026, USUAL, (32, 56))
    # Forty are enough for four members, not for the secretary and the committee.
    assert (found.people, found.hours, found.reached) == (6, 242, 4)


def test_no_total_where_it_would_tell_of_one(session: Session) -> None:
    other = place(session, OTHER_BRANCH)
    grant(session, find_member(session, "孙丽"), Role.SECRETARY, other)
    with pytest.raises(Refusal, match="合计会看出个人"):
        hours.totals(session, other, 2026, USUAL, (32, 56))
    add_member(session, "第二位", other, NOW)
    with pytest.raises(Refusal, match="人数不到 3 人"):
        hours.totals(session, other, 2026, USUAL, (32, 56))
    add_member(session, "第三位", other, NOW)
    assert hours.totals(session, other, 2026, USUAL, (32, 56)).people == 3


def test_totals_are_of_this_branch_and_year(session: Session) -> None:
    """Neither last year's, nor another branch's, nor what was undone."""
    wang, sun = find_member(session, "王芳"), find_member(session, "孙丽")
    hours.record_own(session, wang, Lesson("今年", date(2026, 1, 1), 3), NOW)
    hours.record_own(session, wang, Lesson("去年", date(2025, 12, 31), 50), NOW)
    hours.record_own(session, wang, Lesson("撤回的", date(2026, 5, 1), 70), NOW)
    hours.undo_own(session, wang, NOW)
    hours.record_own(session, sun, Lesson("外支部", date(2026, 5, 1), 90), NOW)
    found = hours.totals(session, place(session), 2026, USUAL, (32, 56))
    assert (found.people, found.hours, found.reached) == (6, 3, 0)


def test_in_totals_a_training_counts_once_for_who_told_of_it_too(
    session: Session,
) -> None:
    """Another day, another title, or a training that was undone is something else."""
    wang, day = find_member(session, "王芳"), date(2026, 11, 2)
    for what, on, number in (("轮训", 2, 5), ("轮训", 3, 6), ("党史", 2, 7)):
        held = Lesson(what, day.replace(day=on), number)
        hours.record_own(session, wang, held, NOW)
    trained = hold_training(session, Lesson("轮训", day, 4))
    found = hours.totals(session, place(session), 2026, USUAL, (32, 56))
    assert found.hours == 6 * 4 + 6 + 7
    trainings.undo(session, trained, NOW)
    found = hours.totals(session, place(session), 2026, USUAL, (32, 56))
    assert found.hours == 5 + 6 + 7


@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from(["分钟", "小时", "天", "页"])),
        max_size=8,
    )
)
def test_a_sum_is_never_more_than_its_days(amounts: list[tuple[int, str]]) -> None:
    rows = [
        (date(2026, 1, 1 + at % 3), n, unit) for at, (n, unit) in enumerate(amounts)
    ]
    total = hours.convert(rows, USUAL)
    assert 0 <= total <= USUAL.per_day * len({day for day, _, _ in rows})
