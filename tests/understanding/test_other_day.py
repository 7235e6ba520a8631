"""A day that is over is told from one that is only counted."""

from datetime import datetime

import pytest

from bot.understanding.slots.other_day import other_day
from tests.conftest import ZONE

NOON = datetime(2026, 3, 14, 12, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("第3天", ""),
        ("第十天，读了党章", ""),
        ("读党章第2周", ""),
        ("昨天", "昨天"),
        ("学习强国40分，是昨天的", "昨天"),
        ("昨天的会议精神", ""),
    ],
)
def test_which_day_is_told(said: str, day: str) -> None:
    assert other_day(said, NOON) == day
