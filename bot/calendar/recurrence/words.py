"""A time in full Chinese, as it is read back to the member."""

from dataclasses import replace
from datetime import datetime, time

from bot.calendar.recurrence.festivals import say_festival
from bot.calendar.recurrence.rule import Recurrence
from bot.calendar.say import say_whole_day, say_whole_moment
from bot.calendar.workdays import WEEKDAYS

_PERIODS = {"monthly": "月", "quarterly": "季度", "yearly": "年"}
_WORKING_WEEK = (0, 1, 2, 3, 4)


def write_rule(rule: Recurrence) -> str:
    """Say the rule: 每周一 08:00, 每月最后一个工作日 09:00, 每两周的周四 14:00."""
    at = f"{rule.at:%H:%M}"
    if rule.shift > 0 and rule.at == time(0) and not rule.shift_workdays:
        rule, at = replace(rule, shift=rule.shift - 1), "24:00"
    said = _every(rule) + _moved(rule)
    bounds = ""
    if rule.anchor is not None:
        bounds = f"（从{say_whole_day(rule.anchor)}起）"
    if rule.until is not None:
        bounds += f"（到{say_whole_day(rule.until)}为止）"
    return f"{said} {at}{bounds}"


def _every(rule: Recurrence) -> str:
    if rule.kind == "workdays":
        return "每个工作日"
    if rule.kind == "daily":
        return "每天" if rule.interval == 1 else f"每{rule.interval}天"
    if rule.kind == "weekly":
        return _weekly(rule)
    unit = _PERIODS[rule.kind]
    every = f"每{unit}" if rule.interval == 1 else f"每{rule.interval}个{unit}的"
    return every + _point(rule)


def _weekly(rule: Recurrence) -> str:
    every = "每周" if rule.interval == 1 else f"每{rule.interval}周的周"
    if not rule.weekdays and rule.point is not None:
        return f"每周的{rule.point.words()}"
    if rule.weekdays == _WORKING_WEEK:
        return f"{every}一到周五"
    return every + "、".join(WEEKDAYS[day] for day in rule.weekdays)


def _point(rule: Recurrence) -> str:
    if rule.festival is not None:
        return say_festival(rule.festival)
    month = ""
    if rule.month is not None:
        month = f"{rule.month}月" if rule.kind == "yearly" else f"第{rule.month}个月"
    if rule.point is None:
        return month
    return month + rule.point.words()


def _moved(rule: Recurrence) -> str:
    if not rule.shift:
        return ""
    unit = "个工作日" if rule.shift_workdays else "天"
    return ("前" if rule.shift < 0 else "后") + f"{abs(rule.shift)}{unit}"


def write_end(start: datetime, end: datetime) -> str:
    """Write the end of a time that has one: –16:00."""
    return (
        f"–{end:%H:%M}" if end.date() == start.date() else f"–{say_whole_moment(end)}"
    )


def write_clock(at: time) -> str:
    return f"{at.hour}点" + (f"{at.minute:02}分" if at.minute else "")
