"""The quiet hours, over midnight or within a day."""

from datetime import datetime, time

import pytest

from bot.calendar.quiet_hours import Hours, hours_open, is_quiet, next_loud, next_open
from bot.config.settings import Quiet

NIGHT = Quiet(starts=time(22), ends=time(7))
NOON = Quiet(starts=time(12), ends=time(14, 30))
NEVER = Quiet(starts=time(9), ends=time(9))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize(
    ("quiet", "now", "loud"),
    [
        (NIGHT, "03-02 21:59", "03-02 21:59"),
        (NIGHT, "03-02 22:00", "03-03 07:00"),
        (NIGHT, "03-03 00:30", "03-03 07:00"),
        (NIGHT, "03-03 06:59:59", "03-03 07:00"),
        (NIGHT, "03-03 07:00", "03-03 07:00"),
        (NIGHT, "03-31 23:00", "04-01 07:00"),
        (NOON, "03-02 11:59", "03-02 11:59"),
        (NOON, "03-02 12:00", "03-02 14:30"),
        (NOON, "03-02 14:30", "03-02 14:30"),
        (NEVER, "03-02 09:00", "03-02 09:00"),
    ],
)
def test_when_one_may_speak(quiet: Quiet, now: str, loud: str) -> None:
    expected = at(loud)
    assert next_loud(quiet, at(now)) == expected
    assert is_quiet(quiet, at(now)) == (at(now) != expected)
    assert not is_quiet(quiet, expected)


@pytest.mark.parametrize(
    ("quiet", "own", "hours"),
    [
        (NEVER, Hours(time(9), time(9)), 24),
        (NIGHT, Hours(time(12), time(14, 30)), 12.5),
        (NIGHT, Hours(time(6), time(8)), 14),
        (NIGHT, Hours(time(20), time(9)), 11),
        (NOON, Hours(time(14, 30), time(12)), 0),
    ],
)
def test_how_many_hours_are_left(quiet: Quiet, own: Hours, hours: float) -> None:
    assert hours_open(quiet, own) == hours


@pytest.mark.parametrize(
    ("own", "now", "opens"),
    [
        (None, "03-02 23:00", "03-03 07:00"),
        (Hours(time(6), time(8)), "03-02 23:00", "03-03 08:00"),
        (Hours(time(20), time(22)), "03-02 20:30", "03-03 07:00"),
        (Hours(time(20), time(22)), "03-02 19:59", "03-02 19:59"),
    ],
)
def test_when_neither_is_quiet(own: Hours | None, now: str, opens: str) -> None:
    assert next_open(NIGHT, own, at(now)) == at(opens)
