"""Which training is meant, who was there, and whose plan is read: of several."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.branch.people.audience import Audience, select_people
from bot.branch.people.tree import plant
from bot.branch.study import hours, leave, plans, trainings
from bot.branch.study.hours import Lesson
from bot.branch.study.trainings import Recorder, Training
from bot.errors import Refusal
from tests.bot.branch.study.test_hours import NOW, USUAL, place
from tests.people import BRANCH, GROUP, OTHER_BRANCH, find_member

DAY = date(2026, 11, 20)
NEXT = DAY + timedelta(days=1)


def hold(
    session: Session, title: str, day: date = DAY, of: str = BRANCH, size: float = 4
) -> Training:
    branch = place(session, of)
    people = select_people(session, Audience(branch.id))
    recorder = Recorder(find_member(session, "赵敏"), branch)
    return trainings.record(session, recorder, Lesson(title, day, size), people, NOW)


def test_the_latest_that_is_called_so_in_this_branch(session: Session) -> None:
    first, same_day = hold(session, "党史培训"), hold(session, "党史讲座")
    last, sooner = hold(session, "党史培训", NEXT), hold(session, "百分之10_", DAY)
    other = hold(session, "党史大课", NEXT + timedelta(days=1), OTHER_BRANCH)
    gone = hold(session, "党史补课", NEXT + timedelta(days=2))
    trainings.undo(session, gone, NOW)
    here = place(session)
    assert trainings.find(session, here, "党史") is last
    assert trainings.find(session, here, "讲座") is same_day
    assert trainings.find(session, here, "10_") is sooner
    assert trainings.find(session, here, "1__") is None
    assert trainings.find(session, here, "党史培训", DAY) is first
    assert trainings.find(session, here, "党史", DAY) is None, "by its whole name"
    assert trainings.held_on(session, here, DAY) == [first, same_day, sooner]
    assert trainings.held_on(session, here, NEXT + timedelta(days=2)) == []
    assert trainings.held_on(session, place(session, OTHER_BRANCH), DAY) == []
    assert trainings.get(session, other.id) is other


def test_what_is_taken_back_is_one_training_s_and_only_once(session: Session) -> None:
    first, second = hold(session, "党史"), hold(session, "条例")
    other = hold(session, "外支部", of=OTHER_BRANCH)
    last_year = hold(session, "去年", date(2025, 12, 31))
    hold(session, "小组", date(2026, 1, 1), of=GROUP)
    here, wang = place(session), find_member(session, "王芳")
    assert trainings.count_in(session, here, 2026) == 3
    assert trainings.count_in(session, here, 2025) == 1
    assert trainings.undo(session, first, NOW) == 6
    assert trainings.count_in(session, here, 2026) == 2
    assert [trainings.attendees(session, each) for each in (first, second, other)] == [
        0,
        6,
        1,
    ]
    assert hours.year_of(session, wang, 2026, USUAL).trainings == 8
    with pytest.raises(Refusal, match="已经撤销过"):
        trainings.undo(session, first, NOW)
    assert trainings.undo(session, last_year, NOW) == 6
    assert list(trainings.agrees.find(session)) == []


@pytest.mark.parametrize("wrong", ["day", "hours", "undone", "standing"])
def test_hours_that_do_not_agree_with_their_training_are_found(
    session: Session, wrong: str
) -> None:
    right, odd = hold(session, "党史"), hold(session, "条例", of=OTHER_BRANCH)
    trainings.undo(session, hold(session, "撤销的"), NOW)
    match wrong:
        case "day":
            odd.day = NEXT
        case "hours":
            odd.hours = 5
        case "undone":
            odd.undone_at = NOW
        case "standing":
            trainings.undo(session, odd, NOW)
            odd.undone_at = None
    session.flush()
    assert right.undone_at is None
    assert len(list(trainings.agrees.find(session))) == 1


def test_a_plan_is_its_branch_s_day_s_and_what_stands(session: Session) -> None:
    here, other = place(session), place(session, OTHER_BRANCH)
    days: dict[date, str | None] = {
        DAY - timedelta(days=1): "前一天",
        DAY: "党章",
        NEXT: "条例",
        NEXT + timedelta(days=1): "后一天",
    }
    plans.write(session, None, here, days, NOW)
    plans.write(session, None, other, {DAY: "外支部"}, NOW)
    plans.write(session, None, here, {DAY: "准则"}, NOW)
    assert plans.of_branch(session, here, DAY, NEXT) == {DAY: "准则", NEXT: "条例"}
    assert plans.of_place(session, here, DAY, NEXT) == {DAY: "准则", NEXT: "条例"}
    assert plans.of_branch(session, other, DAY, NEXT) == {DAY: "外支部"}
    assert list(plans.of_place(session, here, date.min, date.max)) == sorted(days)


def test_on_a_day_the_deepest_comes_first(session: Session) -> None:
    here, group = place(session), place(session, GROUP)
    later = plant(session, "后来的党支部")
    for branch, words in ((here, "党章"), (later, "外面"), (group, "小组")):
        plans.write(session, None, branch, {DAY: words, NEXT: "别的"}, NOW)
    plans.write(session, None, later, {DAY: None}, NOW)
    told = [(planned.text, branch.id) for planned, branch in plans.on(session, DAY)]
    assert told == [("小组", group.id), ("党章", here.id)]
    planning = plans.planning(session, DAY, DAY)
    assert sorted(planning) == sorted([here.path, group.path])
    assert sorted(plans.planning(session, DAY, NEXT)) == sorted(
        [here.path, group.path, later.path]
    )
    assert plans.planning(session, NEXT + timedelta(days=1), date.max) == []


def test_leave_lasts_through_its_day_and_is_one_s_own(session: Session) -> None:
    wang, li = find_member(session, "王芳"), find_member(session, "李伟")
    leave.begin(session, wang, NEXT, NOW)
    leave.begin(session, wang, DAY, NOW)
    leave.begin(session, li, NEXT, NOW)

    def away(day: date) -> list[int]:
        return sorted(session.scalars(leave.away_on(day)))

    assert away(DAY) == sorted([wang.id, li.id])
    assert away(NEXT) == [li.id], "a later word replaces an earlier one"
    assert leave.end(session, wang)
    assert not leave.end(session, wang)
    assert away(DAY) == [li.id]
