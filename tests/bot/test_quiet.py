"""The quiet hours, over midnight or within a day."""

from datetime import datetime, time

import pytest

from bot.config import Quiet
from bot.quiet import is_quiet, next_loud

NIGHT = Quiet(starts=time(22), ends=time(7))
NOON = Quiet(starts=time(12), ends=time(14, 30))
NEVER = Quiet(starts=time(9), ends=time(9))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}")


@pytest.mark.parametrize(
    ("quiet", "now", "loud"),
    [
        (NIGHT, "02 21:59", "02 21:59"),
        (NIGHT, "02 22:00", "03 07:00"),
        (NIGHT, "03 00:30", "03 07:00"),
        (NIGHT, "03 06:59:59", "03 07:00"),
        (NIGHT, "03 07:00", "03 07:00"),
        (NIGHT, "31 23:00", "32"),
        (NOON, "02 11:59", "02 11:59"),
        (NOON, "02 12:00", "02 14:30"),
        (NOON, "02 14:30", "02 14:30"),
        (NEVER, "02 09:00", "02 09:00"),
    ],
)
def test_when_one_may_speak(quiet: Quiet, now: str, loud: str) -> None:
    expected = datetime(2026, 4, 1, 7) if loud == "32" else at(loud)
    assert next_loud(quiet, at(now)) == expected
    assert is_quiet(quiet, at(now)) == (at(now) != expected)
    assert not is_quiet(quiet, expected)
