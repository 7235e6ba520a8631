"""The day that a meeting is called for is the one that was said."""

from datetime import datetime

import pytest

from bot.understanding.when import find_when
from handlers.meetings.reading import ORDER
from tests.conftest import ZONE

NOON = datetime(2026, 12, 2, 12, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("下周四下午三点半召开支部大会", "2026-12-10"),
        ("安排下周四下午三点召开支委会", "2026-12-10"),
        ("安排一下下周三下午三点的支部大会", "2026-12-09"),
        ("安排下 下周一上午九点召开支委会", "2026-12-07"),
        ("下下周三下午两点开支委会", "2026-12-16"),
        ("下个月5号下午三点开支部大会", "2027-01-05"),
        ("下午三点开支委会", "2026-12-02"),
    ],
)
def test_what_orders_takes_nothing_of_the_day(said: str, day: str) -> None:
    rest = ORDER.cut(said)
    assert find_when(rest, NOON)[0].next[0].date().isoformat() == day
