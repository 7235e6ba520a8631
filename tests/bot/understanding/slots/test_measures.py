"""How much: hours and minutes of one time are one, and half days are counted."""

import pytest

from bot.understanding.slots.measures import find_measure

HOURS = {"分钟": 1 / 60, "小时": 1, "钟头": 1, "学时": 1, "天": 8}


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("调设备1小时20分钟", 4 / 3),
        ("修了两小时零五分钟", 2 + 1 / 12),
        ("一天又三小时", 11),
        ("1天2小时30分钟", 10.5),
        ("两个半天", 8),
        ("去了三个下午", 12),
        ("一个半小时", 1.5),
        ("两天半", 20),
        ("半天", 4),
        ("一整天", 8),
        ("20分钟", 1 / 3),
        ("3小时，另外2小时是路上", 3),
        ("三个半钟头", 3.5),
        ("一个钟头零二十分", 4 / 3),
        ("一小时一刻钟", 1.25),
    ],
)
def test_how_many_hours(text: str, hours: float) -> None:
    found = find_measure(text, HOURS)
    assert found
    assert found.number == pytest.approx(hours)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("交了26块5党费", 26.5),
        ("二十六块五", 26.5),
        ("26元5角3分", 26.53),
        ("26.5元", 26.5),
        ("26块5月交的", 26),
    ],
)
def test_how_much_money(text: str, yuan: float) -> None:
    found = find_measure(text, {"元": 1, "块钱": 1, "块": 1})
    assert found
    assert found.number == pytest.approx(yuan)


def test_what_is_no_amount() -> None:
    assert find_measure("第三天", {"天": 1}) is None
    assert find_measure("下午", {"小时": 1}) is None
