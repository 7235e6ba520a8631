"""Who was there is parted from what is told before."""

import pytest

from bot.understanding.slots.attendance import part_attendance


@pytest.mark.parametrize(
    ("text", "before", "who"),
    [
        ("昨天 党史 半天 参加：王芳、李伟", "昨天 党史 半天", "王芳、李伟"),
        ("党课两小时，参加人员有第一党小组", "党课两小时", "第一党小组"),
        ("半天，除了何雪", "半天", "除了何雪"),
        ("昨天参加培训半天", "昨天参加培训半天", ""),
        ("参加的人：王芳", "", "王芳"),
    ],
)
def test_parted(text: str, before: str, who: str) -> None:
    assert part_attendance(text) == (before, who)
