"""A year's plan and the school's calendar: whose meetings count, what corrects what."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.branch.ballots import appraisals
from bot.branch.meetings import life, school, year_plan
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.meetings.year_plan import Line
from bot.branch.people.tree import Branch, find_branch, plant
from bot.errors import Refusal
from tests.bot.branch.meetings.test_doors import AT, call
from tests.bot.branch.meetings.test_year import NOW, held
from tests.people import BRANCH, GROUP, find_member


def own(session: Session) -> Branch:
    branch = find_branch(session, BRANCH)
    assert branch
    return branch


def plan(session: Session, *lines: Line) -> int:
    by = find_member(session, "赵敏")
    return year_plan.add(session, own(session), 2026, lines, by, NOW)


def test_a_meeting_of_a_branch_below_fulfils_nothing_here(session: Session) -> None:
    plan(session, Line(3, Kind.GENERAL), Line(3, Kind.GROUP))
    plant(session, "下面的党支部", own(session))
    held(session, Kind.GENERAL, 3, of="下面的党支部")
    held(session, Kind.GROUP, 3, of=GROUP)
    found = year_plan.items(session, own(session), 2026)
    became = year_plan.judge(session, own(session), 2026, NOW)
    told = {each.kind: became[each.id] for each in found}
    assert told[Kind.GENERAL] == "未开展"
    assert "开了" in told[Kind.GROUP]


@pytest.mark.parametrize("field", ["topic", "place", "whom", "leads", "duty"])
def test_no_words_of_a_line_are_too_long(session: Session, field: str) -> None:
    assert plan(session, Line(3, Kind.LECTURE, **{field: "长" * 60})) == 1  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="60 字"):
        plan(session, Line(4, Kind.LECTURE, **{field: "长" * 61}))  # type: ignore[arg-type]


def put(session: Session, name: str, first: date, last: date) -> None:
    by = find_member(session, "赵敏")
    school.put(session, own(session), name, first, last, by, NOW)


def spans(session: Session) -> list[tuple[str, date]]:
    year = date(2026, 1, 1), date(2027, 12, 31)
    found = school.within(session, own(session), *year)
    return [(each.name, each.first) for each in found]


def test_a_span_that_is_said_anew_stands_once_be_it_apart(session: Session) -> None:
    put(session, "寒假", date(2027, 1, 18), date(2027, 2, 10))
    put(session, "寒假", date(2027, 2, 12), date(2027, 3, 1))
    put(session, "考试周", date(2027, 1, 4), date(2027, 1, 8))
    put(session, "考试周", date(2027, 6, 21), date(2027, 6, 25))
    put(session, "寒假", date(2026, 1, 20), date(2026, 2, 20))
    assert spans(session) == [
        ("寒假", date(2026, 1, 20)),
        ("考试周", date(2027, 1, 4)),
        ("寒假", date(2027, 2, 12)),
        ("考试周", date(2027, 6, 21)),
    ]


def mended(session: Session) -> Meeting:
    meeting = call(session, kind=Kind.LIFE_MEETING)
    by = find_member(session, "赵敏")
    for step, text in (
        ("problem", "学习不够"),
        ("problem", "走访不够"),
        ("mend", "学"),
    ):
        life.add(session, meeting, step, text, by, AT)
    return meeting


def test_a_step_written_wrongly_is_taken_out_and_its_row_stays(
    session: Session,
) -> None:
    meeting = mended(session)
    with pytest.raises(Refusal, match="有 2 条"):
        life.drop(session, meeting, "problem", "不够", AT)
    with pytest.raises(Refusal, match="没有"):
        life.drop(session, meeting, "problem", "学校", AT)
    gone = life.drop(session, meeting, "problem", "走访", AT)
    assert gone.dropped_at == AT
    assert [each.text for each in life.of_meeting(session, meeting)] == [
        "学习不够",
        "学",
    ]
    assert life.add(
        session, meeting, "problem", "走访不够", find_member(session, "赵敏"), AT
    )


def test_words_that_are_all_of_a_step_mean_it_and_not_a_longer_one(
    session: Session,
) -> None:
    meeting, by = mended(session), find_member(session, "赵敏")
    life.add(session, meeting, "mend", "学习", by, AT)
    assert life.drop(session, meeting, "mend", "学", AT).text == "学"
    assert life.drop(session, meeting, "mend", "学", AT).text == "学习"


def test_what_is_signed_or_mended_is_not_taken_out(session: Session) -> None:
    meeting = mended(session)
    meeting.state = State.LOCKED
    with pytest.raises(Refusal, match="已经送签"):
        life.drop(session, meeting, "problem", "学习", AT)
    row = life.of_meeting(session, meeting)[-1]
    life.finish(session, row, AT)
    with pytest.raises(Refusal, match="已经销号"):
        life.drop(session, meeting, "mend", "学", AT)


def test_how_many_may_be_best_is_reckoned_in_one_way(session: Session) -> None:
    graded = appraisals.graded(session, own(session), NOW)
    limit = appraisals.limit_of(session, own(session).id, len(graded))
    assert (limit.members, limit.graded) == (6, 5)
    assert (limit.of_all, limit.of_graded) == (2, 1)
