"""Timers by the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.recurrence.stretches import add_months
from bot.calendar.workdays import is_workday
from bot.rulebook.deadlines import deadline

steady = settings(deadline=None, max_examples=50)
days = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-01-28", 1, "2026-02-28"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-05-15", 12, "2027-05-15"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-11-30", 0, "2026-11-30"),
    ],
)
def test_months_end_with_their_month(day: str, months: int, result: str) -> None:
    found = add_months(date.fromisoformat(day), months)
    assert found == date.fromisoformat(result)


@steady
@given(days, st.integers(-60, 60))
def test_a_month_on_is_in_the_next_month(day: date, months: int) -> None:
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day <= day.day
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


@steady
@given(days, days, st.integers(0, 60))
def test_who_starts_later_is_never_due_earlier(
    one: date, other: date, months: int
) -> None:
    first, second = sorted((one, other))
    assert add_months(first, months) <= add_months(second, months)


@pytest.mark.parametrize(
    ("rule", "start", "day", "bound"),
    [
        ("develop.talk", "2026-01-31", "2026-02-28", "latest"),
        ("develop.review", "2026-08-31", "2027-02-28", "latest"),
        ("develop.cultivation", "2026-06-01", "2027-06-01", "earliest"),
        ("develop.assembly", "2026-10-31", "2026-11-30", "latest"),
        ("develop.approval", "2026-11-30", "2027-02-28", "latest"),
        ("develop.approval_special", "2026-08-31", "2027-02-28", "latest"),
        ("develop.oath", "2026-07-01", "2026-08-01", "latest"),
        ("develop.probation", "2027-06-30", "2028-06-30", "earliest"),
        ("develop.probation", "2028-02-29", "2029-02-28", "earliest"),
        ("develop.transfer_approval", "2026-07-15", "2026-10-15", "latest"),
        ("term.branch", "2024-02-29", "2027-02-28", "latest"),
        ("term.higher", "2024-05-06", "2029-05-06", "latest"),
        ("dues.lapse", "2026-05-31", "2026-11-30", "latest"),
    ],
)
def test_a_rule_counts_its_time(rule: str, start: str, day: str, bound: str) -> None:
    found = deadline(rule, date.fromisoformat(start))
    assert (found.day, found.bound) == (date.fromisoformat(day), bound)
    assert found.rule.id == rule


def test_working_days_follow_the_calendar_given() -> None:
    # Friday 2026-09-25 to 27 is 中秋, 1 to 7 October 国庆, 10 October is worked
    start = date(2026, 9, 29)
    found = deadline("develop.publicity", start, is_workday)
    assert found.day == date(2026, 10, 12)
    assert found.bound == "earliest"

    def monday_to_friday(day: date) -> bool:
        return day.weekday() < 5

    plain = deadline("develop.publicity", start, monday_to_friday)
    assert plain.day == date(2026, 10, 6)


def test_only_timers_are_counted() -> None:
    with pytest.raises(KeyError):
        deadline("no.such", date(2026, 1, 1))
    with pytest.raises(ValueError, match="no timer"):
        deadline("meeting.assembly", date(2026, 1, 1))
    with pytest.raises(ValueError, match="needs is_workday"):
        deadline("develop.publicity", date(2026, 1, 1))
