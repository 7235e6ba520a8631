"""Days, moments and numbers as members read them: one form of each."""

from datetime import date, datetime

from bot.calendar.workdays import WEEKDAYS

NUMERALS = "零一两三四五六七八九十"
QUARTERS = "一二三四"
HOURS = ["一", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
HALVES = (("凌晨", 6), ("上午", 12), ("中午", 13), ("下午", 18), ("晚上", 24))
"""The parts of a day, and the hour that ends each."""
NEAR = ("今天", "明天", "后天")


def say_date(day: date) -> str:
    """Say a date of the records: 2011年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def say_day(day: date, today: date | None = None) -> str:
    """Say a day near by: 12月4日（周五）; today: the year is said if it is another."""
    if today is not None and day.year != today.year:
        return say_whole_day(day)
    return f"{say_short_day(day)}（{say_weekday(day.weekday())}）"


def say_short_day(day: date) -> str:
    """Say a day where year and weekday are told beside it: 12月4日."""
    return f"{day.month}月{day.day}日"


def say_weekday(number: int) -> str:
    """Say a day of the week: 0 is 周一."""
    return f"周{WEEKDAYS[number]}"


def say_whole_day(day: date) -> str:
    """Say a day with its year: 2026年12月4日（周五）."""
    return f"{day.year}年{say_day(day)}"


def say_days(first: date, last: date) -> str:
    return f"{say_day(first)}至{say_day(last)}"


def say_moment(moment: datetime, now: datetime) -> str:
    """Say a moment: 12月4日（周五）09:00, by the clock on the wall of `now`."""
    at = moment.astimezone(now.tzinfo)
    return f"{say_day(at.date(), now.date())}{at:%H:%M}"


def say_whole_moment(moment: datetime) -> str:
    """Say a moment with its year: 2026年12月4日（周五）09:00."""
    return f"{say_whole_day(moment.date())}{moment:%H:%M}"


def say_ago(moment: datetime, now: datetime) -> str:
    """Say how long ago a moment was: 刚刚, 3 分钟前, 2 小时前, then the moment."""
    minutes = int((now - moment).total_seconds()) // 60
    if minutes < 1:
        return "刚刚"
    if minutes < 60:
        return f" {minutes} 分钟前"
    if minutes < 12 * 60:
        return f" {minutes // 60} 小时前"
    return say_moment(moment, now)


def say_time(moment: datetime, now: datetime) -> str:
    """Say a moment to come, and how near it is: 明天12月4日（周五）09:00."""
    days = (moment.astimezone(now.tzinfo).date() - now.date()).days
    near = NEAR[days] if 0 <= days < len(NEAR) else ""
    return f"{near}{say_moment(moment, now)}"


def say_hour(moment: datetime) -> str:
    """Say an hour in words, as one does: 下午四点半, 中午十二点."""
    half = next(name for name, end in HALVES if moment.hour < end)
    hour = (moment.hour - 1) % 12 + 1
    minute = {0: "", 30: "半"}.get(moment.minute, f"{moment.minute:02d}分")
    return f"{half}{HOURS[hour - 1]}点{minute}"


def say_people(count: int) -> str:
    """Say how many comrades: 五位同志, 11 位同志."""
    number = NUMERALS[count] if count < len(NUMERALS) else f" {count} "
    return f"{number}位同志".strip()


def say_quarter(number: int) -> str:
    return f"第{QUARTERS[number - 1]}季度"
