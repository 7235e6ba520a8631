"""Hours of every day, as they are said; asked back where they may mean two."""

from datetime import time

import pytest

from bot.calendar.quiet_hours import Hours, hours_open
from bot.config.settings import Quiet
from bot.errors import Refusal
from bot.understanding.slots.daily_hours import find_hours

QUIET = Quiet()


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("晚上八点以后别给我发", "20:00", "07:00"),
        ("晚上九点半之后不要发消息", "21:30", "07:00"),
        ("早上八点之前别给我发", "22:00", "08:00"),
        ("晚上九点以后、早上八点以前别发", "21:00", "08:00"),
        ("我的免打扰时间改成21点到8点", "21:00", "08:00"),
        ("免打扰时间22:00-8:00", "22:00", "08:00"),
        ("免打扰时间 22：00 至 次日 08：30", "22:00", "08:30"),
        ("晚上十点到十二点别打扰我", "22:00", "00:00"),
        ("中午十二点到下午两点别给我发", "12:00", "14:00"),
        ("每天20:30起不要推送", "20:30", "07:00"),
    ],
)
def test_hours_are_read(text: str, starts: str, ends: str) -> None:
    expected = Hours(time.fromisoformat(starts), time.fromisoformat(ends))
    assert find_hours(text, QUIET) == expected


@pytest.mark.parametrize(
    "text", ["十点以后不要发", "免打扰时间9点到8点", "三点之前别发", "25点以后别发"]
)
def test_what_may_mean_two_is_asked_back(text: str) -> None:
    with pytest.raises(Refusal, match="再说一次"):
        find_hours(text, QUIET)


@pytest.mark.parametrize("text", ["别打扰我", "晚上别发", "八点开会", "以后别发了"])
def test_without_hours_there_are_none(text: str) -> None:
    assert find_hours(text, QUIET) is None


@pytest.mark.parametrize(
    ("starts", "ends", "left"), [(20, 8, 12), (8, 7, 1), (7, 22, 0), (12, 14, 13)]
)
def test_what_is_left_of_a_day(starts: int, ends: int, left: float) -> None:
    assert hours_open(QUIET, Hours(time(starts), time(ends))) == left
