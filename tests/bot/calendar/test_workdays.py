"""The working-day calendar against the State Council's notices, copied by hand."""

from datetime import date, timedelta

import pytest

from bot.calendar.workdays import (
    SOURCE,
    add_workdays,
    days_off,
    is_provisional,
    is_workday,
    made_up_days,
    workdays_between,
)

# 《国务院办公厅关于2026年部分节假日安排的通知》, its seven paragraphs
OFF_2026 = {
    "元旦": ("2026-01-01", "2026-01-03"),
    "春节": ("2026-02-15", "2026-02-23"),
    "清明节": ("2026-04-04", "2026-04-06"),
    "劳动节": ("2026-05-01", "2026-05-05"),
    "端午节": ("2026-06-19", "2026-06-21"),
    "中秋节": ("2026-09-25", "2026-09-27"),
    "国庆节": ("2026-10-01", "2026-10-07"),
}
MADE_UP_2026 = (
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
)
MADE_UP_2025 = ("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11")


def _days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


@pytest.mark.parametrize("day", MADE_UP_2026 + MADE_UP_2025)
def test_weekends_that_are_worked(day: str) -> None:
    worked = date.fromisoformat(day)
    assert worked.weekday() >= 5
    assert is_workday(worked)


@pytest.mark.parametrize("name", OFF_2026)
def test_days_off_of_2026(name: str) -> None:
    assert not any(is_workday(day) for day in _days(*OFF_2026[name]))


def test_every_day_of_2026_follows_the_notice() -> None:
    off = {day for span in OFF_2026.values() for day in _days(*span)}
    made_up = {date.fromisoformat(day) for day in MADE_UP_2026}
    for day in _days("2026-01-01", "2026-12-31"):
        expected = day in made_up or (day.weekday() < 5 and day not in off)
        assert is_workday(day) is expected, day


@pytest.mark.parametrize(("year", "total"), [(2024, 251), (2025, 248), (2026, 248)])
def test_totals_of_published_years(year: int, total: int) -> None:
    # 366 - 115, 365 - 117 and 365 - 117 days off counted on the notices
    assert len(workdays_between(date(year, 1, 1), date(year, 12, 31))) == total


def test_a_published_year_is_official_and_a_computed_one_is_not() -> None:
    assert not is_provisional(2026)
    assert not is_provisional(2001)
    assert is_provisional(2027)
    assert is_provisional(2000)
    assert "python-holidays" in SOURCE


def test_a_december_weekend_worked_for_the_next_new_year() -> None:
    assert is_workday(date(2006, 12, 31))  # a Sunday, for 2007's New Year
    assert is_workday(date(2001, 12, 29))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-10-09", 1, "2026-10-10"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-11-25", 3, "2026-11-30"),
        ("2026-11-28", -1, "2026-11-27"),
        ("2026-11-25", 0, "2026-11-25"),
        ("2026-12-31", 1, "2027-01-04"),
    ],
)
def test_counting_working_days(day: str, count: int, expected: str) -> None:
    found = add_workdays(date.fromisoformat(day), count)
    assert found.day == date.fromisoformat(expected)
    assert found.provisional is (found.day.year == 2027)


def test_zero_working_days_from_a_day_off_is_refused() -> None:
    with pytest.raises(ValueError, match="no working day"):
        add_workdays(date(2026, 10, 1), 0)


def test_the_working_days_of_a_month() -> None:
    october = workdays_between(date(2026, 10, 1), date(2026, 10, 31))
    assert (october[0], october[2], october[-1]) == (
        date(2026, 10, 8),
        date(2026, 10, 10),
        date(2026, 10, 30),
    )
    assert workdays_between(date(2026, 10, 8), date(2026, 10, 8)) == october[:1]
    assert workdays_between(date(2026, 2, 1), date(2026, 2, 28))[-1].day == 28
    assert add_workdays(date(2026, 11, 27), 1).day == date(2026, 11, 30)


def test_an_imported_notice_makes_its_year_official() -> None:
    # an invented notice, for the test only
    notice: dict[date, bool] = dict.fromkeys(_days("2027-10-01", "2027-10-07"), False)
    notice[date(2027, 9, 26)] = True
    assert not is_provisional(2027, notice)
    assert is_provisional(2028, notice)
    assert is_workday(date(2027, 9, 26), notice)
    assert not is_workday(date(2027, 10, 7), notice)
    assert is_workday(date(2027, 2, 9), notice)  # unlisted: Monday to Friday
    assert not is_workday(date(2027, 2, 13), notice)
    assert add_workdays(date(2027, 9, 30), 1, notice).day == date(2027, 10, 8)
    assert not add_workdays(date(2027, 9, 30), 1, notice).provisional
    assert add_workdays(date(2027, 9, 30), 1).day == date(2027, 10, 6)


@pytest.mark.parametrize(("day", "covers"), [(1, True), (2, False)])
def test_a_notice_covers_the_year_whose_first_of_october_it_names(
    day: int, *, covers: bool
) -> None:
    notice = {date(2027, 10, day): False}
    assert is_provisional(2027, notice) is not covers
    assert is_provisional(2028, notice)


@pytest.mark.parametrize("day", ["2026-10-01", "2026-10-04", "2026-10-07"])
def test_days_off_in_a_row_are_all_around_a_day(day: str) -> None:
    assert days_off(date.fromisoformat(day)) == tuple(_days(*OFF_2026["国庆节"]))


def test_days_off_in_a_row_may_be_one_or_none() -> None:
    assert days_off(date(2026, 10, 8)) == ()
    assert days_off(date(2026, 10, 11)) == (date(2026, 10, 11),)
    assert days_off(date(2026, 10, 10)) == (), "a Saturday that is worked"
    monday = {date(2026, 11, 30): False}
    assert days_off(date(2026, 11, 29), monday) == tuple(
        _days("2026-11-28", "2026-11-30")
    )


def test_weekend_days_that_are_worked_are_listed_ends_included() -> None:
    found = made_up_days(date(2026, 9, 20), date(2026, 10, 10))
    assert found == [date(2026, 9, 20), date(2026, 10, 10)]
    saturday = {date(2026, 11, 28): True}
    assert made_up_days(date(2026, 11, 23), date(2026, 11, 30), saturday) == [*saturday]
    assert made_up_days(date(2026, 11, 23), date(2026, 11, 30)) == []
