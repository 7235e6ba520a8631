"""Recurring times: kept as JSON, strictly increasing, right across months and years."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.recurrence import Recurrence, Unreadable, from_stored, to_stored
from bot.calendar.recurrence.points import Point
from bot.calendar.recurrence.words import write_rule
from bot.calendar.workdays import is_workday

SHANGHAI = ZoneInfo("Asia/Shanghai")
NAIVE = datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI).replace(tzinfo=None)
quick = settings(deadline=None, max_examples=50)

moments = st.datetimes(
    min_value=NAIVE.replace(year=2020),
    max_value=NAIVE.replace(year=2035),
    timezones=st.just(SHANGHAI),
)
hours = st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None))
shifts = st.integers(-5, 5)
intervals = st.integers(1, 4)
anchors = st.dates(date(2020, 1, 1), date(2026, 1, 1))
day_points = st.builds(
    Point,
    of=st.just("day"),
    numbers=st.lists(
        st.one_of(st.integers(1, 28), st.just(-1)), min_size=1, max_size=3, unique=True
    ).map(tuple),
)
weekday_points = st.builds(
    Point,
    of=st.just("weekday"),
    numbers=st.sampled_from([(1,), (2,), (-1,), (-2,)]),
    weekday=st.integers(0, 6),
)
workday_points = st.builds(
    Point,
    of=st.just("workday"),
    numbers=st.sampled_from([(1,), (2,), (-1,), (-2,)]),
)
points = st.one_of(day_points, weekday_points, workday_points)
rules = st.one_of(
    st.builds(
        Recurrence,
        kind=st.just("daily"),
        at=hours,
        interval=intervals,
        anchor=anchors,
    ),
    st.builds(Recurrence, kind=st.just("workdays"), at=hours, shift=shifts),
    st.builds(
        Recurrence,
        kind=st.just("weekly"),
        at=hours,
        weekdays=st.sets(st.integers(0, 6), min_size=1).map(sorted).map(tuple),
        interval=intervals,
        anchor=anchors,
    ),
    st.builds(
        Recurrence,
        kind=st.just("monthly"),
        at=hours,
        point=points,
        shift=shifts,
        shift_workdays=st.booleans(),
    ),
    st.builds(
        Recurrence,
        kind=st.just("quarterly"),
        at=hours,
        point=points,
        month=st.one_of(st.none(), st.integers(1, 3)),
        until=st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2040, 1, 1))),
    ),
    st.builds(
        Recurrence,
        kind=st.just("yearly"),
        at=hours,
        festival=st.sampled_from(["春节", "除夕", "国庆节", "清明节", "农历8-15"]),
        shift=shifts,
    ),
)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@quick
@given(rules)
def test_stored_form_gives_the_same_rule_back(rule: Recurrence) -> None:
    line = to_stored(rule)
    if not rule.shift:
        rule = replace(rule, shift_workdays=False)  # of no days at all
    assert from_stored(line) == rule
    assert len(line) <= 100
    assert write_rule(rule)


@quick
@given(rules, moments)
def test_the_next_is_later_and_at_the_hour(rule: Recurrence, moment: datetime) -> None:
    found = rule.next_three(moment)
    for earlier, later in zip((moment, *found), found, strict=False):
        assert later > earlier
        assert later.timetz() == rule.at.replace(tzinfo=moment.tzinfo)
        assert later.tzinfo is moment.tzinfo
        assert rule.until is None or later.date() <= rule.until


@quick
@given(rules, moments, st.integers(1, 60))
def test_none_is_skipped(rule: Recurrence, moment: datetime, minutes: int) -> None:
    """Asking a little later, but before the next, gives the same."""
    found = rule.next_after(moment)
    later = moment + timedelta(minutes=minutes)
    if found is not None and later < found:
        assert rule.next_after(later) == found


@quick
@given(moments, st.sampled_from([1, 2, -1]), shifts)
def test_every_found_day_is_a_day_of_the_rule(
    moment: datetime, nth: int, shift: int
) -> None:
    rule = Recurrence("monthly", time(8), point=Point("workday", (nth,)), shift=shift)
    found = rule.next_after(moment)
    assert found is not None
    day = found.date() - timedelta(days=shift)
    assert is_workday(day)
    month = [day.replace(day=1) + timedelta(days=n) for n in range(31)]
    worked = [one for one in month if one.month == day.month and is_workday(one)]
    assert worked[nth - 1 if nth > 0 else nth] == day


@quick
@given(moments, st.integers(1, 5), anchors, st.integers(0, 6))
def test_an_interval_keeps_its_step(
    moment: datetime, interval: int, anchor: date, weekday: int
) -> None:
    rule = Recurrence(
        "weekly", time(8), weekdays=(weekday,), interval=interval, anchor=anchor
    )
    first, second, third = rule.next_three(moment)
    assert second - first == third - second == timedelta(weeks=interval)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-09-18 08:00", "2026-09-20 08:00"),  # a Sunday, worked for 国庆节
        ("2026-09-24 08:00", "2026-09-28 08:00"),
        ("2026-09-30 08:00", "2026-10-08 08:00"),
        ("2026-10-09 08:00", "2026-10-10 08:00"),
        ("2026-12-31 07:59", "2026-12-31 08:00"),
        ("2026-12-31 08:00", "2027-01-04 08:00"),
    ],
)
def test_working_days(after: str, expected: str) -> None:
    assert Recurrence("workdays", time(8)).next_after(_at(after)) == _at(expected)


def test_an_imported_notice_is_followed() -> None:
    notice = {date(2027, 10, 1): False, date(2027, 1, 1): False, date(2027, 1, 2): True}
    rule = Recurrence("workdays", time(8))
    moment = _at("2026-12-31 09:00")
    assert rule.next_after(moment, notice) == _at("2027-01-02 08:00")


def test_months_without_the_day_are_skipped() -> None:
    rule = Recurrence("monthly", time(8), point=Point("day", (31,)))
    found = rule.next_three(_at("2026-01-31 09:00"))
    assert [day.month for day in found] == [3, 5, 7]


def test_the_leap_day_waits_for_its_year() -> None:
    rule = Recurrence("yearly", time(8), point=Point("day", (29,)), month=2)
    assert rule.next_after(_at("2026-01-31 09:00")) == _at("2028-02-29 08:00")


def test_a_rule_without_a_day_ends() -> None:
    rule = Recurrence("yearly", time(8), point=Point("day", (30,)), month=2)
    assert rule.next_after(_at("2026-01-31 09:00")) is None
    assert rule.next_three(_at("2026-01-31 09:00")) == ()


def test_the_last_day_of_a_rule_counts() -> None:
    rule = Recurrence("daily", time(8), until=date(2026, 12, 2))
    found = rule.next_three(_at("2026-12-01 07:00"))
    assert found == (_at("2026-12-01 08:00"), _at("2026-12-02 08:00"))


def test_a_rule_of_a_whole_stretch_takes_its_first_day() -> None:
    rule = Recurrence("monthly", time(8))
    assert rule.next_after(_at("2026-11-25 10:00")) == _at("2026-12-01 08:00")
    assert write_rule(Recurrence("yearly", time(8), month=7)) == "每年7月 08:00"


def test_what_needs_the_calendar() -> None:
    assert Recurrence("workdays", time(8)).needs_workdays()
    assert Recurrence("monthly", time(8), point=Point("workday", (1,))).needs_workdays()
    assert Recurrence("daily", time(8), shift=1, shift_workdays=True).needs_workdays()
    assert not Recurrence("daily", time(8)).needs_workdays()


@pytest.mark.parametrize(
    ("line", "echo"),
    [
        ("1 weekly 08:00 days=0", "每周一 08:00"),
        ("1 workdays 07:30", "每个工作日 07:30"),
        ("1 monthly 08:00 day=5,20", "每月5日、20日 08:00"),
        ("1 monthly 09:00 workday=-1", "每月最后一个工作日 09:00"),
        ("1 monthly 09:00 weekday4=-1", "每月最后一个周五 09:00"),
        ("1 yearly 08:00 festival=国庆节 shift=-1", "每年国庆节前1天 08:00"),
        ("1 monthly 08:00 day=5 workshift=-1", "每月5日前1个工作日 08:00"),
        ("1 yearly 08:00 day=1 month=7", "每年7月1日 08:00"),
    ],
)
def test_what_version_1_wrote_is_read_for_ever(line: str, echo: str) -> None:
    rule = from_stored(line)
    assert write_rule(rule) == echo
    assert to_stored(rule) == line


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2 weekly 08:00 days=0",
        "1 hourly 08:00",
        "1 weekly 25:00 days=0",
        "1 weekly 08:00 days=x",
        "1 weekly 08:00 colour=red",
        "1 weekly",
    ],
)
def test_what_no_version_wrote_is_refused(line: str) -> None:
    with pytest.raises(Unreadable):
        from_stored(line)
