"""Around the table: spans, echoes, what was assumed, and any text at all."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.calendar.recurrence.festivals import festival_dates, lunar_key
from bot.understanding.when import Defaults, find_period, find_when, read_when
from bot.understanding.when.numbers import read_number

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI)
NAIVE = NOW.replace(tzinfo=None)
quick = settings(deadline=None, max_examples=50)

moments = st.datetimes(
    min_value=NAIVE.replace(year=2001),
    max_value=NAIVE.replace(year=2090),
    timezones=st.sampled_from([SHANGHAI, ZoneInfo("UTC")]),
)
PIECES = """
每 个 隔 上 下 这 本 周 星期 礼拜 一 二 三 五 七 日 天 月 号 年 底 末 初 季度
第 最后 工作日 前 后 内 之前 截止 到 至 - 、 和 从 起 早上 上午 中午 下午
晚上 半夜 凌晨 点 半 刻 今 明 后天 12 3 31 2026 2月29日 13月 25点 8:30 / :
春节 国庆节 除夕 农历 小时 分钟 提前 左右 除了 开会 ， 。 （ ） 提醒 每天 每月
每年 每周一 下班 周末 三天后 大年初一 2099年
"""
phrases = st.lists(st.sampled_from(PIECES.split()), max_size=12).map("".join)


@quick
@given(st.one_of(st.text(max_size=60), phrases), moments)
def test_any_text_is_read_without_an_error(text: str, now: datetime) -> None:
    when = read_when(text, now)
    assert (when.unclear is None) is bool(when.next)
    for one in (when, *find_when(text, now)):
        assert len(one.next) <= (3 if one.recurring else 1)
        assert list(one.next) == sorted(set(one.next))
        for moment in one.next:
            assert moment > now
            assert moment.tzinfo is now.tzinfo
    find_period(text, now)
    find_period(text, now, "future")


@pytest.mark.thorough
@settings(deadline=None, max_examples=300)
@given(phrases, moments)
@example("上周内", NOW)
def test_pieces_of_time_in_any_order(text: str, now: datetime) -> None:
    for one in find_when(text, now):
        start, end = one.span
        assert 0 <= start < end <= len(text)
        assert all(moment > now for moment in one.next)
        if one.rule is not None:
            assert one.rule.next_three(now) == one.next


@quick
@given(st.dates(date(2026, 11, 26), date(2040, 12, 31)), st.times())
def test_a_written_date_is_that_date(day: date, at: time) -> None:
    text = f"{day.year}年{day.month}月{day.day}日 {at:%H:%M}"
    found = datetime(day.year, day.month, day.day, at.hour, at.minute, tzinfo=SHANGHAI)
    if at.hour >= 10 or at.hour == 0:
        assert read_when(text, NOW).next == (found,)
    assert read_when(f"{day:%Y-%m-%d} {at:%H:%M}", NOW).next == (found,)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("明早九点提醒大家交心得", ["明早九点"]),
        ("通知全体党员：周三下午两点在301开支部大会", ["周三下午两点"]),
        ("周五的会我请个假", ["周五"]),
        ("请在 12 月 3 日 下午 5 点前交", ["12 月 3 日 下午 5 点前"]),
        ("周四下午两点开会，周五前交心得", ["周四下午两点", "周五前"]),
        ("每天早上8点（从下周一起）打卡", ["每天早上8点（从下周一起"]),
        ("我打卡了", []),
        ("组织三会一课，有三点建议", []),
    ],
)
def test_spans(text: str, spoken: list[str]) -> None:
    assert [text[slice(*when.span)] for when in find_when(text, NOW)] == spoken


@pytest.mark.parametrize(
    ("text", "echo"),
    [
        ("每周一早上8点", "每周一 08:00"),
        ("明早九点", "2026年11月26日（周四）09:00"),
        (
            "12月3日前三天上午9点",
            "2026年12月3日（周四）前三天：2026年11月30日（周一）09:00",
        ),
        ("明天", "2026年11月26日（周四）08:00（没说几点，按08:00）"),
        ("明天下午2点到4点", "2026年11月26日（周四）14:00–16:00"),
        (
            "明天晚上8点到12点",
            "2026年11月26日（周四）20:00–2026年11月27日（周五）00:00",
        ),
        ("周五下午5点前", "2026年11月27日（周五）17:00前"),
        ("每月最后一个工作日上午9点", "每月最后一个工作日 09:00（暂算）"),
        ("每个工作日早上8点", "每个工作日 08:00"),
        ("每周五晚上12点", "每周五 24:00"),
        ("每周一到周五8点", "每周一到周五 08:00"),
        ("每周第一个工作日9点", "每周的第1个工作日 09:00"),
        ("每两周周四9点", "每2周的周四 09:00（从2026年11月26日（周四）起）"),
        ("每两天8点", "每2天 08:00（从2026年11月26日（周四）起）"),
        ("每季度第一个月10号9点", "每季度第1个月10日 09:00"),
        ("每年7月1日9点", "每年7月1日 09:00"),
        ("每年国庆节前一天9点", "每年国庆节前1天 09:00"),
        (
            "每月最后一个工作日后两个工作日9点",
            "每月最后一个工作日后2个工作日 09:00（暂算）",
        ),
        ("每天8点到12月31日为止", "每天 08:00（到2026年12月31日（周四）为止）"),
        (
            "国庆节后第一个工作日9点",
            "2027年10月1日（周五）后第一个工作日：2027年10月6日（周三）09:00（暂算）",
        ),
    ],
)
def test_echo(text: str, echo: str) -> None:
    assert read_when(text, NOW).echo == echo


def test_what_was_not_said_is_named() -> None:
    plain = read_when("明天", NOW)
    assert plain.date_only
    assert plain.assumed == ("没说几点，按08:00",)
    part = read_when("明天下午", NOW)
    assert not part.date_only
    assert part.assumed == ("没说几点，下午按14:00",)
    assert read_when("明天下午3点", NOW).assumed == ()


def test_the_branch_has_its_own_habits() -> None:
    habits = Defaults(parts={"早上": time(7, 30)}, plain=time(10), deadline=time(18))
    assert read_when("明早", NOW, habits).next[0].time() == time(7, 30)
    assert read_when("明天", NOW, habits).next[0].time() == time(10)
    assert read_when("周五前", NOW, habits).next[0].time() == time(18)
    assert read_when("周五下班前", NOW, habits).unclear == "下班几点呢？请说具体钟点。"


def test_an_imported_notice_is_no_longer_provisional() -> None:
    # an invented notice, for the test only
    notice = {date(2027, 10, day): False for day in range(1, 8)}
    when = read_when("国庆节后第一个工作日9点", NOW, Defaults(notice=notice))
    assert when.next[0].date() == date(2027, 10, 8)
    assert not when.provisional
    assert "暂算" not in when.echo
    assert read_when("国庆节后第一个工作日9点", NOW).provisional


def test_the_outline_is_the_contract() -> None:
    assert read_when("周五下午5点前", NOW).outline() == {
        "next": ["2026-11-27T17:00:00+08:00"],
        "recurring": False,
        "deadline": True,
        "unclear": None,
    }


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("", "没看出时间"),
        ("改天", "改天"),
        ("12月3日（周五）", "对不上"),
        ("周四9点，周五9点", "不止一个时间"),
        ("周三8点，周四9点", "早上8点还是晚上8点"),
        ("每月31号", "不是每个月都有31日"),
        ("11月31日", "没有31日"),
        ("昨天九点", "已经过去"),
        ("周三", "今天就是周三"),
        ("明天上午9点到8点", "早于"),
        ("12月3日提前两小时", "钟点"),
        ("2126年1月1日", "太远"),
        ("2126年春节", "推算不出来"),
        ("本周第六个工作日", "没有第6个工作日"),
        ("去年", "去年的哪一天"),
        ("第一季度", "第一季度的哪一天"),
        ("2027年", "2027年的哪一天"),
        ("三天后晚上8点周六", "不止一个时间"),
        ("三天后周日晚上8点", "对不上"),
        ("三天后周六", "只说一个"),
        ("12月5日到11月", "没完全看懂"),
        ("99999分钟后", "没看出时间"),
        ("1.5小时后", "没看出时间"),
        ("一万三分钟后", "没完全看懂"),
        ("9999年后", "太远"),
        ("2026-12-03 14:00Z", "北京时间"),
        ("每100天", "间隔"),
        ("每周一前半小时", "重复的提醒"),
        ("每两周周一前一天", "重复的提醒"),
        ("每天9点到11点", "一个钟点"),
        ("每天12月3日", "两种日子"),
        ("每周一12月3日", "两种日子"),
        ("每月底5号", "两种日子"),
        ("每年13月1日", "没有13月"),
        ("每年2026年3月1日", "每年的几月几日"),
        ("每季度5号", "每季度的哪一天"),
        ("每月0号", "没有0日"),
        ("每周五到周一", "先后"),
        ("下周二和周四", "每周都这样"),
        ("5号和20号", "一次只能定一个日子"),
        ("明天8点每天", "不止一个"),
        ("每天8点到昨天为止", "一次也没有"),
    ],
)
def test_asks_back_kindly(text: str, asks: str) -> None:
    assert asks in (read_when(text, NOW).unclear or "")


@pytest.mark.parametrize(
    ("text", "past", "future"),
    [
        ("我昨天打卡了吗", "11-24 1", "11-24 1"),
        ("上周三", "11-18 1", "11-18 1"),
        ("周五", "11-20 1", "11-27 1"),
        ("周三", "11-25 1", "11-25 1"),
        ("本周", "11-23 7", "11-23 7"),
        ("上个月谁没交党费", "10-01 31", "10-01 31"),
        ("本月", "11-01 30", "11-01 30"),
        ("今年", "01-01 365", "01-01 365"),
        ("第一季度", "01-01 90", "01-01 90"),
        ("3月", "03-01 31", "03-01 31"),
        ("3月5日", "03-05 1", "03-05 1"),
        ("5号", "11-05 1", "12-05 1"),
        ("上半年", "01-01 181", "01-01 181"),
        ("去年下半年", "07-01 184", "07-01 184"),
        ("3月1日到15日", "03-01 15", "03-01 15"),
        ("11月20日到12月5日", "11-20 16", "11-20 16"),
        ("去年12月到今年3月", "12-01 121", "12-01 121"),
        ("周一到周三", "11-23 3", "11-30 3"),
        ("最近7天", "11-19 7", "11-19 7"),
        ("近一个月", "10-26 31", "10-26 31"),
        ("上周末", "11-21 2", "11-21 2"),
        ("周末", "11-21 2", "11-28 2"),
        ("三天前", "11-22 1", "11-22 1"),
        ("国庆节前一天", "09-30 1", "09-30 1"),
        ("春节", "02-17 1", "02-06 1"),
    ],
)
def test_periods(text: str, past: str, future: str) -> None:
    for looking, expected in (("past", past), ("future", future)):
        found = find_period(text, NOW, "past" if looking == "past" else "future")
        assert found is not None
        first, days = expected.split()
        assert f"{found.start:%m-%d}" == first
        assert found.end - found.start == timedelta(days=int(days))
        assert found.start.tzinfo is NOW.tzinfo


@pytest.mark.parametrize(
    "text", ["你好", "每天", "8点", "两小时前", "12月5日到11月", "2月30日", "近半年"]
)
def test_no_period(text: str) -> None:
    assert find_period(text, NOW) is None


def test_the_year_of_a_period() -> None:
    past, future = find_period("3月", NOW), find_period("3月", NOW, "future")
    assert past is not None
    assert future is not None
    assert (past.start.year, future.start.year) == (2026, 2027)
    assert past.echo == "2026年3月1日（周日）至2026年3月31日（周二）"
    assert past.span == (0, 2)


def test_festivals_of_odd_years() -> None:
    assert festival_dates("春节", 2100) == ()
    assert festival_dates(lunar_key(12, 30), 2026) == ()
    assert festival_dates("腊八节", 2026) == (date(2026, 1, 26),)
    assert festival_dates("冬至", 2025) == (date(2025, 12, 21),)
    assert festival_dates("除夕", 2026) == (date(2026, 2, 16),)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("二十三", 23),
        ("廿三", 23),
        ("卅一", 31),
        ("十", 10),
        ("两", 2),
        ("一百二十", 120),
        ("百", 100),
        ("二〇二七", 2027),
    ],
)
def test_numbers(text: str, number: int) -> None:
    assert read_number(text) == number
