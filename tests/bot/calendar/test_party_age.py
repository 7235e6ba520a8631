"""Eras, anniversaries and party age, at the days where the rules change."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.party_age import (
    ERAS,
    LeapDay,
    anniversary,
    era,
    fifty_years_honour,
    party_age,
    years_since_joining,
)

steady = settings(deadline=None, max_examples=50)
days = st.dates(date(1921, 7, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("joined", "meaning", "probation", "confidence"),
    [
        ("1949-10-01", "没有收录", None, "B"),
        ("1956-09-14", "没有收录", None, "B"),
        ("1956-09-15", "支部大会接收为预备党员", True, "A"),
        ("1969-03-31", "支部大会接收为预备党员", True, "A"),
        ("1969-04-01", "上级党委批准之日", False, "A"),
        ("1977-08-11", "上级党委批准之日", False, "A"),
        ("1977-08-12", "上级党委批准为预备党员", True, "A"),
        ("1982-09-05", "上级党委批准为预备党员", True, "A"),
        ("1982-09-06", "支部大会通过接收为预备党员", True, "A"),
        ("2026-07-01", "支部大会通过接收为预备党员", True, "A"),
    ],
)
def test_the_joining_date_means_what_the_law_of_its_day_says(
    joined: str, meaning: str, *, probation: bool | None, confidence: str
) -> None:
    found = era(date.fromisoformat(joined))
    assert meaning in found.meaning
    assert found.probation is probation
    assert found.confidence == confidence
    assert found.source


def test_the_time_that_is_not_on_file_sends_the_reader_to_the_documents() -> None:
    assert "请以正式文件为准" in era(date(1950, 1, 1)).source


def test_eras_follow_each_other_without_gap_or_overlap() -> None:
    assert ERAS[0].first is None
    assert ERAS[-1].last is None
    for before, after in pairwise(ERAS):
        assert before.last is not None
        assert before.last + timedelta(days=1) == after.first


@steady
@given(days)
def test_every_day_lies_in_exactly_one_era(day: date) -> None:
    assert [one for one in ERAS if one.covers(day)] == [era(day)]


@pytest.mark.parametrize(
    ("joined", "year", "leap_day", "expected"),
    [
        ("2011-07-01", 2026, "02-28", "2026-07-01"),
        ("2011-12-31", 2011, "02-28", "2011-12-31"),
        ("2004-02-29", 2026, "02-28", "2026-02-28"),
        ("2004-02-29", 2026, "03-01", "2026-03-01"),
        ("2004-02-29", 2028, "02-28", "2028-02-29"),
        ("2004-02-29", 2028, "03-01", "2028-02-29"),
        ("1960-02-29", 2100, "03-01", "2100-03-01"),
        ("2004-02-28", 2026, "03-01", "2026-02-28"),
    ],
)
def test_anniversary(joined: str, year: int, leap_day: LeapDay, expected: str) -> None:
    found = anniversary(date.fromisoformat(joined), year, leap_day)
    assert found.isoformat() == expected


@pytest.mark.parametrize(
    ("joined", "on", "leap_day", "years"),
    [
        ("2011-07-01", "2011-07-01", "02-28", 0),
        ("2011-07-01", "2012-06-30", "02-28", 0),
        ("2011-07-01", "2012-07-01", "02-28", 1),
        ("2011-07-01", "2026-06-30", "02-28", 14),
        ("2011-07-01", "2026-07-01", "02-28", 15),
        ("2011-07-01", "2009-01-01", "02-28", 0),
        ("2004-02-29", "2026-02-27", "02-28", 21),
        ("2004-02-29", "2026-02-28", "02-28", 22),
        ("2004-02-29", "2026-02-28", "03-01", 21),
        ("2004-02-29", "2026-03-01", "03-01", 22),
        ("2004-02-29", "2028-02-28", "02-28", 23),
        ("2004-02-29", "2028-02-29", "03-01", 24),
    ],
)
def test_years_since_joining(
    joined: str, on: str, leap_day: LeapDay, years: int
) -> None:
    found = years_since_joining(
        date.fromisoformat(joined), date.fromisoformat(on), leap_day
    )
    assert found == years


@pytest.mark.parametrize(
    ("joined", "full_since", "on", "age"),
    [
        ("2011-07-01", "2012-07-01", "2026-06-30", 13),
        ("2011-07-01", "2012-07-01", "2026-07-01", 14),
        ("2011-07-01", "2012-12-30", "2026-07-01", 13),  # probation was extended
        ("2025-11-03", None, "2026-07-01", None),
        ("2025-11-03", "2026-11-03", "2026-07-01", None),  # 转正 still ahead
        ("2025-07-01", "2026-07-01", "2026-07-01", 0),
        ("1969-04-01", None, "2026-04-01", 57),
        ("1977-08-11", None, "2026-08-11", 49),
        ("1977-08-11", "1978-08-11", "2026-08-11", 49),  # the era knew no 转正
        ("1977-08-12", None, "2026-08-12", None),
        ("1969-03-31", None, "2026-08-12", None),
        ("1969-03-31", "1970-03-31", "2026-03-31", 56),
        ("1950-05-01", None, "2026-05-01", None),
        ("1950-05-01", "1950-11-01", "2026-11-01", 76),
    ],
)
def test_party_age(
    joined: str, full_since: str | None, on: str, age: int | None
) -> None:
    found = party_age(
        date.fromisoformat(joined),
        date.fromisoformat(full_since) if full_since else None,
        date.fromisoformat(on),
    )
    assert found == age


def test_party_age_follows_the_setting_of_a_leap_day() -> None:
    joined, full_since, on = date(2003, 2, 28), date(2004, 2, 29), date(2026, 2, 28)
    assert party_age(joined, full_since, on) == 22
    assert party_age(joined, full_since, on, "03-01") == 21


@steady
@given(days, st.integers(0, 60), st.integers(180, 1100))
def test_party_age_is_never_more_than_the_years_since_joining(
    joined: date, later: int, probation: int
) -> None:
    on = anniversary(joined, joined.year + later)
    age = party_age(joined, joined + timedelta(days=probation), on)
    assert age is None or 0 <= age <= years_since_joining(joined, on) == later


@steady
@given(days, days)
def test_a_probationary_member_has_no_party_age(joined: date, on: date) -> None:
    if era(joined).probation is not False:
        assert party_age(joined, None, on) is None


@steady
@given(days, st.integers(1, 100), st.sampled_from(["02-28", "03-01"]))
def test_a_year_is_reached_on_its_anniversary_and_not_the_day_before(
    joined: date, later: int, leap_day: LeapDay
) -> None:
    day = anniversary(joined, joined.year + later, leap_day)
    assert years_since_joining(joined, day, leap_day) == later
    assert years_since_joining(joined, day - timedelta(days=1), leap_day) == later - 1


@pytest.mark.parametrize(
    ("joined", "full_since", "year", "honoured"),
    [
        ("1975-06-30", None, 2025, True),
        ("1975-07-01", None, 2025, True),
        ("1975-07-02", None, 2025, False),
        ("1975-07-02", None, 2026, True),
        ("1967-07-01", "1968-07-01", 2018, True),
        ("1967-07-01", "1968-07-02", 2018, False),
        ("1967-07-01", None, 2026, False),
        ("2011-07-01", "2012-07-01", 2026, False),
    ],
)
def test_fifty_years_honour_looks_at_the_party_age_on_the_first_of_july(
    joined: str, full_since: str | None, year: int, *, honoured: bool
) -> None:
    full = date.fromisoformat(full_since) if full_since else None
    assert fifty_years_honour(date.fromisoformat(joined), full, year) is honoured
