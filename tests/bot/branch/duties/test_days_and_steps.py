"""Days that a branch keeps, and steps of the way into the Party: at their limits."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.duties import deadlines, milestones, observances, steps
from bot.branch.duties.milestones import Fact, Milestone, Step
from bot.branch.duties.observances import MAX_OWN, NamedDay
from bot.branch.duties.steps import FULL, Record
from bot.branch.people.members import Category, Member, add_member, set_joined
from bot.branch.people.tree import Branch, find_branch
from bot.calendar.yearly_days import YearlyDay
from bot.errors import Refusal
from tests.conftest import ZONE
from tests.people import BRANCH, GROUP, OTHER_BRANCH, find_member

NOW = datetime(2026, 3, 2, 9, tzinfo=ZONE)
TODAY = NOW.date()


def place(session: Session, name: str = BRANCH) -> Branch:
    found = find_branch(session, name)
    assert found
    return found


def keep(session: Session, name: str, of: str = BRANCH, **more: int) -> YearlyDay:
    named = NamedDay(name, **{"month": 5, "day": 6, **more})
    author = find_member(session, "赵敏")
    return observances.add(session, author, place(session, of), named, NOW)


def test_a_day_is_the_same_by_name_date_and_year(session: Session) -> None:
    keep(session, "建校纪念日")
    with pytest.raises(Refusal, match="已经在节点里"):
        keep(session, "建校纪念日")
    keep(session, "建校纪念日", day=7)
    keep(session, "建校纪念日", month=6)
    keep(session, "建校纪念日", once=2026)
    keep(session, "校庆日")
    keep(session, "建校纪念日", of=OTHER_BRANCH)
    named = [observances.say(each) for each in observances.own(session, place(session))]
    assert named == [
        "每年5月6日",
        "2026年5月6日",
        "每年5月6日",
        "每年5月7日",
        "每年6月6日",
    ]


@pytest.mark.parametrize(
    ("name", "fits"),
    [("长" * 30, True), ("长" * 31, False), ("校庆", True), ("校", False)],
)
def test_the_name_of_a_day(session: Session, name: str, *, fits: bool) -> None:
    if fits:
        assert keep(session, name).name == name
        return
    with pytest.raises(Refusal, match="2 到 30"):
        keep(session, name)


def test_a_branch_keeps_fifty(session: Session) -> None:
    for number in range(MAX_OWN):
        keep(session, f"节点{number}")
    with pytest.raises(Refusal, match="最多 50"):
        keep(session, "再来一个")
    keep(session, "外支部的", of=OTHER_BRANCH)
    observances.remove(session, place(session), "节点7", NOW)
    keep(session, "再来一个")


def test_the_day_that_words_name_is_removed_and_only_here(session: Session) -> None:
    keep(session, "校庆")
    keep(session, "校庆晚会")
    keep(session, "校庆", of=OTHER_BRANCH)
    here, group = place(session), place(session, GROUP)
    keep(session, "小组日", of=GROUP)
    assert [each.name for each in observances.own(session, here)] == [
        "校庆",
        "校庆晚会",
    ]
    assert "校庆" in [each.name for each in observances.own(session, group)]
    assert observances.remove(session, here, "校庆", NOW).name == "校庆"
    assert observances.remove(session, here, "晚", NOW).name == "校庆晚会"
    for words in ("校庆", ""):
        with pytest.raises(Refusal, match="没有"):
            observances.remove(session, here, words, NOW)
    assert len(observances.own(session, place(session, OTHER_BRANCH))) == 1
    keep(session, "校庆一")
    keep(session, "校庆二")
    with pytest.raises(Refusal, match="有 2 个节点"):
        observances.remove(session, here, "校庆", NOW)


def yearly(**more: int) -> YearlyDay:
    return YearlyDay("k", 3, 2, "校庆", ("校庆",), **more)  # type: ignore[arg-type]


def test_when_a_day_comes_next() -> None:
    day = yearly(since=2025)
    assert day.next_from(date(2026, 3, 2)) == date(2026, 3, 2)
    assert day.next_from(date(2026, 3, 3)) == date(2027, 3, 2)
    assert day.between(date(2026, 2, 23), date(2026, 3, 2)) == date(2026, 3, 2)
    assert day.between(date(2026, 2, 22), date(2026, 3, 1)) is None
    assert day.title(date(2025, 3, 2)) == "校庆"
    assert day.title(date(2026, 3, 2)) == "校庆（1 周年）"
    assert yearly().years(date(2026, 3, 2)) is None
    once = yearly(once=2026)
    assert once.next_from(date(2026, 3, 2)) == date(2026, 3, 2)
    assert once.next_from(date(2026, 3, 3)) is None
    assert (once.in_year(2026), once.in_year(2027)) == (date(2026, 3, 2), None)
    assert day.in_year(2027) == date(2027, 3, 2)


def person(session: Session, name: str, category: Category | None) -> Member:
    member = add_member(session, name, place(session), NOW)
    member.category = category
    if category == Category.PROBATIONARY:
        set_joined(member, date(2025, 3, 2))
    session.flush()
    return member


def note(session: Session, member: Member, step: Step | str, day: date) -> bool:
    record = Record(step, day, member.name, member.id)
    secretary = find_member(session, "赵敏")
    return steps.write(session, place(session), record, secretary, NOW)


@pytest.mark.parametrize(
    ("step", "may"),
    [
        (FULL, {Category.PROBATIONARY}),
        (Step.VOTED, {Category.PROBATIONARY}),
        (Step.REVIEWED, {Category.ACTIVIST, Category.CANDIDATE}),
        (Step.CANDIDATE, {Category.ACTIVIST, Category.CANDIDATE}),
        (Step.ACTIVIST, {Category.ACTIVIST, Category.CANDIDATE, None}),
    ],
)
def test_who_can_take_a_step(
    session: Session, step: Step | str, may: set[Category | None]
) -> None:
    kinds: list[Category | None] = [*Category, None]
    for number, category in enumerate(kinds):
        member = person(session, f"某{number}", category)
        if category in may:
            assert note(session, member, step, TODAY)
        else:
            with pytest.raises(Refusal, match="不能登记"):
                note(session, member, step, TODAY)


def test_full_not_before_the_year_is_over(session: Session) -> None:
    member = person(session, "许明", Category.PROBATIONARY)
    with pytest.raises(Refusal, match="才满"):
        note(session, member, FULL, date(2026, 3, 1))
    assert note(session, member, FULL, date(2026, 3, 2))
    assert (member.category, member.full_member_since) == (
        Category.FULL,
        date(2026, 3, 2),
    )
    other = person(session, "许亮", Category.PROBATIONARY)
    set_joined(other, None)
    with pytest.raises(Refusal, match="没有许亮的入党日期"):
        note(session, other, FULL, TODAY)
    with pytest.raises(Refusal, match="还不知道是哪一天"):
        steps.write(session, place(session), Record(FULL, None), member, NOW)


def test_extended_once_by_half_a_year_to_a_year(session: Session) -> None:
    member = person(session, "许明", Category.PROBATIONARY)
    other = person(session, "许亮", Category.PROBATIONARY)
    first, last = date(2026, 9, 2), date(2027, 3, 2)
    for day in (first - timedelta(days=1), last + timedelta(days=1)):
        with pytest.raises(Refusal, match="不少于半年"):
            note(session, member, Step.EXTENDED, day)
    assert note(session, member, Step.EXTENDED, first)
    assert not note(session, member, Step.EXTENDED, first), "the same is known"
    with pytest.raises(Refusal, match="只能延长一次"):
        note(session, member, Step.EXTENDED, last)
    assert note(session, other, Step.EXTENDED, last)
    record = Record(Step.EXTENDED, None, "许明", member.id)
    assert steps.complete(session, record, 6).day == first
    assert steps.complete(session, record, None).day is None
    assert steps.complete(session, record.on(last), 6).day == last


def test_an_applicant_becomes_one_activist_of_this_branch(session: Session) -> None:
    elsewhere = add_member(session, "许明", place(session, OTHER_BRANCH), NOW)
    gone = person(session, "许明", None)
    gone.state = "left"
    secretary = find_member(session, "赵敏")
    record = Record(Step.ACTIVIST, TODAY, "许明")
    assert "会新加" in steps.explain(session, record)
    for new in (True, False):
        assert steps.write(session, place(session), record, secretary, NOW) is new
    rows = select(Member).where(Member.name == "许明", Member.state == "active")
    found = session.scalars(rows.order_by(Member.id)).all()
    assert [each.category for each in found] == [None, Category.ACTIVIST]
    assert found[0] is elsewhere


def test_a_fact_is_the_same_by_whose_which_and_when(session: Session) -> None:
    here, other = place(session), place(session, OTHER_BRANCH)
    by = find_member(session, "赵敏")
    first = Fact(Step.APPLIED, TODAY, "许明")
    assert milestones.note(session, here, first, by, NOW)
    assert not milestones.note(session, here, first, by, NOW)
    member = person(session, "许明", None)
    for fact, branch in (
        (Fact(Step.APPLIED, TODAY, "许明"), other),
        (Fact(Step.APPLIED, TODAY, "许亮"), here),
        (Fact(Step.APPLIED, TODAY + timedelta(days=1), "许明"), here),
        (Fact(Step.MET_APPLICANT, TODAY, "许明"), here),
        (Fact(Step.APPLIED, TODAY, "许明", member.id), here),
    ):
        assert milestones.note(session, branch, fact, by, NOW), fact
    assert session.scalars(select(Milestone.noted_by)).first() == by.id
    assert milestones.warn_once(session, "k", by, NOW)
    assert not milestones.warn_once(session, "k", by, NOW)
    assert milestones.warn_once(session, "k", member, NOW)
    assert milestones.warn_once(session, "l", by, NOW)


def test_a_fact_of_a_step_that_has_no_term_or_is_none_is_found(
    session: Session,
) -> None:
    by = find_member(session, "赵敏")
    term = Fact(Step.ELECTED, TODAY, years=3)
    milestones.note(session, place(session), term, by, NOW)
    assert list(milestones.known.find(session)) == []
    row = session.scalars(select(Milestone)).one()
    row.step = Step.TALKS
    session.flush()
    assert len(list(milestones.known.find(session))) == 1
    row.step, row.years = "nothing", None  # type: ignore[assignment]
    session.flush()
    assert len(list(milestones.known.find(session))) == 1


def test_deadlines_are_of_the_branch_that_asks_and_its_groups(session: Session) -> None:
    group, other = place(session, GROUP), place(session, OTHER_BRANCH)
    mine, theirs = (
        person(session, name, Category.PROBATIONARY) for name in ("许明", "许亮")
    )
    mine.branch_id, theirs.branch_id = group.id, other.id
    session.flush()
    found = deadlines.survey(session, TODAY, place(session))
    on_probation = [
        (each.subject, each.branch_id)
        for each in found.deadlines
        if each.kind == "probation"
    ]
    here = place(session).id
    assert sorted(on_probation) == sorted([("许明", here), ("何雪", here)])
    everywhere = deadlines.survey(session, TODAY)
    assert "许亮" in [each.subject for each in everywhere.deadlines]
    talks = [each for each in found.deadlines if each.kind == "talks"]
    assert [each.branch_id for each in talks] == [here]
