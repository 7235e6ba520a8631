"""A year's plan: what stands in it, what came of it, and how a file of it is read."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.branch.meetings import plan_intake, year_plan
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import State
from bot.branch.meetings.year_plan import Line, PlanItem
from bot.branch.people.tree import Branch, find_branch
from bot.errors import Refusal
from bot.files.roster.faults import RosterError
from tests.bot.branch.meetings.test_doors import NOW, call
from tests.bot.branch.meetings.test_year import held
from tests.conftest import ZONE
from tests.people import BRANCH, OTHER_BRANCH

JULY = datetime(2026, 7, 20, 9, tzinfo=ZONE)


def place(session: Session, name: str = BRANCH) -> Branch:
    found = find_branch(session, name)
    assert found
    return found


def add(session: Session, *lines: Line, year: int = 2026, of: str = BRANCH) -> int:
    return year_plan.add(session, place(session, of), year, lines, None, NOW)


def items(session: Session, year: int = 2026) -> list[PlanItem]:
    return list(year_plan.items(session, place(session), year))


def test_the_same_is_one_month_kind_and_topic_of_a_branch_and_year(
    session: Session,
) -> None:
    lines = [
        Line(3, Kind.LECTURE, "廉洁"),
        Line(3, Kind.LECTURE, "党史"),
        Line(3, Kind.THEME_DAY, "廉洁"),
        Line(4, Kind.LECTURE, "廉洁"),
    ]
    assert add(session, *lines, lines[0]) == 4
    assert add(session, *lines) == 0
    assert add(session, lines[0], of=OTHER_BRANCH) == 1
    assert add(session, lines[0], year=2027) == 1
    first = items(session)[0]
    year_plan.drop(session, first, NOW)
    assert len(items(session)) == 3
    assert add(session, *lines) == 1
    year_plan.move(session, items(session)[0], 12)
    assert [each.month for each in items(session)] == [3, 3, 4, 12]


def test_in_order_of_their_days_without_one_last(session: Session) -> None:
    days = [NOW.date() + timedelta(days=each) for each in (9, 1)]
    later, sooner = (
        Line(3, kind, day=day)
        for kind, day in zip((Kind.GROUP, Kind.GENERAL), days, strict=True)
    )
    add(session, Line(3, Kind.LECTURE), later, sooner, Line(2, Kind.LECTURE))
    assert [(each.month, each.kind) for each in items(session)] == [
        (2, Kind.LECTURE),
        (3, Kind.GENERAL),
        (3, Kind.GROUP),
        (3, Kind.LECTURE),
    ]
    year_plan.move(session, items(session)[1], 1)
    assert items(session)[0].day is None, "the day thought of goes"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (Line(1, Kind.OTHER, "长" * 60, place="长" * 60, leads="长" * 60), ""),
        (Line(12, Kind.LECTURE), ""),
        (Line(0, Kind.LECTURE), "1 到 12"),
        (Line(13, Kind.LECTURE), "1 到 12"),
        (Line(1, Kind.LECTURE, "长" * 61), "最多 60"),
        (Line(1, Kind.LECTURE, place="长" * 61), "最多 60"),
        (Line(1, Kind.LECTURE, leads="长" * 61), "最多 60"),
    ],
)
def test_what_can_stand_in_it(session: Session, line: Line, why: str) -> None:
    if not why:
        assert add(session, line) == 1
        return
    with pytest.raises(Refusal, match=why):
        add(session, line)


def test_a_month_to_move_to(session: Session) -> None:
    add(session, Line(5, Kind.LECTURE))
    [item] = items(session)
    for month in (0, 13):
        with pytest.raises(Refusal, match="1 到 12"):
            year_plan.move(session, item, month)
    for month in (1, 12):
        year_plan.move(session, item, month)
        assert item.month == month


def test_what_came_of_each_is_told_by_its_own_meeting(session: Session) -> None:
    lines = [Line(month, Kind.GENERAL) for month in (5, 6, 7, 8)]
    add(session, *lines, Line(6, Kind.GENERAL, "第二次"), Line(6, Kind.LECTURE))
    signed = held(session, Kind.GENERAL, 5, "赵敏")
    signed.state = State.LOCKED
    held(session, Kind.GENERAL, 6, "赵敏", day=9)
    held(session, Kind.LECTURE, 6, "孙丽", of=OTHER_BRANCH)
    call(session, datetime(2026, 8, 5, 14, tzinfo=ZONE))
    session.flush()
    said = year_plan.judge(session, place(session), 2026, JULY)
    assert {
        f"{each.month} {each.kind} {each.topic}".strip(): said[each.id]
        for each in items(session)
    } == {
        "5 general": "已开展，5月10日（周日）",
        "6 general": "6月9日（周二）开了，记录还没签",
        "6 general 第二次": "未开展",
        "6 lecture": "未开展",
        "7 general": "",
        "8 general": "已通知，8月5日（周三）",
    }
    told = year_plan.outline(session, place(session), 2026, JULY)
    assert [each["became"] for each in told][:1] == ["已开展，5月10日（周日）"]
    rows = year_plan.write_sheet(session, place(session), 2026, JULY).rows
    assert [row[0] for row in rows] == ["5月", "6月", "6月", "6月", "7月", "8月"]


def read(*rows: str) -> list[tuple[int, str, str, str]]:
    content = "\n".join(["月份,类别,主题,时间", *rows]).encode()
    found = plan_intake.read_plan(content, "计划.csv", 2026)
    return [
        (
            each.month,
            str(each.kind),
            each.topic,
            each.day.isoformat() if each.day else "",
        )
        for each in found
    ]


def test_a_file_s_lines_are_read() -> None:
    assert read(
        "5月,党课,廉洁,2026-05-20",
        "12月份,主题党日,,",
        "1,,植树,/",
        ",,,",
    ) == [
        (5, "lecture", "廉洁", "2026-05-20"),
        (12, "theme_day", "", ""),
        (1, "other", "植树", ""),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("0,党课,,", "1 到 12"),
        ("13,党课,,", "1 到 12"),
        ("五,党课,,", "1 到 12"),
        ("5,不知道,,", "看不出是哪一种会"),
        ("5,党课,,2026-06-01", "不在 2026 年 5月"),
        ("5,党课,,2025-05-01", "不在 2026 年 5月"),
    ],
)
def test_a_faulty_line_is_told_by_its_row(row: str, why: str) -> None:
    with pytest.raises(RosterError, match=why) as told:
        read("3,党课,,", row)
    assert [each.row for each in told.value.faults] == [3]


def test_a_header_stands_in_the_first_ten_rows_and_has_lines() -> None:
    head, line = "月份,类别", "5,党课"
    for rows, why in (
        (["说明"] * 9 + [head, line], ""),
        (["说明"] * 10 + [head, line], "没有找到表头"),
        ([head], "一项也没有"),
        (["月份", "5"], "没有找到表头"),
    ):
        content = "\n".join(rows).encode()
        if not why:
            assert len(plan_intake.read_plan(content, "计划.csv", 2026)) == 1
            continue
        with pytest.raises(RosterError, match=why):
            plan_intake.read_plan(content, "计划.csv", 2026)
