"""What was counted on working days that are not published is counted again so."""

from datetime import date, datetime, time

import pytest

from bot.calendar.recurrence import Reckoned, Unreadable, read_reckoned
from bot.calendar.recurrence.reckoned import Unit
from bot.understanding.when import read_when
from tests.conftest import ZONE

NOW = datetime(2026, 11, 29, 10, tzinfo=ZONE)
IN_2027 = datetime(2027, 1, 5, 10, tzinfo=ZONE)
COUNTED = [
    ("国庆后第一个工作日", NOW),
    ("2027年国庆后第一个工作日上午九点", NOW),
    ("明年春节前最后一个工作日下午四点", NOW),
    ("2027年国庆节前两个工作日", NOW),
    ("明年5月第一个工作日", NOW),
    ("2027年3月最后一个工作日下午三点", NOW),
    ("2027年10月8日后第一个工作日", NOW),
    ("下个月第一个工作日", IN_2027),
    ("三个工作日后", IN_2027),
    ("下一个工作日早上八点半", IN_2027),
    ("本季度最后一个工作日上午九点", IN_2027),
]


@pytest.mark.parametrize(("words", "now"), COUNTED)
def test_it_comes_to_the_same_moment(words: str, now: datetime) -> None:
    when = read_when(words, now)
    assert when.provisional
    assert when.reckoned
    assert when.reckoned.moment(ZONE) == when.next[0]
    assert read_reckoned(when.reckoned.stored()) == when.reckoned


@pytest.mark.parametrize("words", ["明天上午九点", "2027年10月8日", "三个工作日后"])
def test_what_rests_on_nothing_unknown_is_not_kept(words: str) -> None:
    assert read_when(words, NOW).reckoned is None


def test_the_stored_form() -> None:
    line = "1 2027-10-01 09:00 workdays=1 days=-1 minutes=-120"
    steps: tuple[tuple[Unit, int], ...] = (
        ("workdays", 1),
        ("days", -1),
        ("minutes", -120),
    )
    assert read_reckoned(line) == Reckoned(date(2027, 10, 1), time(9), steps)
    assert read_reckoned(line).stored() == line


@pytest.mark.parametrize(
    "line",
    ["2 2027-10-01 09:00", "1 2027-13-01 09:00", "1 2027-10-01 09:00 x=1", "1 x", ""],
)
def test_what_no_one_wrote_is_unreadable(line: str) -> None:
    with pytest.raises(Unreadable):
        read_reckoned(line)
