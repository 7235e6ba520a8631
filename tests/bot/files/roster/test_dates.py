"""Every spelling of a day, and every one that would have to be guessed."""

import contextlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.files.roster.cells import Cell
from bot.files.roster.dates import read_date
from bot.files.roster.faults import Unreadable

FIRST_OF_JULY = [
    date(2011, 7, 1),
    40725,
    40725.0,
    40725.5,
    20110701,
    20110701.0,
    "40725",
    "2011-07-01",
    "2011-7-1",
    "2011/07/01",
    "2011/7/1",
    "2011.07.01",
    "2011.7.1",
    "2011.7.1.",
    "2011。7。1",
    "2011、7、1",
    "2011·7·1",
    "2011\\7\\1",
    "2011—07—01",
    "2011–7–1",
    "2011－07－01",
    "2011年7月1日",
    "2011年07月01日",
    "2011年7月1号",
    "2011年7月1",
    "2011年7.1",
    "2011 年 7 月 1 日",
    "2011 - 07 - 01",
    "2011 7 1",
    " 2011-07-01 ",
    "2011-07-\n01",
    "２０１１－０７－０１",
    "２０１１年７月１日",
    "２０１１．７．１",
    "20110701",
    "二〇一一年七月一日",
    "二零一一年七月一日",
    "二○一一年七月一日",
    "二O一一年七月一日",
    "二0一一年七月一日",
    "2011年七月一日",
    "2011-07-01 00:00:00",
    "2011-07-01 00:00:00.000",
    "2011-07-01T00:00:00",
    "2011-07-01T00:00:00Z",
    "2011-07-01T00:00:00+08:00",
    "2011/7/1 0:00",
    "2011/7/1 12:00:00 AM",
    "2011/7/1 上午12:00:00",
    "2011-7-1 星期五",
    "2011年7月1日星期五",
    "2011年7月1日（星期五）",
    "2011年7月1日 周五",
    "Fri, 1 Jul 2011",
    "1 Jul 2011",
    "1-Jul-2011",
    "1st July 2011",
    "July 1, 2011",
    "Jul. 1, 2011",
    "2011-Jul-01",
]
OTHER_DAYS = [
    ("一九九八年十二月三十一日", date(1998, 12, 31)),
    ("一九九八年十月二十一日", date(1998, 10, 21)),
    ("一九九八年元月廿一日", date(1998, 1, 21)),
    ("一九九八年三月卅日", date(1998, 3, 30)),
    ("二〇〇〇年十一月十日", date(2000, 11, 10)),
    ("2012-02-29", date(2012, 2, 29)),
    ("25/7/2011", date(2011, 7, 25)),
    ("7/25/2011", date(2011, 7, 25)),
    ("7/7/2011", date(2011, 7, 7)),
    ("4 Sept 2011", date(2011, 9, 4)),
    (10000, date(1927, 5, 18)),
]
GUESSES = [
    ("2011-7", "缺几日"),
    ("2011.07", "缺几日"),
    (2011.7, "缺几日"),
    (2011.1, "缺几日"),
    ("2011年7月", "缺几日"),
    ("2011年7月份", "缺几日"),
    ("二〇一一年七月", "缺几日"),
    ("201107", "缺几日"),
    (201107, "缺几日"),
    ("Jul 2011", "缺几日"),
    ("2011", "缺月和日"),
    (2011.0, "缺月和日"),
    ("2011年", "缺月和日"),
    ("11-07-01", "只有两位"),
    ("98.7.1", "只有两位"),
    ("九八年七月一日", "只有两位"),
    ("7/1/11", "只有两位"),
    ("110701", "只有两位"),
    ("990701", "只有两位"),
    ("1-Jul-11", "只有两位"),
    ("7/1/2011", "分不清"),
    ("01-07-2011", "分不清"),
    ("20117", "分不清"),
    (20117, "分不清"),
    ("2011-02-30", "没有这一天"),
    ("2011-13-01", "没有这一天"),
    ("2011-7-0", "没有这一天"),
    ("20110230", "没有这一天"),
    ("2013-02-29", "没有这一天"),
    ("30/30/2011", "没有这一天"),
    ("31 Feb 2011", "没有这一天"),
    ("2011年七月三十二日", "没有这一天"),
    ("0000-00-00", "没有这一天"),
    ("2011701", "看不懂"),
    ("07012011", "看不懂"),
    ("1 Foo 2011", "看不懂"),
    ("2011年十七十月一日", "看不懂"),
    ("2011-07-01/2012-07-01", "看不懂"),
    ("农历辛卯年六月初一", "看不懂"),
    ("########", "看不懂"),
    ("入党", "看不懂"),
    (0.5, "看不懂"),
    (-1, "看不懂"),
    (1e300, "看不懂"),
    (float("nan"), "看不懂"),
    (True, "看不懂"),
]


@pytest.mark.parametrize("cell", FIRST_OF_JULY, ids=repr)
def test_the_first_of_july_2011(cell: Cell) -> None:
    assert read_date(cell) == date(2011, 7, 1)


@pytest.mark.parametrize(("cell", "expected"), OTHER_DAYS, ids=repr)
def test_other_days(cell: Cell, expected: date) -> None:
    assert read_date(cell) == expected


@pytest.mark.parametrize(("cell", "why"), GUESSES, ids=repr)
def test_nothing_is_guessed(cell: Cell, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_date(cell)


@given(st.text(alphabet="0123456789年月日-./ 〇一二十廿JulSept:号,", max_size=16))
@settings(deadline=None, max_examples=50)
def test_any_text_is_a_day_or_unreadable(text: str) -> None:
    with contextlib.suppress(Unreadable):
        assert isinstance(read_date(text), date)


@given(
    st.dates(date(1921, 7, 1), date(2099, 12, 31)),
    st.sampled_from(
        [
            "{0:%Y-%m-%d}",
            "{0.year}.{0.month}.{0.day}",
            "{0:%Y}年{0.month}月{0.day}日",
            "{0:%Y%m%d}",
            "{0.day} {0:%b} {0.year}",
            "{0:%Y/%m/%d} 08:30",
        ]
    ),
)
@settings(deadline=None, max_examples=50)
def test_a_written_day_comes_back(day: date, spelling: str) -> None:
    assert read_date(spelling.format(day)) == day
