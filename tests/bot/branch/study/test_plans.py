"""The study plan's book and its spreadsheet."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch.people.tree import Branch, find_branch
from bot.branch.study import plans
from bot.branch.study.plan_sheets import read_plan_sheet
from bot.branch.study.plans import PlannedDay
from bot.errors import Refusal
from bot.files.roster.faults import RosterError
from tests.conftest import ZONE
from tests.people import BRANCH, GROUP, find_member

NOW = datetime(2026, 11, 25, 12, tzinfo=ZONE)
FIRST, SECOND = date(2026, 11, 30), date(2026, 12, 1)


def place(session: Session, name: str = BRANCH) -> Branch:
    found = find_branch(session, name)
    assert found is not None
    return found


def test_written_again_is_changed_and_the_old_stays_as_the_trace(
    session: Session,
) -> None:
    branch, author = place(session), find_member(session, "赵敏")
    days: dict[date, str | None] = {FIRST: "党章", SECOND: "条例"}
    assert plans.write(session, author, branch, days, NOW).added == [FIRST, SECOND]
    days = {FIRST: "准则", SECOND: "条例"}
    again = plans.write(session, author, branch, days, NOW)
    assert (again.changed, again.unchanged) == ([FIRST], [SECOND])
    gone = plans.write(session, author, branch, {SECOND: None}, NOW)
    assert gone.removed == [SECOND]
    assert plans.of_branch(session, branch, FIRST, SECOND) == {FIRST: "准则"}
    assert session.scalar(select(func.count(PlannedDay.id))) == 3
    assert not plans.write(session, author, branch, {SECOND: None}, NOW).removed


def test_too_long_a_day_writes_nothing(session: Session) -> None:
    days: dict[date, str | None] = {FIRST: "党章", SECOND: "长" * 201}
    with pytest.raises(Refusal, match="最多 200 字"):
        plans.write(session, None, place(session), days, NOW)
    assert session.scalar(select(func.count(PlannedDay.id))) == 0


def test_the_nearest_branch_that_planned_counts(session: Session) -> None:
    plans.write(session, None, place(session), {FIRST: "党章", SECOND: "条例"}, NOW)
    plans.write(session, None, place(session, GROUP), {FIRST: "小组讨论"}, NOW)
    told = {
        name: plans.of_member(session, find_member(session, name), FIRST, SECOND)
        for name in ("王芳", "李伟", "孙丽")
    }
    assert told["王芳"] == {FIRST: "小组讨论", SECOND: "条例"}
    assert told["李伟"] == {FIRST: "党章", SECOND: "条例"}
    assert told["孙丽"] == {}


def write_xlsx(*rows: tuple[Any, ...], merge: str = "") -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("一周学习")
        as_date = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001
                    sheet.write_datetime(at, column, moment, as_date)
                elif value != "":
                    sheet.write(at, column, value)
        if merge:
            sheet.merge_range(merge, "2026-12-01")
    return content.getvalue()


def read(*rows: tuple[Any, ...], merge: str = "") -> dict[date, str]:
    return read_plan_sheet(write_xlsx(*rows, merge=merge), "计划.xlsx", NOW.date())


HEADER = ("序号", "日 期", "学习内容", "学习资料")


def test_a_sheet_as_secretaries_keep_it() -> None:
    assert read(
        ("第四季度学习计划",),
        HEADER,
        (1, FIRST, "党章\n第一章", "https://a.cn"),
        (2, "12月1日", "条例", ""),
        ("", "", "", ""),
        ("", "备注：以通知为准", "", ""),
        (3, "2026.12.2", "准则", "/"),
    ) == {
        FIRST: "党章 第一章 https://a.cn",
        SECOND: "条例",
        date(2026, 12, 2): "准则",
    }


def test_rows_under_one_merged_date_are_one_day() -> None:
    rows = (("日期", "内容"), ("", "党章"), ("", "讨论"), ("2026-12-02", "准则"))
    assert read(*rows, merge="A2:A3")[SECOND] == "党章；讨论"


def test_a_date_without_a_year_is_the_nearest() -> None:
    assert list(read(("日期", "内容"), ("1月4日", "党章"))) == [date(2027, 1, 4)]


def test_every_fault_at_once_and_nothing_is_read() -> None:
    with pytest.raises(RosterError) as told:
        read(
            ("日期", "学习内容"),
            ("2026-12-01", "党章"),
            ("2026-12-01", "条例"),
            ("2月30日", "准则"),
            ("下周三", "准则"),
            ("", "没有日期"),
            ("2026-12-03", ""),
            ("2026-12-04", "长" * 201),
        )
    assert [fault.row for fault in told.value.faults] == [3, 4, 5, 6, 7, 8]
    assert "第 2 行已经写过" in str(told.value)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ((("姓名", "电话"), ("王芳", "1")), "没有找到表头"),
        ((("日期", "内容"),), "一天的安排也没有"),
    ],
)
def test_no_plan_in_it(rows: tuple[tuple[str, ...], ...], why: str) -> None:
    with pytest.raises(RosterError, match=why):
        read(*rows)


def test_csv_in_gbk() -> None:
    content = "日期,学习内容\n2026-12-01,党章\n".encode("gbk")
    assert read_plan_sheet(content, "计划.csv", NOW.date()) == {SECOND: "党章"}
