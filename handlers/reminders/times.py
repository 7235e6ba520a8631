"""When a reminder goes: a draft is given a time, or another hour."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.branch.reminders.draft import ReminderDraft
from bot.errors import Refusal
from bot.understanding.when import When, read_when
from bot.understanding.when.instead import half_of, keeps_hour

NOT_SHIFTED = "这个提醒没有能这样挪的时间，没有动。请直接说改到什么时候。"
NOT_BY_DAYS = "这个提醒不是按星期几来的，没有动。请直接说改成哪几天。"
JUST_ONCE = (
    "只停一次的，说“暂停提醒 编号 到哪天”；每周都不要的，说“每周五不用”。没有动。"
)
NOT_THEN = "“{words}”本来就没有，或者去掉就没有了，没有动。"
BY_DAYS = ("daily", "weekly")
EVERY: Mapping[str, str] = {"weekly": "每", "monthly": "每月", "yearly": "每年"}
"""What makes of a day the day of a rule of each kind: 每 of 周三, 每月 of 5号."""


def move_hour(wish: ReminderDraft, hour: str, now: datetime) -> ReminderDraft | None:
    """Let a wish keep its days and come at another hour; None where that is unclear."""
    if wish.once_at is not None:
        day = wish.once_at.astimezone(now.tzinfo)
        written = f"{day:%Y}年{day.month}月{day.day}日"
        when = read_when(f"{written}{hour}", now)
        if when.unclear:  # 十点半, of what was at nine in the morning
            when = read_when(f"{written}{half_of(day)}{hour}", now)
        if when.unclear:
            return None
        moment = when.next[0]
        counted = wish.reckoned and replace(wish.reckoned, at=moment.time())
        same = counted and counted.moment(now.tzinfo) == moment
        reckoned = counted if same else None
        return replace(wish, once_at=moment, reckoned=reckoned, note="")
    when = read_when(f"每天{hour}", now)
    if when.unclear and wish.rule is not None and wish.rule.at is not None:
        then = datetime.combine(now.date(), wish.rule.at, now.tzinfo)
        when = read_when(f"每天{half_of(then)}{hour}", now)
    if wish.rule is None or when.rule is None or when.rule.shift:
        return None
    note = "；".join(when.assumed)
    return replace(wish, rule=replace(wish.rule, at=when.rule.at), note=note)


def move_day(wish: ReminderDraft, words: str, now: datetime) -> ReminderDraft | None:
    """Let a wish come on another day and recur as it did, at its hour if none is said.

    None where the words say more than that.
    """
    if wish.once_at is not None:
        when, hour = read_when(words, now), wish.once_at.astimezone(now.tzinfo).time()
        day_only = when.date_only or keeps_hour(words, hour)
        if when.unclear or when.deadline or when.recurring or not day_only:
            return None
        moved = when.next[0].replace(hour=hour.hour, minute=hour.minute)
        return replace(wish, once_at=moved, reckoned=None, note="")
    rule = wish.rule
    when = _read_as(rule.kind, words, now) if rule else When()
    if rule is None or when.rule is None or when.unclear:
        return None
    same = when.date_only or keeps_hour(words, rule.at)
    at = rule.at if same else when.rule.at
    interval = rule.interval if when.rule.kind == rule.kind else when.rule.interval
    moved_rule = replace(when.rule, at=at, interval=interval, until=rule.until)
    if interval > 1:
        moved_rule = replace(moved_rule, anchor=rule.anchor)
    note = "" if same else "；".join(when.assumed)
    return replace(wish, rule=moved_rule, note=note)


def _read_as(kind: str, words: str, now: datetime) -> When:
    """Read a bare day as one of a rule of that kind, else as it is said."""
    when = read_when(f"{EVERY.get(kind, '')}{words}", now)
    same = when.rule is not None and when.rule.kind == kind and not when.unclear
    return when if same else read_when(words, now)


def shift(wish: ReminderDraft, by: timedelta, now: datetime) -> ReminderDraft:
    """Let a wish come so much later.

    Raises Refusal where it would leave the days on which it recurs.
    """
    if wish.once_at is not None:
        moved = wish.once_at.astimezone(now.tzinfo) + by
        return replace(wish, once_at=moved, reckoned=None, note="")
    if wish.rule is None or wish.rule.at is None:
        raise Refusal(NOT_SHIFTED)
    then = datetime.combine(now.date(), wish.rule.at, now.tzinfo)
    if (then + by).date() != then.date():
        raise Refusal(NOT_SHIFTED)
    return replace(wish, rule=replace(wish.rule, at=(then + by).time()), note="")


def leave_days_out(wish: ReminderDraft, words: str, now: datetime) -> ReminderDraft:
    """Let a wish recur on its days but for those: every day, and 周五不用.

    Raises Refusal where it does not recur by days of the week, or never comes then.
    """
    rule = wish.rule
    gone = read_when(f"每{words.removeprefix('每')}", now).rule
    if rule is None or not recurs_by_days(wish):
        raise Refusal(NOT_BY_DAYS)
    if gone is None or not gone.weekdays:
        raise Refusal(JUST_ONCE)
    days = rule.weekdays if rule.kind == "weekly" else tuple(range(7))
    left = tuple(day for day in days if day not in gone.weekdays)
    if left == days or not left:
        raise Refusal(NOT_THEN.format(words=words))
    weekly = replace(rule, kind="weekly", weekdays=left)
    return replace(wish, rule=weekly, note="")


def recurs_by_days(wish: ReminderDraft) -> bool:
    rule = wish.rule
    every = rule is not None and (rule.kind == "weekly" or rule.interval == 1)
    return rule is not None and rule.kind in BY_DAYS and every


def set_time(wish: ReminderDraft, when: When) -> ReminderDraft:
    """Give a wish the time that was read, unless it is unclear or a limit."""
    if when.unclear or when.deadline:
        return wish
    once_at = None if when.recurring else when.next[0]
    note = "；".join(when.assumed)
    return replace(
        wish, rule=when.rule, once_at=once_at, reckoned=when.reckoned, note=note
    )
