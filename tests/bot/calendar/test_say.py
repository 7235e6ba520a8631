"""Days, moments and numbers: one form of each, and nobody writes another by hand."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.calendar.say import (
    say_ago,
    say_date,
    say_day,
    say_days,
    say_hour,
    say_moment,
    say_people,
    say_quarter,
    say_time,
    say_whole_moment,
)

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 12, 30, 9, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
BY_HAND = re.compile(
    r"%Y年|%m月|%m-%d|\.month\}月\{[^}]*\.day\}日|周\{WEEKDAYS"
    r"|上载|传上来|\d ?季度"
)
MAY = {
    "bot/calendar/say.py",
    # What is read back by the understanding, as it was typed.
    "handlers/reminders/times.py",
    "bot/understanding/slots/past_day.py",
    "handlers/meetings/edits.py",
    "bot/understanding/when/limits.py",
    "bot/branch/duties/observances.py",
    "handlers/days/observances.py",
    "handlers/days/calendar.py",
    "handlers/branch/ahead.py",
    # A field of a template, in the platform's own form.
    "bot/channels/official/write.py",
    "server/demo/sample.py",
    "server/demo/works.py",
    # Columns and file names of tables, keys, marks of an axis, fields of a form, and
    # what the operator's terminal says.
    "bot/branch/study/checkins.py",
    "bot/branch/meetings/sheets.py",
    "bot/calendar/recurrence/points.py",
    "bot/files/roster/dates.py",
    "bot/storage/ticks.py",
    "server/cli/rehearse.py",
    "server/cli/restore.py",
    "server/cli/when.py",
    "server/setup/check_robot.py",
    "server/web/console/charts.py",
    "server/web/console/moments.py",
}


def test_forms() -> None:
    assert say_date(date(2011, 3, 2)) == "2011年3月2日"
    assert say_day(date(2027, 1, 8)) == "1月8日（周五）"
    assert say_day(date(2027, 1, 8), NOW.date()) == "2027年1月8日（周五）"
    utc = datetime(2026, 12, 30, 20, 30, tzinfo=UTC)
    assert say_moment(utc, NOW) == "12月31日（周四）04:30"
    assert say_time(utc, NOW) == "明天12月31日（周四）04:30"
    assert say_time(NOW + timedelta(days=2), NOW) == "后天2027年1月1日（周五）09:05"
    assert say_time(NOW - timedelta(days=1), NOW) == "12月29日（周二）09:05"
    assert say_time(NOW, NOW) == "今天12月30日（周三）09:05"
    assert say_time(NOW + timedelta(days=3), NOW) == "2027年1月2日（周六）09:05"
    assert say_whole_moment(NOW) == "2026年12月30日（周三）09:05"
    assert say_days(NOW.date(), NOW.date() + timedelta(days=2)) == (
        "12月30日（周三）至1月1日（周五）"
    )


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0.9, "刚刚"),
        (1, " 1 分钟前"),
        (59.9, " 59 分钟前"),
        (60, " 1 小时前"),
        (719, " 11 小时前"),
        (720, "12月29日（周二）21:05"),
    ],
)
def test_how_long_ago(minutes: float, said: str) -> None:
    assert say_ago(NOW - timedelta(minutes=minutes), NOW) == said


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (0, 0, "凌晨十二点"),
        (1, 1, "凌晨一点01分"),
        (5, 59, "凌晨五点59分"),
        (6, 0, "上午六点"),
        (11, 30, "上午十一点半"),
        (12, 0, "中午十二点"),
        (12, 29, "中午十二点29分"),
        (13, 0, "下午一点"),
        (14, 31, "下午两点31分"),
        (17, 30, "下午五点半"),
        (18, 0, "晚上六点"),
        (23, 5, "晚上十一点05分"),
    ],
)
def test_an_hour_in_words(hour: int, minute: int, said: str) -> None:
    assert say_hour(NOW.replace(hour=hour, minute=minute)) == said


def test_people_up_to_ten_are_words() -> None:
    said = [say_people(each) for each in (1, 2, 5, 10, 11, 120)]
    assert said == [
        "一位同志",
        "两位同志",
        "五位同志",
        "十位同志",
        "11 位同志",
        "120 位同志",
    ]
    assert say_quarter(4) == "第四季度"


def test_nobody_writes_a_day_by_hand() -> None:
    found = {
        str(path.relative_to(ROOT)): f"{number}: {line.strip()}"
        for folder in ("bot", "handlers", "scheduler", "server")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".html")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if BY_HAND.search(line)
    }
    assert {path: said for path, said in found.items() if path not in MAY} == {}
    assert found.keys() >= MAY, "nobody may who does not"
